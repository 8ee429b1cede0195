#include "model/selector.h"

#include <algorithm>

#include <fmt/core.h>
#include <fmt/ranges.h>

namespace mainspring::model {
namespace {

using Test = LabelTerm::Test;

constexpr std::string_view kBlanks = " \t";

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '/' || c == ':' || c == '@';
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  base::Result<Selector> run() {
    Selector terms;
    skip_blanks();
    while (at_ < text_.size()) {
      if (!terms.empty() && !take(",")) return refuse("a comma");
      auto term = read_term();
      if (!term) return base::fail(std::move(term.error()));
      terms.push_back(std::move(*term));
      skip_blanks();
    }
    return terms;
  }

 private:
  base::Result<LabelTerm> read_term() {
    LabelTerm term;
    const bool is_absent = take("!");
    term.key = read_word();
    if (term.key.empty()) return refuse("the name of a label");
    if (is_absent) {
      term.test = Test::absent;
    } else if (take("!=")) {
      return with_value(std::move(term), Test::differs);
    } else if (take("==") || take("=")) {
      return with_value(std::move(term), Test::equals);
    } else if (take_word("notin")) {
      return with_list(std::move(term), Test::not_in);
    } else if (take_word("in")) {
      return with_list(std::move(term), Test::in);
    } else {
      term.test = Test::exists;
    }
    return term;
  }

  base::Result<LabelTerm> with_value(LabelTerm term, Test test) {
    term.test = test;
    term.values = {read_word()};
    return term;
  }

  base::Result<LabelTerm> with_list(LabelTerm term, Test test) {
    term.test = test;
    if (!take("(")) return refuse("a list such as (eu, us)");
    do
      term.values.push_back(read_word());
    while (take(","));
    if (!take(")")) return refuse("a comma or a closing parenthesis");
    return term;
  }

  void skip_blanks() { at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size()); }

  bool take(std::string_view sign) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }

  bool take_word(std::string_view word) {
    const std::size_t before = at_;
    if (read_word() == word) return true;
    at_ = before;
    return false;
  }

  std::string read_word() {
    skip_blanks();
    const std::size_t from = at_;
    while (at_ < text_.size() && is_word(text_[at_]))
      ++at_;
    return std::string(text_.substr(from, at_ - from));
  }

  std::unexpected<base::Error> refuse(std::string_view expected) const {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("the selector \"{:.200}\" cannot be read: expected {} in column "
                                  "{}; write such as team=platform,tier!=test",
                                  text_, expected, at_ + 1));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool holds(const LabelTerm& term, const Labels& labels) {
  const auto found = labels.find(term.key);
  const bool is_there = found != labels.end();
  const bool is_listed = is_there && std::ranges::count(term.values, found->second) > 0;
  switch (term.test) {
    case Test::exists:
      return is_there;
    case Test::absent:
      return !is_there;
    case Test::equals:
    case Test::in:
      return is_listed;
    case Test::differs:
    case Test::not_in:
      return !is_listed;
  }
  return false;
}

std::string to_text(const LabelTerm& term) {
  switch (term.test) {
    case Test::exists:
      return term.key;
    case Test::absent:
      return "!" + term.key;
    case Test::equals:
      return term.key + "=" + term.values.front();
    case Test::differs:
      return term.key + "!=" + term.values.front();
    case Test::in:
      return fmt::format("{} in ({})", term.key, fmt::join(term.values, ","));
    case Test::not_in:
      return fmt::format("{} notin ({})", term.key, fmt::join(term.values, ","));
  }
  return {};
}

}  // namespace

base::Result<Selector> parse_selector(std::string_view text) { return Parser(text).run(); }

bool matches(const Selector& selector, const Labels& labels) {
  return std::ranges::all_of(selector, [&](const LabelTerm& term) { return holds(term, labels); });
}

std::string to_text(const Selector& selector) {
  std::string out;
  for (const LabelTerm& term : selector)
    out += (out.empty() ? "" : ",") + to_text(term);
  return out;
}

}  // namespace mainspring::model
