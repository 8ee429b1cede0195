// Printing: results to stdout in the format asked for, everything else to stderr.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "json/value.h"

namespace mainspring::cli {

enum class Format { table, wide, json, jsonl, yaml, name };
base::Result<Format> parse_format(std::string_view text);

// A column of a table: a heading, and where in an item its text comes from ("spec.queue").
struct Column {
  std::string_view heading;
  std::string_view path;
  bool only_wide = false;
};

// What is printed: a single object, or {"items": [...]}.
struct View {
  std::vector<Column> columns;
  std::string_view name_path = "name";  // for -o name
};

// What a line says about something that changes.
enum class Ink { added, removed, changed };

class Output {
 public:
  // Results go to `results`, which stays the caller's; notes and errors to stderr.
  explicit Output(Format format, std::FILE* results = stdout);

  Format format() const { return format_; }
  bool is_for_people() const { return format_ == Format::table || format_ == Format::wide; }

  void print(const json::Value& result, const View& view) const;
  void line(std::string_view text) const;  // a result, with a newline
  void note(std::string_view text) const;  // to stderr: progress, hints

  // To stderr; `source` is the file the problems' lines are in, or "". Returns the exit code.
  int fail(const base::Error& error, std::string_view source = {}) const;

  std::string paint_state(std::string_view state) const;
  std::string paint(Ink ink, std::string_view text) const;

 private:
  void print_table(const std::vector<const json::Value*>& items, const View& view) const;

  Format format_;
  std::FILE* results_;
  bool is_coloured_;
};

// The text at a dotted path; "" where there is nothing. Instants lose their milliseconds, a list is
// its length; on the way through one, its first item counts.
std::string text_at(const json::Value& value, std::string_view path);

}  // namespace mainspring::cli
