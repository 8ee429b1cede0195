// What a benchmark prints: one row of figures as a line of JSON. figures.py says what the keys
// mean, run.py judges them. Also what every benchmark needs: a directory, threads, a stopwatch.
#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>

namespace mainspring::bench {

struct Row {
  std::string name;  // plain ASCII without quotes
  std::string unit;
  std::vector<double> ours;
  std::string comparison = {};  // empty: none
  std::vector<double> theirs = {};
  std::string bar = {};  // JSON, such as ["ratio", 0.5]; empty: none
};

inline void print(const Row& row) {
  fmt::print(R"({{"name": "{}", "unit": "{}", "ours": {}, "comparison": {}, "theirs": {}, )"
             R"("bar": {}}})"
             "\n",
             row.name, row.unit, row.ours,
             row.comparison.empty() ? "null" : fmt::format("\"{}\"", row.comparison), row.theirs,
             row.bar.empty() ? "null" : row.bar);
  std::fflush(stdout);
}

// A directory in TMPDIR, gone when the benchmark ends.
class Directory {
 public:
  Directory() {
    path_ = (std::filesystem::temp_directory_path() / "mainspring-bench-XXXXXX").string();
    if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("cannot make " + path_);
  }
  ~Directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  std::string file(std::string_view name) const { return fmt::format("{}/{}", path_, name); }

 private:
  std::string path_;
};

struct Load {
  int threads = 1;
  std::chrono::milliseconds time{1'000};
};

// Operations per second of wall time, and per second of processor time of this process: on a busy
// machine the second says more.
struct Rate {
  double wall = 0;
  double processor = 0;
};

inline double processor_seconds() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

// Calls `step` from that many threads until the time is over, and adds up what the calls return.
template <class Step>
Rate measure_rate(const Load& load, Step step) {
  std::vector<double> done(static_cast<std::size_t>(load.threads));
  const auto began = std::chrono::steady_clock::now();
  const double used = processor_seconds();
  {
    std::vector<std::jthread> threads;
    for (double& mine : done) {
      threads.emplace_back([&mine, &step, until = began + load.time] {
        double count = 0;
        while (std::chrono::steady_clock::now() < until)
          count += static_cast<double>(step());
        mine = count;
      });
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  double sum = 0;
  for (const double mine : done)
    sum += mine;
  return {sum / took.count(), sum / (processor_seconds() - used)};
}

// The same rounds twice: per second, which the bar is about, and per second of processor time.
struct Rounds {
  std::string name;
  std::string comparison;
  std::vector<Rate> ours = {};
  std::vector<Rate> theirs = {};
};

inline void print(const Rounds& rounds, const std::string& bar) {
  Row wall{.name = rounds.name, .unit = "/s", .ours = {}, .comparison = rounds.comparison};
  wall.bar = bar;
  Row processor = wall;
  processor.name += ", by processor time";
  processor.bar.clear();
  for (std::size_t i = 0; i < rounds.ours.size(); ++i) {
    wall.ours.push_back(rounds.ours[i].wall);
    wall.theirs.push_back(rounds.theirs[i].wall);
    processor.ours.push_back(rounds.ours[i].processor);
    processor.theirs.push_back(rounds.theirs[i].processor);
  }
  print(wall);
  print(processor);
}

}  // namespace mainspring::bench
