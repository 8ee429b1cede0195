#include "model/manifest.h"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/core.h>

#include "json/codec.h"
#include "json/source_map.h"
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
    if (!source_.document.value.is_object()) {
      pending_.push_back({"", Part::value, "expected a job, which is a map of keys"});
    } else {
      resolved_ = resolve_aliases(source_.document, source_.prefix);
      decode();
    }
    place_pending();
    return std::move(reading_);
  }

 private:
  void decode() {
    json::Reader reader(json::Audience::outside);
    reader.read(resolved_.document.value, reading_.spec);
    const auto decoding = reader.error(&resolved_.document).problems;
    for (Problem found : decoding) {
      if (found.pointer == "/name" || found.pointer == "/queue")
        found.suggestion = correct_name(text_value(found.pointer));
      found.pointer = resolved_.moves->original(found.pointer);
      reading_.problems.push_back(std::move(found));
    }
    pending_ = resolved_.mistakes;
    const json::Object& document = resolved_.document.value.get_object();
    for (Mistake& mistake : find_mistakes(reading_.spec, document)) {
      if (is_consequence(mistake, decoding) || is_doubtful(mistake, decoding)) continue;
      if (pending_.size() > json::kMaxProblems) break;
      if (mistake.column_in_text > 0) texts_[pending_.size()] = text_value(mistake.pointer);
      mistake.pointer = resolved_.moves->original(mistake.pointer);
      pending_.push_back(std::move(mistake));
    }
  }

  // Whether a command is missing cannot be said beside a wrong `type` or `args`.
  bool is_doubtful(const Mistake& mistake, const std::vector<Problem>& decoding) const {
    if (!mistake.pointer.empty()) return false;
    const auto is_at = [](std::string_view place) {
      return [place](const auto& found) { return found.pointer == place; };
    };
    return std::ranges::any_of(resolved_.mistakes, is_at("/args")) ||
           std::ranges::any_of(decoding, is_at("/type"));
  }

  std::string text_value(std::string_view pointer) const {
    boost::system::error_code error;
    const json::Value* value = resolved_.document.value.find_pointer(pointer, error);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
  }

  // Finding places costs a walk over the whole text: one for all of them.
  void place_pending() {
    if (pending_.size() > json::kMaxProblems) pending_.resize(json::kMaxProblems + 1);
    std::vector<json::SourceMap::Query> queries;
    for (const Mistake& mistake : pending_)
      queries.push_back({source_.prefix + mistake.pointer, mistake.part});
    if (source_.document.source != nullptr && !queries.empty())
      source_.document.source->locate(queries);
    for (std::size_t i = 0; i < pending_.size(); ++i) {
      Mistake& mistake = pending_[i];
      Position at = queries[i].found;
      if (mistake.column_in_text > 0)
        at = inside(source_, at, texts_[i].substr(0, mistake.column_in_text - 1));
      reading_.problems.push_back({std::move(mistake.pointer), at.line, at.column,
                                   std::move(mistake.message), std::move(mistake.suggestion)});
    }
  }

  const Source& source_;
  Resolved resolved_;
  std::vector<Mistake> pending_;              // pointers into the user's document
  std::map<std::size_t, std::string> texts_;  // of pending ones that point into a text
  Reading reading_;
};

base::Error mistakes_error(std::vector<Problem> problems) {
  std::ranges::sort(problems, {}, [](const Problem& found) {
    return std::tie(found.line, found.column, found.pointer, found.message);
  });
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

// Names taken so far, with the source of the first use.
class Names {
 public:
  void check(const Source& source, Reading& reading) {
    if (reading.spec.name.empty()) return;
    const auto [entry, is_new] = users_.try_emplace(reading.spec.name, &source);
    if (is_new) return;
    const Position first = place_of(*entry->second);
    const Position at = place_of(source);
    reading.problems.push_back(
        {"/name", at.line, at.column,
         fmt::format("the job on line {} has this name too; names are unique", first.line), ""});
  }

 private:
  static Position place_of(const Source& source) {
    return source.document.locate(source.prefix + "/name");
  }

  std::map<std::string, const Source*> users_;
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
    names.check((*sources)[i], reading);
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
