#include "cron/expression.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/text.h"
#include "cron/field_parser.h"

namespace mainspring::cron {
namespace {

struct Nickname {
  std::string_view name;
  std::string_view pattern;
};
constexpr std::array<Nickname, 7> kNicknames{{{"@yearly", "0 0 1 1 *"},
                                              {"@annually", "0 0 1 1 *"},
                                              {"@monthly", "0 0 1 * *"},
                                              {"@weekly", "0 0 * * 0"},
                                              {"@daily", "0 0 * * *"},
                                              {"@midnight", "0 0 * * *"},
                                              {"@hourly", "0 * * * *"}}};
constexpr std::array<std::string_view, 9> kAtWords{"@yearly", "@annually", "@monthly",
                                                   "@weekly", "@daily",    "@midnight",
                                                   "@hourly", "@reboot",   "@every"};

// The 230 years from 1970, as the field `*` would give them.
constexpr std::array<std::uint64_t, 4> kEveryYear{~std::uint64_t{0}, ~std::uint64_t{0},
                                                  ~std::uint64_t{0}, (std::uint64_t{1} << 38) - 1};
static_assert(3 * 64 + 38 == kLastYear - kFirstYear + 1);

constexpr std::string_view kAllowedMarks = "*,-/ \t+?#~()@";

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::vector<Piece> split_fields(std::string_view text) {
  std::vector<Piece> pieces;
  for (std::size_t at = 0; at < text.size();) {
    if (is_blank(text[at])) {
      ++at;
      continue;
    }
    const std::size_t end = std::min(text.find_first_of(" \t", at), text.size());
    pieces.push_back({text.substr(at, end - at), at + 1});
    at = end;
  }
  return pieces;
}

// The field that the character at `at` belongs to, or "expression" where the fields do not add up.
std::string_view place_name(const std::vector<Piece>& pieces, std::size_t at) {
  const bool countable = pieces.size() >= 5 && pieces.size() <= kFieldCount;
  if (!countable || pieces[0].text.starts_with('@')) return "expression";
  const auto begins_after = [at](const Piece& piece) { return piece.column > at + 1; };
  const auto next = std::ranges::find_if(pieces, begins_after) - pieces.begin();
  return field_name(static_cast<Field>(next - (pieces.size() == 5 ? 0 : 1)));
}

base::Result<void> check_text(std::string_view text, const std::vector<Piece>& pieces) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (word || kAllowedMarks.contains(text[i])) continue;
    const std::size_t length = c > ' ' && c != 0x7f ? base::utf8_length(text.substr(i)) : 0;
    const std::string shown =
        length > 0 ? fmt::format("'{}'", text.substr(i, length)) : fmt::format("byte 0x{:02x}", c);
    return wrong_at(place_name(pieces, i), {text.substr(i), i + 1},
                    fmt::format("{} is not allowed; write digits, names and * , - / L W # + ? H ~ "
                                "with blanks between fields",
                                shown));
  }
  return {};
}

base::Result<base::Duration> parse_every(const std::vector<Piece>& pieces) {
  if (pieces.size() != 2) {
    const Piece at = pieces.size() > 2 ? pieces[2] : pieces[0];
    return wrong_at("expression", at, "@every takes one duration, as in @every 90s");
  }
  const auto interval = base::parse_duration(pieces[1].text);
  if (!interval) return wrong_at("expression", pieces[1], interval.error().message);
  if (*interval < std::chrono::seconds{1} ||
      *interval % std::chrono::seconds{1} != base::Duration{0})
    return wrong_at("expression", pieces[1],
                    fmt::format("'{}' is not a whole number of seconds of at least 1; write 1s or "
                                "more",
                                pieces[1].text));
  return *interval;
}

std::unexpected<base::Error> unknown_nickname(Piece at) {
  std::string close = base::find_closest(at.text, kAtWords);
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  const bool only_case = !close.empty() && std::ranges::equal(close, at.text, {}, {}, lower);
  const std::string rule = only_case
                               ? fmt::format("nicknames are written in lower case; write {}", close)
                               : fmt::format("'{}' is not a nickname; write {}", at.text,
                                             base::join_words(kAtWords, " or "));
  return wrong_at("expression", at, rule, std::move(close));
}

base::Result<Fields> parse_fields(const std::vector<Piece>& pieces, std::string_view seed) {
  Fields fields{};
  const bool seconds = pieces.size() >= 6;
  std::size_t field = seconds ? 0 : 1;
  if (!seconds) fields.seconds = 1;
  if (pieces.size() < kFieldCount) {
    fields.years = kEveryYear;
    fields.star[static_cast<std::size_t>(Field::year)] = kPlainStar;
  }
  for (const Piece& piece : pieces) {
    FieldParser parser{static_cast<Field>(field++), seed};
    if (auto parsed = parser.parse(piece, fields); !parsed)
      return std::unexpected(std::move(parsed.error()));
  }
  return fields;
}

base::Result<Fields> parse_nickname(const std::vector<Piece>& pieces) {
  const auto* known = std::ranges::find(kNicknames, pieces[0].text, &Nickname::name);
  if (known == kNicknames.end()) return unknown_nickname(pieces[0]);
  return parse_fields(split_fields(known->pattern), {});
}

