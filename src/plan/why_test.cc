// The answers of `jobctl why`, as testdata/why.txt tells them.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "json/codec.h"
#include "plan/explain.h"

namespace mainspring::plan {
namespace {

constexpr const char* kFile = "src/plan/testdata/why.txt";
constexpr std::size_t kFewest = 45;

struct Situation {
  std::string title;
  std::string facts;  // YAML
  std::string answer;
};

struct Corpus {
  std::string preface;
  std::vector<Situation> situations;
};

Corpus read_corpus() {
  std::ifstream file{kFile};
  REQUIRE_MESSAGE(file.good(), "run from the root of the project: cannot read " << kFile);
  Corpus corpus;
  bool is_answer = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("== ")) {
      corpus.situations.push_back({line.substr(3), {}, {}});
      is_answer = false;
    } else if (corpus.situations.empty()) {
      corpus.preface += line + "\n";
    } else if (line == "--") {
      is_answer = true;
    } else if (!line.empty()) {
      Situation& situation = corpus.situations.back();
      (is_answer ? situation.answer : situation.facts) += line + "\n";
    }
  }
  return corpus;
}

std::string to_text(const Corpus& corpus) {
  std::string text = corpus.preface;
  for (const Situation& situation : corpus.situations) {
    if (&situation != &corpus.situations.front()) text += "\n";
    text += "== " + situation.title + "\n" + situation.facts + "--\n" + situation.answer;
  }
  return text;
}

// "run_7" <-> "run_00000000000000000000000000000007"
std::string with_long_ids(const std::string& text) {
  static const std::regex short_id{R"(\b(run|job|op)_([0-9])\b)"};
  return std::regex_replace(text, short_id, "$1_" + std::string(31, '0') + "$2");
}
std::string with_short_ids(const std::string& text) {
  static const std::regex long_id{R"(\b(run|job|op)_0{31}([0-9]))"};
  return std::regex_replace(text, long_id, "$1_$2");
}

// The facts laid over what is there without them.
void lay_over(json::Value& below, const json::Value& facts) {
  const auto* object = facts.if_object();
  if (object == nullptr || !below.is_object()) {
    below = facts;
    return;
  }
  for (const auto& member : *object)
    lay_over(below.get_object()[member.key()], member.value());
}

template <class T>
T read(const json::Value& facts) {
  json::Value value = json::encode(T{});
  lay_over(value, facts);
  auto decoded = json::decode<T>(value);
  std::string problems;
  if (!decoded)
    for (const base::Problem& problem : decoded.error().problems)
      problems += problem.pointer + ": " + problem.message + "\n";
  REQUIRE_MESSAGE(decoded.has_value(), problems);
  return std::move(*decoded);
}

// The elements of a list are complete, each over its own defaults.
template <class T>
std::vector<T> read_list(const json::Object& facts, const char* key) {
  std::vector<T> list;
  if (const auto* value = facts.if_contains(key))
    for (const json::Value& element : value->as_array())
      list.push_back(read<T>(element));
  return list;
}

template <class T>
std::optional<T> read_one(const json::Object& facts, const char* key) {
  const auto* value = facts.if_contains(key);
  if (value == nullptr) return std::nullopt;
  return read<T>(*value);
}

std::optional<model::Run> read_run(const json::Object& facts) {
  const auto* value = facts.if_contains("run");
  if (value == nullptr) return std::nullopt;
  json::Object rest = value->as_object();
  const std::vector<model::Attempt> attempts = read_list<model::Attempt>(rest, "attempts");
  rest.erase("attempts");
  auto run = read<model::Run>(json::Value(rest));
  run.attempts = attempts;
  return run;
}

base::Instant read_instant(const json::Object& facts, const char* key) {
  const auto* value = facts.if_contains(key);
  if (value == nullptr) return base::parse_instant("2026-01-01T10:00:00Z").value();
  return base::parse_instant(std::string(value->as_string())).value();
}

base::Duration read_duration(const json::Value& value) {
  return base::parse_duration(std::string(value.as_string())).value();
}

