#include "icalendar/lines.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>

#include <fmt/core.h>

#include "base/text.h"
#include "icalendar/icalendar.h"
#include "icalendar/values.h"

namespace mainspring::icalendar {
namespace {

constexpr std::size_t kDeepest = 8;  // VCALENDAR, VEVENT, VALARM is the deepest of the standard

bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

std::string_view take_name(std::string_view& rest) {
  const auto end = std::ranges::find_if_not(rest, is_name_letter);
  const auto name = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  rest.remove_prefix(name.size());
  return name;
}

// One value of a parameter, quoted or not; nothing where the quote is not closed.
std::optional<std::string_view> take_parameter_value(std::string_view& rest) {
  const bool quoted = rest.starts_with('"');
  if (quoted) rest.remove_prefix(1);
  const std::size_t end = rest.find_first_of(quoted ? "\"" : ";:,");
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view value = rest.substr(0, end);
  rest.remove_prefix(end + (quoted ? 1 : 0));
  return value;
}

// ";NAME=VALUE,VALUE"; false where it is broken.
bool take_parameter(std::string_view& rest, std::vector<Parameter>& out) {
  rest.remove_prefix(1);
  Parameter parameter{base::to_upper(take_name(rest)), {}};
  if (parameter.name.empty() || !rest.starts_with('=')) return false;
  do {
    rest.remove_prefix(1);
    const auto value = take_parameter_value(rest);
    if (!value) return false;
    if (!parameter.value.empty()) parameter.value += ',';
    parameter.value += *value;
  } while (rest.starts_with(','));
  out.push_back(std::move(parameter));
  return true;
}

std::optional<Line> parse_line(std::string_view text, int number) {
  Line line{number, base::to_upper(take_name(text)), {}, {}};
  if (line.name.empty()) return std::nullopt;
  while (text.starts_with(';')) {
    if (!take_parameter(text, line.parameters)) return std::nullopt;
  }
  if (!text.starts_with(':')) return std::nullopt;
  line.value = text.substr(1);
  return line;
}

// The physical lines, without their ends.
class Physical {
 public:
  explicit Physical(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  bool goes_on() const { return rest_.starts_with(' ') || rest_.starts_with('\t'); }
  int number() const { return number_; }  // of the line taken last
  std::string_view take() {
    const std::size_t end = rest_.find('\n');
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number_;
    return line;
  }

 private:
  std::string_view rest_;
  int number_ = 0;
};

// Puts lines where they belong.
class Tree {
 public:
  explicit Tree(Mistakes& mistakes) : mistakes_(mistakes) { open_.emplace_back(); }

  void add(Line line) {
    if (line.name == "BEGIN")
      begin(line);
    else if (line.name == "END")
      end(line);
    else
      open_.back().lines.push_back(std::move(line));
  }

  Component finish() && {
    while (open_.size() > 1) {
      mistakes_.add(open_.back().line, fmt::format("BEGIN:{} has no END", open_.back().name));
      close();
    }
    return std::move(open_.front());
  }

 private:
  void begin(const Line& line) {
    if (open_.size() > kDeepest) {
      mistakes_.add(line.number, fmt::format("components are nested more than {} deep", kDeepest));
      return;
    }
    open_.push_back({to_one_line(base::to_upper(line.value)), line.number, {}, {}});
  }

  void end(const Line& line) {
    const std::string name = to_one_line(base::to_upper(line.value));
    const auto same = [&name](const Component& component) { return component.name == name; };
    if (std::ranges::none_of(open_.begin() + 1, open_.end(), same)) {
      mistakes_.add(line.number, fmt::format("END:{} has no BEGIN", name));
      return;
    }
    for (; open_.back().name != name; close())
      mistakes_.add(open_.back().line, fmt::format("BEGIN:{} has no END", open_.back().name));
    close();
  }

  void close() {
    Component done = std::move(open_.back());
    open_.pop_back();
    open_.back().parts.push_back(std::move(done));
  }

  Mistakes& mistakes_;
  std::vector<Component> open_;  // the file first, the innermost component last
};

bool begins_as_calendar(std::string_view text) {
  constexpr std::string_view kBegin = "BEGIN:VCALENDAR";
  const std::size_t from = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  return base::to_upper(text.substr(from, kBegin.size())) == kBegin;
}

}  // namespace

std::string_view Line::parameter(std::string_view parameter_name) const {
  const auto found = std::ranges::find(parameters, parameter_name, &Parameter::name);
  return found == parameters.end() ? std::string_view{} : found->value;
}

void Mistakes::add(int line, std::string message) {
  if (problems_.size() < kMostMistakes) problems_.push_back({"", line, 0, std::move(message), ""});
}

base::Error Mistakes::error() && {
  std::ranges::sort(problems_, {},
                    [](const base::Problem& p) { return std::tie(p.line, p.message); });
  const base::Problem& first = problems_.front();
  std::string message =
      problems_.size() == 1
          ? fmt::format("the iCalendar file has a mistake in line {}: {}", first.line,
                        first.message)
          : fmt::format("the iCalendar file has {}{} mistakes, the first in line {}: {}",
                        problems_.size() == kMostMistakes ? "at least " : "", problems_.size(),
                        first.line, first.message);
  return {base::Code::invalid_argument, std::move(message), std::move(problems_)};
}

base::Result<Component> read_components(std::string_view text, Mistakes& mistakes) {
  if (text.size() > kMostBytes)
    return base::fail(
        base::Code::too_large,
        fmt::format("the iCalendar file has {} bytes; {} is the most", text.size(), kMostBytes));
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (!begins_as_calendar(text)) {
    mistakes.add(1, "it does not begin with BEGIN:VCALENDAR, so it is no iCalendar file");
    return Component{};
  }
  Tree tree{mistakes};
  std::string unfolded;
  for (Physical physical{text}; !physical.at_end();) {
    unfolded = physical.take();
    const int number = physical.number();
    while (physical.goes_on())
      unfolded += physical.take().substr(1);
    if (physical.number() > static_cast<int>(kMostLines))
      return base::fail(base::Code::too_large,
                        fmt::format("the iCalendar file has more than {} lines", kMostLines));
    if (unfolded.empty()) continue;
    auto line = base::is_utf8(unfolded) ? parse_line(unfolded, number) : std::nullopt;
    if (line)
      tree.add(std::move(*line));
    else
      mistakes.add(number, base::is_utf8(unfolded)
                               ? fmt::format("'{}' is not NAME:value", to_one_line(unfolded))
                               : std::string{"the text is not UTF-8"});
  }
  return std::move(tree).finish();
}

}  // namespace mainspring::icalendar
