#include "json/yaml_wording.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/text.h"

namespace mainspring::json {
namespace {

constexpr std::string_view kTabs = "tabs do not indent in YAML; use spaces";
constexpr std::string_view kOpenQuotes = "the quotes of a text are not closed before this";

struct Row {
  std::string_view complaint;  // how it begins
  std::string_view sentence;
};
// The complaints of yaml-cpp 0.7 that a text can cause (its exceptions.h has them all).
constexpr std::array kRows = std::to_array<Row>({
    {"end of map not found",
     "this does not continue the map above; check its indentation, and put a text with special "
     "characters in quotes"},
    {"end of sequence not found",
     "this does not continue the list above; check its indentation, and put a text with special "
     "characters in quotes"},
    {"illegal map value",
     "no value may stand here; check the indentation, and put a text that holds ': ' in quotes"},
    {"illegal map key", "no '?' may stand here; put a text that begins with it in quotes"},
    {"illegal block entry",
     "a list does not begin behind its key; put each '- ' on a line of its own, or write [a, b]"},
    {"illegal tab when looking for indentation", kTabs},
    {"illegal EOF in scalar", kOpenQuotes},
    {"illegal document indicator in scalar", kOpenQuotes},
    {"alias not found after *", "put a text that begins with '*' in quotes"},
    {"illegal character found while scanning alias", "put a text that begins with '*' in quotes"},
    {"the referenced anchor is not defined",
     "no anchor of this name stands above; put a text that begins with '*' in quotes"},
    {"anchor not found after &", "put a text that begins with '&' in quotes"},
    {"illegal character found while scanning anchor", "put a text that begins with '&' in quotes"},
    {"cannot assign multiple anchors", "a value has one anchor; put a text with '&' in quotes"},
    {"cannot assign multiple tags", "a value has one tag; put a text with '!' in quotes"},
    {"cannot assign multiple aliases", "a value is one alias; put a text with '*' in quotes"},
    {"aliases can't have any content", "an alias stands alone; put a text with '*' in quotes"},
    {"illegal character found while scanning tag handle",
     "put a text that begins with '!' in quotes"},
    {"tag handle with no suffix", "put a text that begins with '!' in quotes"},
    {"end of verbatim tag not found", "put a text that begins with '!' in quotes"},
    {"invalid unicode", "this escape names no character; write the character itself"},
    {"bad character found while scanning hex number",
     "an escape has its number of hex digits: \\x41, \\u0041 or \\U00000041"},
    {"cannot set zero indentation for a block scalar", "the indentation behind '|' or '>' is 1-9"},
    {"unexpected character in block scalar",
     "behind '|' or '>' stand at most '-' or '+' and a digit; the text begins on the next line"},
    {"bad YAML version", "remove this line; YAML 1.2 is read here"},
    {"YAML major version too large", "remove this line; YAML 1.2 is read here"},
    {"YAML directives must have", "remove this line; YAML 1.2 is read here"},
    {"repeated YAML directive", "remove this line; YAML 1.2 is read here"},
    {"TAG directives must have", "remove this line; tags of one's own are not read here"},
    {"repeated TAG directive", "remove this line; tags of one's own are not read here"},
});

// The character at `offset`, as it is shown to a person.
std::string shown(std::string_view text, std::size_t offset) {
  const std::string_view rest = text.substr(offset);
  return rest.empty() ? "the end" : fmt::format("'{}'", rest.substr(0, base::utf8_length(rest)));
}

// Of a list or map in brackets, which ends with `close`.
std::string open_brackets(std::string_view text, std::size_t offset, char close) {
  const bool is_at_end = text.find_first_not_of(" \t\r\n", offset) == std::string_view::npos;
  if (is_at_end) return fmt::format("a '{}' is missing", close);
  return fmt::format("expected ',' or '{}', got {}; put a text with special characters in quotes",
                     close, shown(text, offset));
}

// The first tab among the blanks that the line of `offset` begins with; npos: there is none.
std::size_t find_indenting_tab(std::string_view text, std::size_t offset) {
  const std::size_t line = text.substr(0, offset).rfind('\n') + 1;  // npos + 1 is 0
  const std::size_t end = std::min(text.find_first_not_of(" \t", line), offset);
  const std::size_t tab = text.substr(0, end).find('\t', line);
  return tab;
}

}  // namespace

YamlMistake explain_yaml(std::string_view text, std::size_t offset, std::string_view complaint) {
  offset = std::min(offset, text.size());
  if (complaint == "end of map flow not found") return {offset, open_brackets(text, offset, '}')};
  if (complaint == "end of sequence flow not found")
    return {offset, open_brackets(text, offset, ']')};
  if (const std::size_t tab = find_indenting_tab(text, offset); tab != std::string_view::npos)
    return {tab, std::string(kTabs)};
  if (complaint == "unknown token")
    return {offset,
            fmt::format("a text does not begin with {}; put it in quotes", shown(text, offset))};
  if (complaint == "illegal flow end")
    return {offset, fmt::format("{} does not belong here; remove it, or put the text in quotes",
                                shown(text, offset))};
  if (complaint.starts_with("unknown escape character"))
    return {offset, fmt::format("'\\{}' is no escape; write '\\\\' for a backslash, or use single "
                                "quotes",
                                complaint.substr(complaint.rfind(' ') + 1))};
  for (const Row& row : kRows)
    if (complaint.starts_with(row.complaint)) return {offset, std::string(row.sentence)};
  return {offset, std::string(complaint)};
}

}  // namespace mainspring::json
