#include "cron/vixie_schedule.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "cron/expression.h"
#include "cron/field_parser.h"

namespace mainspring::cron {
namespace {

constexpr std::array<Field, 5> kVixieFields{Field::minute, Field::hour, Field::day_of_month,
                                            Field::month, Field::day_of_week};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z'); }

std::size_t count_alnum(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_alnum) - text.begin());
}

// One word of letters and digits, which Debian's cron takes as a whole.
base::Result<void> check_value(Field field, Piece word) {
  const FieldRule& rule = field_rule(field);
  const auto same = [&word](std::string_view name) {
    return std::ranges::equal(word.text, name, {}, lower, lower);
  };
  const bool digits = !word.text.empty() && std::ranges::all_of(word.text, is_digit);
  if (digits || std::ranges::any_of(rule.names, same)) return {};
  return wrong_at(
      rule.name, word,
      fmt::format("'{}' is not a value for Debian's cron; write {}", word.text, rule.allowed));
}

// The part of a list item that Debian's cron understands; what follows it in the field it skips.
base::Result<std::size_t> check_item(Field field, Piece item) {
  std::size_t at = 1;
  bool range = item.text.starts_with('*');
  if (!range) {
    at = count_alnum(item.text);
    const Piece first = item.sub(0, at == 0 ? item.text.size() : at);
    if (auto checked = check_value(field, first); !checked)
      return std::unexpected(std::move(checked.error()));
    if (item.text.substr(at).starts_with('-')) {
      range = true;
      const Piece second = item.sub(at + 1, count_alnum(item.text.substr(at + 1)));
      if (auto checked = check_value(field, second); !checked)
        return std::unexpected(std::move(checked.error()));
      at += 1 + second.text.size();
      const bool sunday = std::ranges::equal(second.text, std::string_view{"sun"}, {}, lower);
      if (sunday && !std::ranges::equal(first.text, second.text, {}, lower, lower) &&
          first.text.find_first_not_of('0') != std::string_view::npos) {
        return wrong_at(field_name(field), item,
                        fmt::format("Debian's cron reads SUN as 0, so {} never matched; write 7 "
                                    "for a Sunday at the end",
                                    item.text));
      }
    }
  }
  if (item.text.substr(at).starts_with('/'))
    at += 1 + (range ? count_alnum(item.text.substr(at + 1)) : item.text.size() - at - 1);
  return at;
}

base::Result<void> check_field(Field field, Piece text) {
  for (std::size_t from = 0; from <= text.text.size();) {
    const std::size_t comma = std::min(text.text.find(',', from), text.text.size());
    const Piece item = text.sub(from, comma - from);
    if (item.text.empty())
      return wrong_at(field_name(field), item, "a value is missing beside a comma");
    const auto used = check_item(field, item);
    if (!used) return std::unexpected(used.error());
    if (*used < item.text.size()) {
      return wrong_at(field_name(field), item.sub(*used),
                      fmt::format("Debian's cron skips '{}' here without a word; remove it",
                                  text.text.substr(from + *used)));
    }
    from = comma + 1;
  }
  return {};
}

std::vector<Piece> first_words(std::string_view line, std::size_t most) {
  std::vector<Piece> words;
  for (std::size_t at = 0; words.size() < most;) {
    at = std::min(line.find_first_not_of(" \t", at), line.size());
    if (at == line.size()) break;
    const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    words.push_back({line.substr(at, end - at), at + 1});
    at = end;
  }
  return words;
}

base::Result<VixieSchedule> parse_nickname(Piece word) {
  VixieSchedule read{std::string{word.text}, word.column - 1 + word.text.size(), {}};
  std::ranges::transform(read.schedule, read.schedule.begin(), lower);
  if (read.schedule != word.text) {
    read.notes.push_back(fmt::format("{} written as {}; Debian's cron knows lower case only",
                                     word.text, read.schedule));
  }
  if (read.schedule == "@every")
    return wrong_at("expression", word, "Debian's cron has no @every; write its five fields");
  if (const auto known = Expression::parse(read.schedule); !known)
    return std::unexpected(known.error());
  return read;
}

// In Debian's cron a day field that begins with a star, whatever follows, joins the other by AND.
bool needs_plus(std::string_view days, std::string_view weekdays) {
  const auto plain = [](std::string_view field) { return field == "*" || field.starts_with("*,"); };
  return (days.starts_with('*') || weekdays.starts_with('*')) && !plain(days) && !plain(weekdays);
}

}  // namespace

base::Result<VixieSchedule> parse_vixie_schedule(std::string_view line) {
  const std::vector<Piece> words = first_words(line, kVixieFields.size());
  if (!words.empty() && words[0].text.starts_with('@')) {
    auto read = parse_nickname(words[0]);
    if (!read) {
      for (base::Problem& problem : read.error().problems)
        problem.column = static_cast<int>(words[0].column);
    }
    return read;
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (auto checked = check_field(kVixieFields[i], words[i]); !checked)
      return std::unexpected(std::move(checked.error()));
  }
  if (words.size() < kVixieFields.size()) {
    return wrong_at("expression", {"", line.size() + 1},
                    fmt::format("{} of the five fields of a schedule; write minute hour "
                                "day-of-month month day-of-week",
                                words.size()));
  }
  const Piece& last = words.back();
  VixieSchedule read{"", last.column - 1 + last.text.size(), {}};
  if (const auto parsed = Expression::parse(line.substr(0, read.length)); !parsed)
    return std::unexpected(parsed.error());
  const bool plus = needs_plus(words[2].text, words[4].text);
  for (const Piece& word : words) {
    if (!read.schedule.empty()) read.schedule += ' ';
    if (plus && &word == &last) read.schedule += '+';
    read.schedule += word.text;
  }
  if (plus) {
    const Piece& star = words[2].text.starts_with('*') ? words[2] : words[4];
    read.notes.push_back(fmt::format(
        "'{}' begins with a star, so Debian's cron wants both day fields to match; day-of-week is "
        "written as +{}",
        star.text, last.text));
  }
  return read;
}

}  // namespace mainspring::cron
