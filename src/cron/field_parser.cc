#include "cron/field_parser.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/core.h>

#include "base/text.h"

namespace mainspring::cron {
namespace {

constexpr int kHugeStep = 1'000'000;  // stands for any step beyond every range
constexpr int kSpreadLastDay = 28;    // every month has it, so a spread day never skips a month

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
bool all_digits(std::string_view s) { return !s.empty() && std::ranges::all_of(s, is_digit); }
bool all_letters(std::string_view s) { return !s.empty() && std::ranges::all_of(s, is_letter); }

// The number that these digits write, cut to kHugeStep.
int to_number(std::string_view digits) {
  int value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return read.ec == std::errc{} ? std::min(value, kHugeStep) : kHugeStep;
}

std::optional<int> find_name(const FieldRule& rule, std::string_view name) {
  for (std::size_t i = 0; i < rule.names.size(); ++i) {
    if (std::ranges::equal(name, rule.names[i], {}, upper))
      return rule.first_name + static_cast<int>(i);
  }
  return std::nullopt;
}

std::size_t index(Field field) { return static_cast<std::size_t>(field); }

}  // namespace

std::unexpected<base::Error> wrong_at(std::string_view where, Piece at, std::string_view rule,
                                      std::string suggestion) {
  std::string message = fmt::format("{}, column {}: {}", where, at.column, rule);
  base::Problem problem{"", 1, static_cast<int>(at.column), message, std::move(suggestion)};
  return base::fail(
      base::Error{base::Code::invalid_argument, std::move(message), {std::move(problem)}});
}

std::unexpected<base::Error> FieldParser::wrong(Piece at, std::string_view rule,
                                                std::string suggestion) const {
  return wrong_at(rule_.name, at, rule, std::move(suggestion));
}

base::Result<void> FieldParser::parse(Piece text, Fields& out) {
  if (auto checked = check_characters(text); !checked) return checked;
  if (text.text == "?") {
    special_.star[index(field_)] = kPlainStar;
    add({rule_.low, rule_.star_high}, 1);
  } else {
    if (text.text.starts_with('+')) {
      special_.both_days = true;
      text = text.sub(1);
      if (text.text.empty()) return wrong(text, "a weekday is missing after '+'; write +FRI or +5");
    }
    if (auto parsed = parse_list(text); !parsed) return parsed;
  }
  store(out);
  return {};
}

// Characters that have one place only; naming the rule beats "is not a value".
base::Result<void> FieldParser::check_characters(Piece text) const {
  const bool day_field = field_ == Field::day_of_month || field_ == Field::day_of_week;
  if (const auto at = text.text.find('?'); at != std::string_view::npos) {
    if (!day_field)
      return wrong(text.sub(at), "'?' belongs to the day fields only; write * instead");
    if (text.text != "?") return wrong(text.sub(at), "'?' must be the whole field; write ? or *");
  }
  const std::size_t own_plus = field_ == Field::day_of_week && text.text.starts_with('+') ? 1 : 0;
  if (const auto at = text.text.find('+', own_plus); at != std::string_view::npos) {
    return wrong(text.sub(at),
                 "'+' may only be the first character of the day-of-week field; it makes both day "
                 "fields necessary, as in 0 0 13 * +FRI");
  }
  if (const auto at = text.text.find('#'); at != std::string_view::npos) {
    if (field_ != Field::day_of_week)
      return wrong(text.sub(at), "'#' belongs to the day-of-week field only, as in FRI#2");
  }
  return {};
}

base::Result<void> FieldParser::parse_list(Piece list) {
  alone_ = !list.text.contains(',');
  for (std::size_t from = 0;;) {
    const std::size_t comma = std::min(list.text.find(',', from), list.text.size());
    const Piece item = list.sub(from, comma - from);
    if (item.text.empty())
      return wrong(item, "an empty list item; write a value on each side of a comma");
    if (from == 0 && item.text == "*") special_.star[index(field_)] = kPlainStar;
    if (auto parsed = parse_item(item); !parsed) return parsed;
    const bool step_first = from == 0 && item.text.starts_with("*/");
    if (step_first) {
      const int size = rule_.star_high - rule_.low + 1;
      special_.star[index(field_)] =
          static_cast<Star>(std::min(to_number(item.text.substr(2)), size));
    }
    if (comma == list.text.size()) return {};
    from = comma + 1;
  }
}

base::Result<void> FieldParser::parse_item(Piece item) {
  const std::string_view text = item.text;
  if (text == "H" || text.starts_with("H/") || text.starts_with("H(")) return parse_spread(item);
  if (text.contains('~')) return parse_tilde(item);
  if (field_ == Field::day_of_month && (text.contains('L') || text.contains('W')))
    return parse_day_of_month(item);
  if (field_ == Field::day_of_week && (text.contains('#') || text.ends_with('L')))
    return parse_day_of_week(item);
  return parse_range(item);
}

// `*`, `5`, `5-20`, and the latter two kinds of range with `/n`.
base::Result<void> FieldParser::parse_range(Piece item) {
  const std::size_t slash = item.text.find('/');
  const Piece body = item.sub(0, slash);
  const bool star = body.text == "*";
  if (slash != std::string_view::npos && !star && !body.text.contains('-')) {
    const bool value = all_digits(body.text) || find_name(rule_, body.text).has_value();
    const std::string start = value ? std::string{body.text} : fmt::format("{}", rule_.low);
    return wrong(item.sub(slash),
                 fmt::format("a step needs * or a range before it; write */{0} or {1}-{2}/{0}",
                             item.text.substr(slash + 1), start, rule_.star_high));
  }
  Range range{rule_.low, rule_.star_high};
  if (!star && !body.text.contains('-')) {
    const auto value = parse_value(body);
    if (!value) return std::unexpected(value.error());
    range = {*value, *value};
  } else if (!star) {
    const auto bounds = parse_bounds(body);
    if (!bounds) return std::unexpected(bounds.error());
    range = *bounds;
  }
  int step = 1;
  if (slash != std::string_view::npos) {
    const auto parsed = parse_step(item.sub(slash + 1));
    if (!parsed) return std::unexpected(parsed.error());
    step = *parsed;
  }
  add(range, step);
  return {};
}

base::Result<FieldParser::Range> FieldParser::parse_bounds(Piece text) const {
  const std::size_t dash = text.text.find('-');
  if (dash == std::string_view::npos || dash == 0 || dash + 1 == text.text.size())
    return wrong(text, "a range needs a value on each side of '-', as in 1-5");
  const auto low = parse_value(text.sub(0, dash));
  if (!low) return std::unexpected(low.error());
  auto high = parse_value(text.sub(dash + 1));
  if (!high) return std::unexpected(high.error());
  // SUN ends a week as well as it begins one; a written 0 does not.
  const bool sunday_name = field_ == Field::day_of_week && !is_digit(text.text[dash + 1]);
  if (sunday_name && *high == 0 && *low > 0) high = 7;
  if (*low > *high) {
    return wrong(text, fmt::format("the range {} runs backwards; write {}", text.text,
                                   unwound({*low, *high})));
  }
  return Range{*low, *high};
}

// What a range that goes past the end of its field should have been.
std::string FieldParser::unwound(Range range) const {
  if (field_ == Field::year) return fmt::format("{}-{}", range.high, range.low);
  if (field_ == Field::day_of_week && range.high == 0) return fmt::format("{}-7", range.low);
  const auto part = [](int low, int high) {
    return low == high ? fmt::format("{}", low) : fmt::format("{}-{}", low, high);
  };
  return fmt::format("{},{} to go past the end", part(range.low, rule_.star_high),
                     part(rule_.low, range.high));
}

base::Result<int> FieldParser::parse_value(Piece token) const {
  if (all_digits(token.text)) {
    const int value = to_number(token.text);
    if (value >= rule_.low && value <= rule_.high) return value;
    return wrong(token, fmt::format("{} is out of range; write {}", token.text, rule_.allowed));
  }
  if (const auto named = find_name(rule_, token.text)) return *named;
  if (token.text.empty())
    return wrong(token, fmt::format("a value is missing; write {}", rule_.allowed));
  std::string close;
  if (all_letters(token.text)) close = base::find_closest(token.text, rule_.names);
  const auto begins = find_name(rule_, token.text.substr(0, 3));
  if (begins) close = rule_.names[static_cast<std::size_t>(*begins - rule_.first_name)];
  return wrong(token, fmt::format("'{}' is not a value; write {}", token.text, rule_.allowed),
               std::move(close));
}

base::Result<int> FieldParser::parse_step(Piece token) const {
  if (!all_digits(token.text))
    return wrong(token, fmt::format("'{}' is not a step; write a number of 1 or more after '/'",
                                    token.text));
  const int step = to_number(token.text);
  if (step == 0) return wrong(token, "a step of 0 never moves; write 1 or more after '/'");
  return step;
}

// `H`, `H/n`, `H(a-b)`, `H(a-b)/n`.
base::Result<void> FieldParser::parse_spread(Piece item) {
  if (field_ == Field::year) return wrong(item, "H spreads no years; write years or *");
  Range range{rule_.low, field_ == Field::day_of_month ? kSpreadLastDay : rule_.star_high};
  std::size_t at = 1;
  if (at < item.text.size() && item.text[at] == '(') {
    const std::size_t close = item.text.find(')');
    if (close == std::string_view::npos) return wrong(item.sub(at), "'(' needs its ')'");
    const auto bounds = parse_bounds(item.sub(at + 1, close - at - 1));
    if (!bounds) return std::unexpected(bounds.error());
    range = *bounds;
    at = close + 1;
  }
  const int size = range.high - range.low + 1;
  if (at == item.text.size()) {
    const int value = range.low + static_cast<int>(spread_hash() % static_cast<unsigned>(size));
    add({value, value}, 1);
    return {};
  }
  if (item.text[at] != '/')
    return wrong(item.sub(at), "only '/' may follow; write H, H/15, H(0-29) or H(0-29)/10");
  const auto step = parse_step(item.sub(at + 1));
  if (!step) return std::unexpected(step.error());
  const auto offset = spread_hash() % static_cast<unsigned>(std::min(*step, size));
  add({range.low + static_cast<int>(offset), range.high}, *step);
  return {};
}

// `~`, `a~b`, `a~`, `~b`.
base::Result<void> FieldParser::parse_tilde(Piece item) {
  if (field_ == Field::year) return wrong(item, "'~' spreads no years; write years or *");
  const std::size_t tilde = item.text.find('~');
  const Piece left = item.sub(0, tilde);
  const Piece right = item.sub(tilde + 1);
  if (right.text.contains('/')) {
    return wrong(right.sub(right.text.find('/')),
                 "'~' takes no step; write H(a-b)/n to spread the start of a step");
  }
  Range range{rule_.low, rule_.star_high};
  if (!left.text.empty()) {
    const auto low = parse_value(left);
    if (!low) return std::unexpected(low.error());
    range.low = *low;
  }
  if (field_ == Field::day_of_month && range.low <= kSpreadLastDay) range.high = kSpreadLastDay;
  if (!right.text.empty()) {
    const auto high = parse_value(right);
    if (!high) return std::unexpected(high.error());
    range.high = *high;
  }
  range.high = std::max(range.high, right.text.empty() ? range.low : range.high);
  if (range.low > range.high)
    return wrong(
        item, fmt::format("the range {} runs backwards; write the lower value first", item.text));
  const auto size = static_cast<unsigned>(range.high - range.low + 1);
  const int value = range.low + static_cast<int>(spread_hash() % size);
  add({value, value}, 1);
  return {};
}

// `L`, `LW`, `nW`.
base::Result<void> FieldParser::parse_day_of_month(Piece item) {
  if (item.text == "L") {
    special_.last_day = true;
    return {};
  }
  if (item.text.starts_with("L-"))
    return wrong(item, "no days before the last one; write L, LW or a day of 1-31");
  if (!item.text.ends_with('W'))
    return wrong(item, fmt::format("'{}' is not a day; write 1-31, L, LW or a day with W as in 15W",
                                   item.text));
  const Piece day = item.sub(0, item.text.size() - 1);
  if (!alone_ || day.text.contains('-') || day.text.contains('/') || day.text.contains('*'))
    return wrong(item, "'W' takes one day, in no list and no range; write 15W or LW alone");
  if (day.text == "L") {
    special_.nearest = kNearestLast;
    return {};
  }
  if (day.text.empty()) return wrong(item, "'W' needs a day before it; write 15W or LW");
  const auto value = parse_value(day);
  if (!value) return std::unexpected(value.error());
  special_.nearest = static_cast<std::uint8_t>(*value);
  return {};
}

// `FRI#2`, `FRI#L`, `FRIL`.
base::Result<void> FieldParser::parse_day_of_week(Piece item) {
  const std::size_t hash = item.text.find('#');
  const bool hashed = hash != std::string_view::npos;
  const Piece day = item.sub(0, hashed ? hash : item.text.size() - 1);
  if (day.text.empty()) {
    return wrong(item, hashed ? "'#' needs a weekday before it; write FRI#2 or 5#2"
                              : "'L' needs a weekday before it; write 6L or SATL for the last "
                                "Saturday of the month, 6 for every Saturday");
  }
  if (day.text.contains('-') || day.text.contains('*') || day.text.contains('/'))
    return wrong(item, fmt::format("'{}' takes one weekday, no range; write a list such as {}",
                                   hashed ? '#' : 'L', hashed ? "1#2,2#2" : "1L,2L"));
  const auto weekday = parse_value(day);
  if (!weekday) return std::unexpected(weekday.error());
  int nth = kNthLast;
  if (hashed) {
    const Piece count = item.sub(hash + 1);
    const bool digit = count.text.size() == 1 && count.text[0] >= '1' && count.text[0] <= '5';
    if (!digit && count.text != "L")
      return wrong(
          count, fmt::format("'{}' is not a count of weeks; write 1-5 or L after '#'", count.text));
    if (digit) nth = count.text[0] - '0';
  }
  auto& bits = special_.nth[static_cast<std::size_t>(*weekday % 7)];
  bits = static_cast<std::uint8_t>(bits | 1U << nth);
  return {};
}

void FieldParser::add(Range range, int step) {
  const int days_in_week = 7;
  for (int value = range.low; value <= range.high; value += step) {
    const int kept = field_ == Field::day_of_week ? value % days_in_week : value;
    values_.set(static_cast<std::size_t>(kept - rule_.low));
  }
}

std::uint64_t FieldParser::spread_hash() const {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto feed = [&hash](char c) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  };
  std::ranges::for_each(seed_, feed);
  feed('\0');
  std::ranges::for_each(rule_.name, feed);
  hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccd;
  return hash ^ hash >> 33;
}

