#include "model/manifest.h"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/core.h>

#include "json/codec.h"
#include "model/aliases.h"
#include "model/names.h"
#include "model/validate.h"

namespace mainspring::model {
namespace {

using base::Problem;
using json::Document;
using json::Part;
using json::Position;

// One job's document, and where it stands in the text.
struct Source {
  Document document;
  std::string prefix;     // of its pointers in the text: "/items/3" in a JSON list
  std::string_view text;  // "" when only the tree is at hand
};

struct Reading {
  JobSpec spec;
  std::vector<Problem> problems;
  Position name;
};

// The byte at which a place of the text begins.
std::size_t offset_of(std::string_view text, Position place) {
  std::size_t at = 0;
  for (int line = 1; line < place.line; ++line) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
  const auto is_first_byte = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  for (int column = 1; column < place.column && at < text.size(); ++column) {
    ++at;
    while (at < text.size() && !is_first_byte(text[at]))
      ++at;
  }
  return at;
}

// The place of a character inside a string value, where the text shows the string as it is; else
// the place of the value.
Position inside(const Source& source, Position value, std::string_view before) {
  if (source.text.empty() || value.line == 0) return value;
  std::size_t at = offset_of(source.text, value);
  const bool is_quoted =
      at < source.text.size() && (source.text[at] == '"' || source.text[at] == '\'');
  if (is_quoted) ++at;
  if (source.text.substr(at, before.size()) != before) return value;
  return {value.line, value.column + (is_quoted ? 1 : 0) + static_cast<int>(before.size())};
}

bool lies_within(std::string_view pointer, std::string_view outer) {
  return !outer.empty() && pointer.starts_with(outer) &&
         (pointer.size() == outer.size() || pointer[outer.size()] == '/');
}

// A place that could not be decoded breaks further rules as well; saying so helps nobody.
bool is_consequence(const Mistake& mistake, const std::vector<Problem>& decoding) {
  return std::ranges::any_of(decoding, [&](const Problem& problem) {
    return lies_within(mistake.pointer, problem.pointer) ||
           lies_within(problem.pointer, mistake.pointer);
  });
}

class JobReader {
 public:
  explicit JobReader(const Source& source) : source_(source) {}

  Reading run() {
    const json::Value& value = source_.document.value;
    if (!value.is_object()) {
      const Position at = source_.document.locate(source_.prefix);
      problem({"", at.line, at.column, "expected a job, which is a map of keys", ""});
      return std::move(reading_);
    }
    resolved_ = resolve_aliases(source_.document, source_.prefix);
    decode();
    for (const Mistake& mistake : resolved_.mistakes) {
      const Position at = source_.document.locate(source_.prefix + mistake.pointer, mistake.part);
      problem({mistake.pointer, at.line, at.column, mistake.message, mistake.suggestion});
    }
    std::ranges::sort(reading_.problems, {}, [](const Problem& found) {
      return std::tie(found.line, found.column, found.pointer, found.message);
    });
    reading_.name = resolved_.document.locate("/name");
    return std::move(reading_);
  }

 private:
  void decode() {
    json::Reader reader(json::Audience::outside);
    reader.read(resolved_.document.value, reading_.spec);
    const auto decoding = reader.error(&resolved_.document).problems;
    const json::Object& document = resolved_.document.value.get_object();
    for (Problem found : decoding) {
      if (found.pointer == "/name" && document.at("name").is_string())
        found.suggestion = correct_name(document.at("name").get_string());
      found.pointer = resolved_.moves->original(found.pointer);
      problem(std::move(found));
    }
    for (const Mistake& mistake : find_mistakes(reading_.spec, document))
      if (!is_consequence(mistake, decoding) && !is_resolved_badly(mistake)) place(mistake);
  }

  // An alias that was wrong leaves no canonical value: "command is missing" beside a wrong `args`.
  bool is_resolved_badly(const Mistake& mistake) const {
    if (!mistake.pointer.empty()) return false;
    return std::ranges::any_of(resolved_.mistakes,
                               [](const Mistake& alias) { return alias.pointer == "/args"; });
  }

  void place(const Mistake& mistake) {
    Position at = resolved_.document.locate(mistake.pointer, mistake.part);
    if (mistake.column_in_text > 0) {
      const std::string text = text_value(mistake.pointer);
      at = inside(source_, at, std::string_view(text).substr(0, mistake.column_in_text - 1));
    }
    problem({resolved_.moves->original(mistake.pointer), at.line, at.column, mistake.message,
             mistake.suggestion});
  }

