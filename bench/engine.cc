// The engine as a library: durable adds and whole lives of runs that do nothing, beside the least
// that such writing can cost on the same file system.
//
// Usage: bench_engine [--quick] [FILTER]: only what has FILTER in its name
#include <span>
#include <string_view>

#include "bare.h"
#include "engine.h"
#include "figures.h"
#include "json/codec.h"
#include "sqlite/store.h"

namespace mainspring::bench {
namespace {

using namespace std::chrono_literals;

constexpr int kCallers = 64;
constexpr std::int64_t kBatch = 100;

std::unique_ptr<store::Store> open(const std::string& path) {
  return taken(sqlite::open({.path = path}));
}

struct Time {
  int rounds = 7;
  std::chrono::milliseconds round{1'500};
  std::string_view filter;  // a part of the name
};

constexpr const char* kBar = R"(["ratio", 0.5])";

void measure_adds(const Time& time) {
  const std::string name = fmt::format("durable adds one by one, {} callers", kCallers);
  if (!name.contains(time.filter)) return;
  const Directory directory;
  Engine engine(open(directory.file("store.db")));
  AppendLog log(directory.file("log"));
  const std::string bytes = json::write(json::encode(engine.submission(1), json::Audience::self));
  Rounds rounds{name, fmt::format("group-commit appends of {} bytes", bytes.size())};
  const Load load{kCallers, time.round};
  for (int i = 0; i < time.rounds; ++i) {
    rounds.ours.push_back(measure_rate(load, [&engine] {
      engine.submit(1);
      return 1;
    }));
    rounds.theirs.push_back(measure_rate(load, [&] {
      log.append(bytes);
      return 1;
    }));
  }
  print(rounds, kBar);
}

struct Lives {
  std::string name;
  int callers = 1;
  std::int64_t each = 1;  // runs in a command
};

void measure_lives(const Time& time, const Lives& lives) {
  if (!lives.name.contains(time.filter)) return;
  const Directory directory;
  Engine engine(open(directory.file("store.db")));
  {
    const Engine made(open(directory.file("bare.db")));
  }
  BareStore bare(directory.file("bare.db"));
  const auto group = static_cast<int>(lives.callers * lives.each);
  Rounds rounds{lives.name, fmt::format("bare SQLite, {} in a transaction", group)};
  for (int i = 0; i < time.rounds; ++i) {
    const auto live = [&] { return engine.live(lives.each); };
    rounds.ours.push_back(measure_rate({lives.callers, time.round}, live));
    rounds.theirs.push_back(measure_rate({1, time.round}, [&] {
      bare.live(group);
      return group;
    }));
  }
  print(rounds, kBar);
}

}  // namespace
}  // namespace mainspring::bench

int main(int argc, char** argv) {
  using namespace mainspring::bench;
  Time time;
  for (const std::string_view word : std::span(argv, static_cast<std::size_t>(argc)).subspan(1)) {
    if (word == "--quick") {
      time.rounds = 1;
      time.round = 100ms;
    } else if (!word.starts_with("--")) {
      time.filter = word;
    }
  }
  measure_adds(time);
  measure_lives(time, {"whole life, one by one, 64 callers", kCallers, 1});
  measure_lives(time, {"whole life, one by one, one caller", 1, 1});
  measure_lives(time, {"whole life, in batches of 100", 1, kBatch});
}
