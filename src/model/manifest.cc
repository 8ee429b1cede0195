#include "model/manifest.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include <fmt/core.h>

#include "base/text.h"
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
  std::string prefix;      // of its pointers in the text: "/items/3" in a JSON list
  std::string_view text;   // "" when only the tree is at hand
  std::string label = {};  // of its pointers in messages: "/3" where there are several jobs
};

// A mistake of one source, not yet placed; pointers are into the user's document.
struct Found {
  const Source* source = nullptr;
  Mistake mistake;
  std::string text;                  // that mistake.in_text counts in
  const Source* namesake = nullptr;  // whose name it repeats
};

bool is_first_byte(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// The byte at which a place of the text begins.
std::size_t offset_of(std::string_view text, Position place) {
  std::size_t at = 0;
  for (int line = 1; line < place.line; ++line) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
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
  if (before.contains('\n') || source.text.substr(at, before.size()) != before) return value;
  const auto characters = std::ranges::count_if(before, is_first_byte);
  return {value.line, value.column + (is_quoted ? 1 : 0) + static_cast<int>(characters)};
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

// Says which part of a member a mistake is about, in place of a line: places are looked up later,
// all at once, because each look-up walks over the whole text.
class PartRecorder : public json::SourceMap {
 public:
  void locate(std::span<Query> queries) const override {
    for (Query& query : queries)
      query.found.line = static_cast<int>(query.part);
  }
};

json::Object without_kind(const json::Object& document) {
  json::Object out = document;
  out.erase("kind");
  return out;
}

// "" where the pointer names no text.
std::string text_in(const json::Value& document, std::string_view pointer) {
  boost::system::error_code error;
  const json::Value* value = document.find_pointer(pointer, error);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

class JobReader {
 public:
  JobReader(const Source& source, std::vector<Found>& found) : source_(source), found_(found) {}

  JobSpec run() {
    if (!source_.document.value.is_object()) {
      add({"", Part::value,
           "expected a job, which is a map of keys such as name: hello; ':' needs a blank behind "
           "it"});
      return {};
    }
    resolved_ = resolve_aliases(without_kind(source_.document.value.get_object()));
    JobSpec spec;
    const std::vector<Problem> decoding = decode(spec);
    for (const Mistake& mistake : resolved_.mistakes)
      add(mistake);
    for (Mistake& mistake : find_mistakes(spec, resolved_.document.get_object())) {
      if (found_.size() > json::kMaxProblems) break;
      if (is_consequence(mistake, decoding) || is_doubtful(mistake, decoding)) continue;
      std::string text =
          mistake.in_text.line > 0 ? text_in(resolved_.document, mistake.pointer) : std::string();
      mistake.pointer = resolved_.moves.original(mistake.pointer);
      add(std::move(mistake), std::move(text));
    }
    give_type_defaults(spec);
    return spec;
  }

 private:
  std::vector<Problem> decode(JobSpec& spec) {
    json::Reader reader(json::Audience::outside);
    reader.read(resolved_.document, spec);
    if (reader.problem_count() == 0) return {};
    const json::Document document{resolved_.document, std::make_shared<PartRecorder>()};
    std::vector<Problem> decoding = reader.error(&document).problems;
    for (const Problem& problem : decoding) {
      const bool is_name = problem.pointer == "/name" || problem.pointer == "/queue";
      add({resolved_.moves.original(problem.pointer), Part{static_cast<std::uint8_t>(problem.line)},
           problem.message,
           is_name ? correct_name(text_in(resolved_.document, problem.pointer))
                   : problem.suggestion});
    }
    return decoding;
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

  void add(Mistake mistake, std::string text = {}) {
    found_.push_back({&source_, std::move(mistake), std::move(text)});
  }

  const Source& source_;
  std::vector<Found>& found_;
  Resolved resolved_;
};

constexpr std::array<std::string_view, 4> kKinds{"job", "queue", "calendar", "connection"};

// The kind that the document says, "job" when it says none; nothing when there is no such kind.
std::optional<std::string_view> kind_of(const Source& source) {
  const auto* object = source.document.value.if_object();
  const json::Value* kind = object == nullptr ? nullptr : object->if_contains("kind");
  if (kind == nullptr) return kKinds.front();
  const auto found = std::ranges::find_if(kKinds, [&](std::string_view known) {
    return kind->is_string() && kind->get_string() == known;
  });
  return found == kKinds.end() ? std::nullopt : std::optional{*found};
}

using Queries = std::vector<json::SourceMap::Query>;

// Asks each text once for all places wanted in it.
class Places {
 public:
  void want(const Source& source, const std::string& pointer, Part part) {
    if (source.document.source == nullptr) return;
    wanted_[source.document.source.get()].push_back({source.prefix + pointer, part});
  }
  void look_up() {
    for (auto& [text, queries] : wanted_) {
      text->locate(queries);
      for (const auto& query : queries)
        places_[{text, query.pointer, query.part}] = query.found;
    }
  }
  Position at(const Source& source, const std::string& pointer, Part part) const {
    const auto found = places_.find({source.document.source.get(), source.prefix + pointer, part});
    return found == places_.end() ? Position{} : found->second;
  }

 private:
  std::map<const json::SourceMap*, Queries> wanted_;
  std::map<std::tuple<const json::SourceMap*, std::string, Part>, Position> places_;
};

std::vector<Problem> place(const std::vector<Found>& all) {
  Places places;
  for (const Found& found : all) {
    places.want(*found.source, found.mistake.pointer, found.mistake.part);
    if (found.namesake != nullptr) places.want(*found.namesake, "/name", Part::value);
  }
  places.look_up();
  std::vector<Problem> problems;
  for (const auto& [source, mistake, text, namesake] : all) {
    Position at = places.at(*source, mistake.pointer, mistake.part);
    if (mistake.in_text.line > 0)
      at = inside(*source, at, std::string_view(text).substr(0, offset_of(text, mistake.in_text)));
    std::string message = mistake.message;
    if (namesake != nullptr)
      message = fmt::format("the {} on line {} has this name too; names are unique",
                            kind_of(*source).value_or("job"),
                            places.at(*namesake, "/name", Part::value).line);
    problems.push_back({source->label + mistake.pointer, at.line, at.column, std::move(message),
                        mistake.suggestion});
  }
  return problems;
}

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
  // 10,000 jobs of forty nodes each; in YAML, a second or two of work at most.
  constexpr std::size_t kNodes = 400'000;
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
  for (std::size_t i = 0; i < sources.size() && sources.size() > 1; ++i)
    sources[i].label = fmt::format("/{}", i);
  return sources;
}

// A document that is exactly one described struct, beside its `kind`.
template <class Spec>
Spec read_plain(const Source& source, std::vector<Found>& found) {
  const json::Value document(without_kind(source.document.value.get_object()));
  Spec spec;
  json::Reader reader(json::Audience::outside);
  reader.read(document, spec);
  std::vector<Problem> decoding;
  if (reader.problem_count() > 0) {
    const json::Document recorded{document, std::make_shared<PartRecorder>()};
    decoding = reader.error(&recorded).problems;
  }
  for (const Problem& problem : decoding) {
    const bool is_name = problem.pointer == "/name";
    found.push_back(
        {&source,
         {problem.pointer, Part{static_cast<std::uint8_t>(problem.line)}, problem.message,
          is_name ? correct_name(text_in(document, "/name")) : problem.suggestion},
         ""});
  }
  for (Mistake& mistake : find_mistakes(spec)) {
    if (!is_consequence(mistake, decoding)) found.push_back({&source, std::move(mistake), ""});
  }
  return spec;
}

// Adds the document to its list and returns its name.
std::string read_document(const Source& source, std::optional<std::string_view> kind,
                          Manifest& manifest, std::vector<Found>& found) {
  if (!kind) {
    const json::Value& given = source.document.value.at("kind");
    const std::string text = given.is_string() ? std::string(given.get_string()) : "";
    found.push_back({&source,
                     {"/kind", Part::value, "expected one of job, queue, calendar and connection",
                      base::find_closest(text, kKinds)},
                     ""});
    return {};
  }
  if (*kind == "queue")
    return manifest.queues.emplace_back(read_plain<QueueSpec>(source, found)).name;
  if (*kind == "calendar")
    return manifest.calendars.emplace_back(read_plain<CalendarSpec>(source, found)).name;
  if (*kind == "connection")
    return manifest.connections.emplace_back(read_plain<ConnectionSpec>(source, found)).name;
  return manifest.jobs.emplace_back(JobReader(source, found).run()).name;
}

template <class Spec>
base::Result<Spec> read_alone(const Document& document, std::string_view expected) {
  const Source source{document, "", ""};
  std::vector<Found> found;
  Spec spec;
  if (document.value.is_object())
    spec = read_plain<Spec>(source, found);
  else
    found.push_back({&source, {"", Part::value, std::string(expected)}, ""});
  if (!found.empty()) return base::fail(mistakes_error(place(found)));
  return spec;
}

}  // namespace

base::Result<Manifest> parse_manifest(std::string_view text, ManifestFormat format) {
  auto sources = load_sources(text, format);
  if (!sources) return base::fail(std::move(sources.error()));
  Manifest manifest;
  std::vector<Found> found;
  std::map<std::pair<std::string_view, std::string>, const Source*> names;
  for (const Source& source : *sources) {
    if (found.size() > json::kMaxProblems) break;
    const auto kind = kind_of(source);
    const std::string name = read_document(source, kind, manifest, found);
    const auto [first, is_new] = names.try_emplace({kind.value_or(""), name}, &source);
    if (!is_new && !name.empty())
      found.push_back({&source, {"/name", Part::value, ""}, "", first->second});
  }
  if (!found.empty()) return base::fail(mistakes_error(place(found)));
  return manifest;
}

base::Result<CalendarSpec> read_calendar(const json::Document& document) {
  return read_alone<CalendarSpec>(document, "expected a calendar, which is a map of keys");
}

base::Result<ConnectionSpec> read_connection(const json::Document& document) {
  return read_alone<ConnectionSpec>(document, "expected a connection, which is a map of keys");
}

base::Result<JobSpec> read_job(const json::Document& document) {
  const Source source{document, "", ""};
  std::vector<Found> found;
  JobSpec spec = JobReader(source, found).run();
  if (!found.empty()) return base::fail(mistakes_error(place(found)));
  return spec;
}

}  // namespace mainspring::model