  std::string text_value(std::string_view pointer) const {
    boost::system::error_code error;
    const json::Value* value = resolved_.document.value.find_pointer(pointer, error);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
  }

  void problem(Problem found) { reading_.problems.push_back(std::move(found)); }

  const Source& source_;
  Resolved resolved_;
  Reading reading_;
};

base::Error mistakes_error(std::vector<Problem> problems) {
  const bool is_cut = problems.size() > json::kMaxProblems;
  if (is_cut) problems.resize(json::kMaxProblems);
  std::string message = problems.size() == 1
                            ? "the manifest has 1 mistake"
                            : fmt::format("the manifest has {}{} mistakes",
                                          is_cut ? "more than " : "", problems.size());
  return {base::Code::invalid_argument, std::move(message), std::move(problems)};
}

// Splits a list, or {"items": [...]}, into its jobs.
void add_sources(const Document& document, std::string_view text, std::vector<Source>& out) {
  const json::Value* list = &document.value;
  std::string prefix;
  if (const auto* object = document.value.if_object(); object && object->size() == 1) {
    const json::Value* items = object->if_contains("items");
    if (items != nullptr && items->is_array()) {
      list = items;
      prefix = "/items";
    }
  }
  if (!list->is_array()) {
    if (!list->is_null()) out.push_back({document, "", text});
    return;
  }
  for (std::size_t i = 0; i < list->get_array().size(); ++i)
    out.push_back({{list->get_array()[i], document.source}, fmt::format("{}/{}", prefix, i), text});
}

base::Result<std::vector<Source>> load_sources(std::string_view text, ManifestFormat format) {
  // Many small documents have many nodes; this many still take a few hundred megabytes at most.
  constexpr std::size_t kNodes = 1'000'000;
  json::ParseLimits limits{.max_bytes = kManifestLimit, .max_nodes = kNodes};
  limits.max_documents = kManifestDocuments;
  std::vector<Source> sources;
  if (format == ManifestFormat::json) {
    auto document = json::parse_json(text, limits);
    if (!document) return base::fail(std::move(document.error()));
    add_sources(*document, text, sources);
  } else {
    auto documents = json::parse_yaml(text, limits);
    if (!documents) return base::fail(std::move(documents.error()));
    for (const Document& document : *documents)
      add_sources(document, text, sources);
  }
  if (sources.empty())
    return base::fail(base::Code::invalid_argument,
                      "the manifest holds no job; the smallest is two lines: name: hello, and "
                      "command: [\"/bin/echo\", \"hello\"]");
  if (sources.size() > kManifestDocuments)
    return base::fail(base::Code::too_large,
                      fmt::format("the manifest holds {} jobs; at most {} are allowed",
                                  sources.size(), kManifestDocuments));
  return sources;
}

// Names taken so far, with the place of the first use.
class Names {
 public:
  void check(Reading& reading) {
    if (reading.spec.name.empty()) return;
    const auto [entry, is_new] = places_.try_emplace(reading.spec.name, reading.name);
    if (is_new) return;
    const std::string where = entry->second.line == 0
                                  ? "an earlier job"
                                  : fmt::format("the job on line {}", entry->second.line);
    reading.problems.push_back({"/name", reading.name.line, reading.name.column,
                                fmt::format("{} has this name too; names are unique", where), ""});
  }

 private:
  std::map<std::string, Position> places_;
};

}  // namespace

base::Result<std::vector<JobSpec>> parse_manifest(std::string_view text, ManifestFormat format) {
  auto sources = load_sources(text, format);
  if (!sources) return base::fail(std::move(sources.error()));
  std::vector<JobSpec> specs;
  std::vector<Problem> problems;
  Names names;
  for (std::size_t i = 0; i < sources->size() && problems.size() <= json::kMaxProblems; ++i) {
    Reading reading = JobReader((*sources)[i]).run();
    names.check(reading);
    for (Problem& problem : reading.problems) {
      if (sources->size() > 1) problem.pointer = fmt::format("/{}{}", i, problem.pointer);
      problems.push_back(std::move(problem));
    }
    specs.push_back(std::move(reading.spec));
  }
  if (!problems.empty()) return base::fail(mistakes_error(std::move(problems)));
  return specs;
}

base::Result<JobSpec> read_job(const json::Document& document) {
  const Source source{document, "", ""};
  Reading reading = JobReader(source).run();
  if (!reading.problems.empty()) return base::fail(mistakes_error(std::move(reading.problems)));
  return std::move(reading.spec);
}

}  // namespace mainspring::model
