// Internal: the parser of one field of a cron expression.
#pragma once

#include <bitset>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"
#include "cron/fields.h"

namespace mainspring::cron {

// A piece of the text that is being parsed; `column` of its first character, from 1.
struct Piece {
  std::string_view text;
  std::size_t column;

  Piece sub(std::size_t from, std::size_t count = std::string_view::npos) const {
    return {text.substr(from, count), column + from};
  }
};

// invalid_argument with "<where>, column <n>: <rule>", as message and as its one problem.
std::unexpected<base::Error> wrong_at(std::string_view where, Piece at, std::string_view rule,
                                      std::string suggestion = {});

class FieldParser {
 public:
  FieldParser(Field field, std::string_view spread_seed)
      : field_(field), rule_(field_rule(field)), seed_(spread_seed) {}

  // Reads the whole field into `out`.
  base::Result<void> parse(Piece text, Fields& out);

 private:
  struct Range {
    int low;
    int high;
  };

  base::Result<void> parse_list(Piece list);
  base::Result<void> parse_item(Piece item);
  base::Result<void> parse_range(Piece item);
  base::Result<void> parse_spread(Piece item);
  base::Result<void> parse_tilde(Piece item);
  base::Result<void> parse_day_of_month(Piece item);
  base::Result<void> parse_day_of_week(Piece item);
  base::Result<int> parse_value(Piece token) const;
  base::Result<int> parse_step(Piece token) const;
  base::Result<Range> parse_bounds(Piece text) const;
  std::string unwound(Range range) const;
  base::Result<void> check_characters(Piece text) const;

  void add(Range range, int step);
  std::uint64_t spread_hash() const;
  void store(Fields& out) const;
  std::unexpected<base::Error> wrong(Piece at, std::string_view rule,
                                     std::string suggestion = {}) const;

  Field field_;
  const FieldRule& rule_;
  std::string_view seed_;
  bool alone_ = true;        // the field has one list item
  std::bitset<256> values_;  // bit n: the value n above the rule's lowest
  Fields special_{};         // what is no plain set: nth, nearest, last_day, both_days, star
};

}  // namespace mainspring::cron
