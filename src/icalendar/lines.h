// Internal: the lines of an iCalendar file, unfolded, and the components they form.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace mainspring::icalendar {

struct Parameter {
  std::string name;   // upper case
  std::string value;  // without quotes; several are joined by commas
};

// NAME;PARAMETER=VALUE:value
struct Line {
  int number = 0;    // from 1, of its first line in the file
  std::string name;  // upper case
  std::vector<Parameter> parameters;
  std::string value;  // as written, escapes included

  // "" where there is none.
  std::string_view parameter(std::string_view parameter_name) const;
};

// BEGIN:NAME ... END:NAME
struct Component {
  std::string name;  // upper case; empty is the file itself
  int line = 0;
  std::vector<Line> lines;
  std::vector<Component> parts;
};

// Mistakes, as they are found. Beyond kMostMistakes a file is no calendar, and one more of them
// helps nobody.
class Mistakes {
 public:
  static constexpr std::size_t kMostMistakes = 50;

  void add(int line, std::string message);
  bool empty() const { return problems_.empty(); }
  // In the order of the lines. Only when there is one.
  base::Error error() &&;

 private:
  std::vector<base::Problem> problems_;
};

// The file as a tree. Broken lines are left out and noted.
// Errors: too_large, where the text has too many bytes or lines.
base::Result<Component> read_components(std::string_view text, Mistakes& mistakes);

}  // namespace mainspring::icalendar