// Ranges for runs of three or more, one `a-b/n` for an even spacing, else a list.
std::string list_text(const std::vector<int>& values) {
  const std::size_t count = values.size();
  const int gap = count > 2 ? values[1] - values[0] : 0;
  bool even = gap > 1;
  for (std::size_t i = 1; even && i < count; ++i)
    even = values[i] - values[i - 1] == gap;
  if (even) return fmt::format("{}-{}/{}", values.front(), values.back(), gap);
  std::string out;
  for (std::size_t i = 0; i < count;) {
    std::size_t run = i + 1;
    while (run < count && values[run] == values[run - 1] + 1)
      ++run;
    if (run - i < 3) run = i + 1;
    out += out.empty() ? "" : ",";
    out += run == i + 1 ? fmt::format("{}", values[i])
                        : fmt::format("{}-{}", values[i], values[run - 1]);
    i = run;
  }
  return out;
}

bool has_value(const Fields& fields, Field field, int value) {
  const auto bit = [value](std::uint64_t bits) { return (bits >> value & 1) != 0; };
  switch (field) {
    case Field::second:
      return bit(fields.seconds);
    case Field::minute:
      return bit(fields.minutes);
    case Field::hour:
      return bit(fields.hours);
    case Field::day_of_month:
      return bit(fields.days);
    case Field::month:
      return bit(fields.months);
    case Field::day_of_week:
      return bit(fields.weekdays);
    case Field::year:
      return has_year(fields, value);
  }
  return false;
}

void append(std::string& out, std::string_view item) {
  if (!out.empty() && !item.empty()) out += ',';
  out += item;
}

std::string field_text(const Fields& fields, Field field) {
  const FieldRule& rule = field_rule(field);
  const int star = fields.star[static_cast<std::size_t>(field)];
  std::string out;
  if (star == kPlainStar) {
    out = "*";
  } else {
    std::vector<int> rest;
    for (int value = rule.low; value <= rule.star_high; ++value) {
      const bool by_star = star != 0 && (value - rule.low) % star == 0;
      if (!by_star && has_value(fields, field, value)) rest.push_back(value);
    }
    if (star != 0) out = fmt::format("*/{}", star);
    append(out, list_text(rest));
  }
  if (field == Field::day_of_month) {
    if (fields.last_day) append(out, "L");
    if (fields.nearest == kNearestLast) out = "LW";
    if (fields.nearest != 0 && fields.nearest != kNearestLast)
      out = fmt::format("{}W", fields.nearest);
  }
  if (field == Field::day_of_week) {
    for (std::size_t day = 0; day < 7; ++day) {
      for (int nth = 1; nth <= kNthLast; ++nth) {
        if ((fields.nth[day] >> nth & 1) == 0) continue;
        append(out, nth == kNthLast ? fmt::format("{}#L", day) : fmt::format("{}#{}", day, nth));
      }
    }
    if (fields.both_days) out.insert(0, "+");
  }
  return out;
}

}  // namespace

base::Result<Expression> Expression::parse(std::string_view text, std::string_view spread_seed) {
  if (text.size() > kLongestText) {
    return wrong_at(
        "expression", {text, kLongestText + 1},
        fmt::format("more than {} characters; write ranges in place of lists", kLongestText));
  }
  const std::vector<Piece> pieces = split_fields(text);
  if (auto checked = check_text(text, pieces); !checked)
    return std::unexpected(std::move(checked.error()));
  Expression parsed;
  if (!pieces.empty() && pieces[0].text.starts_with('@')) {
    if (pieces[0].text == "@every") {
      const auto interval = parse_every(pieces);
      if (!interval) return std::unexpected(interval.error());
      parsed.interval_ = *interval;
      return parsed;
    }
    const bool known = std::ranges::find(kAtWords, pieces[0].text) != kAtWords.end();
    if (known && pieces.size() > 1) {
      return wrong_at("expression", pieces[1],
                      fmt::format("{} must stand alone; remove what follows it", pieces[0].text));
    }
    parsed.reboot_ = pieces[0].text == "@reboot";
    if (parsed.reboot_) return parsed;
  } else if (pieces.size() < 5 || pieces.size() > kFieldCount) {
    const Piece at = pieces.size() > kFieldCount ? pieces[kFieldCount]
                                                 : Piece{"", std::max<std::size_t>(text.size(), 1)};
    return wrong_at("expression", at,
                    fmt::format("{} field{}; write 5 (minute hour day-of-month month day-of-week), "
                                "6 (second first) or 7 (year last)",
                                pieces.size(), pieces.size() == 1 ? "" : "s"));
  }
  if (pieces.size() > 5 && pieces[5].text.starts_with('/')) {
    return wrong_at("expression", pieces[5],
                    fmt::format("'{}' is no field, and a command stands apart from its schedule; "
                                "write five fields",
                                pieces[5].text));
  }
  auto fields =
      pieces[0].text.starts_with('@') ? parse_nickname(pieces) : parse_fields(pieces, spread_seed);
  if (!fields) return std::unexpected(std::move(fields.error()));
  parsed.fields_ = *fields;
  return parsed;
}

std::string Expression::text() const {
  if (reboot_) return "@reboot";
  if (interval_ != base::Duration{0}) return "@every " + base::format_duration(interval_);
  const bool years = fields_.star[static_cast<std::size_t>(Field::year)] != kPlainStar;
  const bool seconds = years || fields_.seconds != 1 || fields_.star[0] != 0;
  std::string out;
  for (std::size_t i = seconds ? 0 : 1; i < kFieldCount - (years ? 0 : 1); ++i) {
    if (!out.empty()) out += ' ';
    out += field_text(fields_, static_cast<Field>(i));
  }
  return out;
}

bool Expression::keeps_spacing() const {
  return fields_.star[static_cast<std::size_t>(Field::minute)] != 0 ||
         fields_.star[static_cast<std::size_t>(Field::hour)] != 0;
}

}  // namespace mainspring::cron
