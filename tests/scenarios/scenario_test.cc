// Plays every *.scenario of this directory and compares what comes out with what stands there.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <fmt/core.h>

#include "model/job.h"
#include "model/occurrence.h"
#include "scenarios/script.h"

namespace mainspring::scenarios {
namespace {

const std::filesystem::path kHere = "tests/scenarios";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), "run from the root of the project: cannot read " << path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::filesystem::path> files() {
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::directory_iterator(kHere))
    if (entry.path().extension() == ".scenario") out.push_back(entry.path());
  std::ranges::sort(out);
  return out;
}

// The file with the sections as they came out.
class Answer {
 public:
  explicit Answer(std::string text) : text_(std::move(text)) {}

  void put(const Script& script, const std::vector<Section>& found) {
    const std::size_t title = text_.find("#### " + script.title + "\n");
    const std::size_t from = text_.find("---- ", title);
    const std::size_t to = std::min(text_.find("#### ", from), text_.size());
    const bool is_last = to == text_.size();
    text_.replace(from, to - from, to_text(found) + (is_last ? "" : "\n"));
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

TEST_CASE("every scenario ends as its file says") {
  for (const auto& path : files()) {
    const std::string text = read_file(path);
    Answer answer(text);
    for (const Script& script : parse_scripts(text)) {
      CAPTURE(path.filename().string());
      CAPTURE(script.title);
      const auto found = play(script, 0);
      CHECK_EQ(to_text(script.expected), to_text(found));
      answer.put(script, found);
    }
    if (answer.text() == text) continue;
    const auto copy = std::filesystem::temp_directory_path() / path.filename();
    std::ofstream(copy, std::ios::binary) << answer.text();
    MESSAGE("if the new endings are right: cp " << copy.string() << " " << path.string());
  }
}

TEST_CASE("a scenario ends the same when scheduler and store are restarted all the time") {
  for (const auto& path : files()) {
    for (const Script& script : parse_scripts(read_file(path))) {
      if (script.counts_starts) continue;
      for (const int every : {13, 101}) {
        CAPTURE(path.filename().string());
        CAPTURE(script.title);
        CHECK_EQ(to_text(script.expected), to_text(play(script, every)));
      }
    }
  }
}

// What the scenarios show: the endings in their ledgers, and the manifests they apply.
struct Shown {
  std::set<std::string> endings;
  std::string manifests;
};

Shown read_shown() {
  Shown out;
  for (const auto& path : files()) {
    for (const Script& script : parse_scripts(read_file(path))) {
      for (const Step& step : script.steps)
        if (step.verb == "apply") out.manifests += step.body;
      for (const Section& section : script.expected) {
        if (!section.heading.starts_with("ledger ")) continue;
        std::istringstream lines(section.text);
        for (std::string date, time, ending, rest; lines >> date >> time >> ending;
             std::getline(lines, rest))
          out.endings.insert(ending.substr(0, ending.find(':')));
      }
    }
  }
  return out;
}

TEST_CASE("every ending and every overlap and misfire policy has a scenario") {
  const Shown shown = read_shown();
  for (const auto& row : model::described(model::Ending{}).rows)
    CHECK_MESSAGE(shown.endings.contains(std::string(row.name)), row.name);
  for (const auto& row : model::described(model::Overlap{}).rows)
    CHECK_MESSAGE(shown.manifests.contains(fmt::format("overlap: {}", row.name)), row.name);
  for (const auto& row : model::described(model::Misfire{}).rows)
    CHECK_MESSAGE(shown.manifests.contains(fmt::format("misfire: {}", row.name)), row.name);
}

}  // namespace
}  // namespace mainspring::scenarios