void FieldParser::store(Fields& out) const {
  out.star[index(field_)] = special_.star[index(field_)];
  if (field_ == Field::year) {
    for (std::size_t n = 0; n < values_.size(); ++n)
      out.years[n / 64] |= std::uint64_t{values_[n]} << (n % 64);
    return;
  }
  const std::uint64_t bits = (values_ & std::bitset<256>{~std::uint64_t{0}}).to_ullong();
  switch (field_) {
    case Field::second:
      out.seconds = bits;
      break;
    case Field::minute:
      out.minutes = bits;
      break;
    case Field::hour:
      out.hours = static_cast<std::uint32_t>(bits);
      break;
    case Field::day_of_month:
      out.days = static_cast<std::uint32_t>(bits << 1);
      out.nearest = special_.nearest;
      out.last_day = special_.last_day && values_.count() < 31;
      break;
    case Field::month:
      out.months = static_cast<std::uint16_t>(bits << 1);
      break;
    case Field::day_of_week:
      out.weekdays = static_cast<std::uint8_t>(bits);
      out.both_days = special_.both_days;
      for (std::size_t day = 0; day < 7; ++day)
        out.nth[day] = values_[day] ? std::uint8_t{0} : special_.nth[day];
      break;
    case Field::year:
      break;
  }
}

}  // namespace mainspring::cron
