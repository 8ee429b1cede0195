#include "cli/output.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include <fmt/core.h>

#include "base/text.h"
#include "json/write.h"

namespace mainspring::cli {
namespace {

constexpr std::array<std::string_view, 6> kFormats = {"table", "wide", "json",
                                                      "jsonl", "yaml", "name"};

struct Colour {
  std::string_view word;
  int code;
};
constexpr std::array<Colour, 11> kColours = {{{"succeeded", 32},
                                              {"failed", 31},
                                              {"timed_out", 31},
                                              {"cancelled", 33},
                                              {"skipped", 33},
                                              {"running", 36},
                                              {"queued", 34},
                                              {"scheduled", 34},
                                              {"online", 32},
                                              {"offline", 31},
                                              {"draining", 33}}};

// Set and not empty: no-color.org.
bool wants_colour(std::FILE* results) {
  const char* refused = std::getenv("NO_COLOR");
  const int descriptor = ::fileno(results);
  return (refused == nullptr || *refused == '\0') && descriptor >= 0 && ::isatty(descriptor) == 1;
}

void put(std::FILE* to, std::string_view text) { std::fwrite(text.data(), 1, text.size(), to); }

std::vector<const json::Value*> items_of(const json::Value& result) {
  std::vector<const json::Value*> items;
  const auto* list = result.is_object() ? result.as_object().if_contains("items") : nullptr;
  if (list == nullptr || !list->is_array()) return {&result};
  for (const json::Value& item : list->as_array())
    items.push_back(&item);
  return items;
}

// "2026-11-21T21:57:03.123Z" -> "2026-11-21T21:57:03Z": a table is for people.
std::string shorten_instant(std::string text) {
  if (text.size() == 24 && text[10] == 'T' && text.ends_with('Z') && text[19] == '.') {
    text.erase(19, 4);
  }
  return text;
}

// Columns wide, not bytes: enough for UTF-8 without combining marks.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

base::Result<Format> parse_format(std::string_view text) {
  const auto* found = std::ranges::find(kFormats, text);
  if (found != kFormats.end()) return static_cast<Format>(found - kFormats.begin());
  const std::string near = base::find_closest(text, kFormats);
  return base::fail(
      base::Code::invalid_argument,
      fmt::format("-o: '{}' is none of {}{}", text, base::join_words(kFormats, " and "),
                  near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near)));
}

Output::Output(Format format, std::FILE* results)
    : format_(format), results_(results), is_coloured_(wants_colour(results)) {}

void Output::print(const json::Value& result, const View& view) const {
  switch (format_) {
    case Format::json:
      return put(results_, json::write_pretty(result));
    case Format::yaml:
      return put(results_, json::write_yaml(result));
    case Format::jsonl:
      for (const json::Value* item : items_of(result))
        line(json::write(*item));
      return;
    case Format::name:
      for (const json::Value* item : items_of(result))
        line(text_at(*item, view.name_path));
      return;
    case Format::table:
    case Format::wide:
      return print_table(items_of(result), view);
  }
}

void Output::print_table(const std::vector<const json::Value*>& items, const View& view) const {
  std::vector<Column> columns;
  for (const Column& column : view.columns) {
    if (!column.only_wide || format_ == Format::wide) columns.push_back(column);
  }
  std::vector<std::vector<std::string>> rows(1);
  for (const Column& column : columns)
    rows[0].emplace_back(column.heading);
  for (const json::Value* item : items) {
    auto& row = rows.emplace_back();
    for (const Column& column : columns)
      row.push_back(text_at(*item, column.path));
  }
  std::vector<std::size_t> widths(columns.size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], width_of(row[i]));
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string text;
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      const bool is_last = i + 1 == rows[r].size();
      const std::size_t padding = is_last ? 0 : widths[i] - width_of(rows[r][i]) + 2;
      text += r == 0 ? rows[r][i] : paint_state(rows[r][i]);
      text.append(padding, ' ');
    }
    line(text);
  }
  if (items.empty()) note("Nothing found.");
}

void Output::line(std::string_view text) const {
  put(results_, text);
  put(results_, "\n");
}

void Output::note(std::string_view text) const {
  std::fflush(results_);
  put(stderr, text);
  put(stderr, "\n");
}

int Output::fail(const base::Error& error, std::string_view source) const {
  std::string text = error.message;
  for (const base::Problem& problem : error.problems) {
    const base::Error one{error.code, "", {problem}};
    text += fmt::format("\n{}{}{}", source, source.empty() || problem.line == 0 ? "" : ":",
                        source.empty() || problem.line > 0 ? "" : ": ");
    text += base::to_text(one);
  }
  note("jobctl: " + text);
  return base::code_row(error.code).exit_code;
}

std::string Output::paint_state(std::string_view state) const {
  const auto* colour = std::ranges::find(kColours, state, &Colour::word);
  if (!is_coloured_ || colour == kColours.end()) return std::string{state};
  return fmt::format("\033[{}m{}\033[0m", colour->code, state);
}

std::string Output::paint(Ink ink, std::string_view text) const {
  constexpr std::array<int, 3> kCodes = {32, 31, 33};  // green, red, yellow
  if (!is_coloured_) return std::string{text};
  return fmt::format("\033[{}m{}\033[0m", kCodes.at(static_cast<std::size_t>(ink)), text);
}

std::string text_at(const json::Value& value, std::string_view path) {
  const json::Value* at = &value;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('.'), path.size());
    const std::string_view key = path.substr(0, end);
    if (at->is_array()) {
      if (at->as_array().empty()) return {};
      at = &at->as_array().front();
    }
    if (!at->is_object()) return {};
    at = at->as_object().if_contains(key);
    if (at == nullptr) return {};
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  if (at->is_null()) return {};
  if (at->is_array()) return std::to_string(at->as_array().size());
  if (at->is_string()) return shorten_instant(std::string{at->as_string()});
  return json::write(*at);
}

}  // namespace mainspring::cli