// All that the facts of one situation hold; the Facts point into it.
struct Known {
  explicit Known(const json::Object& facts)
      : schedule(read_one<model::Schedule>(facts, "schedule")),
        schedules(read_list<model::Schedule>(facts, "schedules")),
        occurrence(read_one<model::Occurrence>(facts, "occurrence")),
        fire(read_one<model::Occurrence>(facts, "fire")),
        run(read_run(facts)),
        job(read_one<model::Job>(facts, "job")),
        replaced_by(read_one<model::JobVersion>(facts, "replaced_by")),
        obstacles(read_list<model::Obstacle>(facts, "obstacles")),
        expect(read_one<model::ExpectSpec>(facts, "expect")),
        now(read_instant(facts, "now")) {
    if (job)
      for (model::Schedule& each : schedules)
        each.job = job->spec.name;
    if (const auto* value = facts.if_contains("slots"))
      slots = {value->at("busy").to_number<int>(), value->at("all").to_number<int>()};
    if (const auto* value = facts.if_contains("typical"))
      typical = model::TypicalRun{read_duration(*value), 20};
    if (facts.contains("success_since"))
      watch =
          model::SuccessWatch{expect.value().every.value(), read_instant(facts, "success_since")};
  }

  Facts facts() const {
    Facts facts{.now = now, .slots = slots};
    if (schedule) facts.schedule = &*schedule;
    if (replaced_by) facts.replaced_by = &*replaced_by;
    if (fire) facts.occurrence = &*fire;
    if (run) facts.run = &*run;
    facts.obstacles = obstacles;
    if (expect) facts.expect = &*expect;
    facts.typical = typical;
    facts.watch = watch;
    return facts;
  }

  std::optional<model::Schedule> schedule;
  std::vector<model::Schedule> schedules;
  std::optional<model::Occurrence> occurrence;
  std::optional<model::Occurrence> fire;
  std::optional<model::Run> run;
  std::optional<model::Job> job;
  std::optional<model::JobVersion> replaced_by;
  std::vector<model::Obstacle> obstacles;
  std::optional<model::ExpectSpec> expect;
  std::optional<model::TypicalRun> typical;
  std::optional<model::SuccessWatch> watch;
  base::Instant now;
  SlotUse slots;
};

Lines ask(const json::Object& facts) {
  const Known known(facts);
  const std::string question{facts.at("ask").as_string()};
  if (question == "occurrence") return explain(known.occurrence.value(), known.facts());
  if (question == "run") return explain_run(known.run.value(), known.facts());
  if (question == "job") return explain_job(known.job.value(), known.schedules, known.facts());
  REQUIRE(question == "missing");
  return {explain_missing(known.schedules, read_instant(facts, "at"))};
}

std::string answer_to(const Situation& situation) {
  const auto documents = json::parse_yaml(with_long_ids(situation.facts));
  REQUIRE_MESSAGE(documents.has_value(), documents.error().message);
  std::string answer;
  for (const std::string& line : ask(documents->front().value.as_object()))
    answer += line + "\n";
  return with_short_ids(answer);
}

TEST_CASE("every situation has the answer that the corpus gives") {
  Corpus corpus = read_corpus();
  CHECK(corpus.situations.size() >= kFewest);
  bool has_changed = false;
  for (Situation& situation : corpus.situations) {
    CAPTURE(situation.title);
    const std::string answer = answer_to(situation);
    CHECK(situation.answer == answer);
    has_changed = has_changed || situation.answer != answer;
    situation.answer = answer;
  }
  if (!has_changed) return;
  const auto copy = std::filesystem::temp_directory_path() / "why.txt";
  std::ofstream(copy) << to_text(corpus);
  FAIL_CHECK("answers have changed; read the difference, then: cp " << copy.string() << " "
                                                                    << std::string(kFile));
}

TEST_CASE("no answer says the same thing twice") {
  for (const Situation& situation : read_corpus().situations) {
    CAPTURE(situation.title);
    std::vector<std::string> parts;
    static const std::regex mark{R"([;\n]| \(|\)|: )"};
    const std::string& text = situation.answer;
    for (std::sregex_token_iterator part{text.begin(), text.end(), mark, -1}, end; part != end;
         ++part) {
      const std::string words = part->str();
      if (words.size() < 12) continue;  // a job, a run, an instant
      CHECK_MESSAGE(std::ranges::count(parts, words) == 0, words);
      parts.push_back(words);
    }
  }
}

}  // namespace
}  // namespace mainspring::plan
