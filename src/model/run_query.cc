#include "model/run_query.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/core.h>

#include "base/text.h"
#include "json/codec.h"

namespace mainspring::model {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kStops = " \t\r\n,\"";  // of a value without quotes

// A value and where it begins in the text, from 0.
struct Value {
  std::string text;
  std::size_t at = 0;
};

struct Term {
  std::string_view key;  // empty: a word alone
  std::size_t at = 0;
  bool is_negated = false;
  std::vector<Value> values;
};

template <class E>
std::vector<std::string_view> words_of() {
  std::vector<std::string_view> words;
  for (const json::EnumTable::Row& row : described(E{}).rows)
    words.push_back(row.name);
  return words;
}

class Parser {
 public:
  Parser(std::string_view text, base::Instant now) : text_(text), now_(now) {}

  base::Result<RunQuery> run() {
    if (text_.size() > kRunQueryBytes) {
      return base::fail(
          base::Code::invalid_argument,
          fmt::format("The query has {} bytes; give at most {}.", text_.size(), kRunQueryBytes));
    }
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
      const auto term = read_term();
      if (!term) break;
      take(*term);
    }
    if (query_.since && query_.until && *query_.since >= *query_.until) {
      refuse(seen_["until"], "'until' is not after 'since'; nothing can match");
    }
    if (error_.problems.empty()) return std::move(query_);
    const base::Problem& first = error_.problems.front();
    error_.message =
        fmt::format("The query cannot be read: {} in column {}.", first.message, first.column);
    return base::fail(std::move(error_));
  }

 private:
  using Take = void (Parser::*)(const Term&);
  struct Key {
    std::string_view name;
    Take take;
    bool can_be_negated;
  };
  static constexpr std::array<Key, 9> keys() {
    return {{{"state", &Parser::take_state, true},
             {"job", &Parser::take_job, false},
             {"label", &Parser::take_label, true},
             {"trigger", &Parser::take_trigger, true},
             {"queue", &Parser::take_queue, false},
             {"since", &Parser::take_since, false},
             {"until", &Parser::take_until, false},
             {"id", &Parser::take_id, false},
             {"operation", &Parser::take_operation, false}}};
  }

  void refuse(std::size_t at, std::string message, std::string suggestion = {}) {
    error_.problems.push_back({.pointer = {},
                               .line = 1,
                               .column = static_cast<int>(at) + 1,
                               .message = std::move(message),
                               .suggestion = std::move(suggestion)});
  }

  void skip_blanks() { at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size()); }

  // ---- reading

  std::optional<Term> read_term() {
    Term term{.key = {}, .at = at_, .is_negated = text_[at_] == '-', .values = {}};
    if (term.is_negated) ++at_;
    const std::size_t end = std::min(text_.find_first_of(" \t\r\n,:\"", at_), text_.size());
    if (end < text_.size() && text_[end] == ':') {
      if (end == at_) {
        refuse(at_, "the colon has no term before it");
        return std::nullopt;
      }
      term.key = text_.substr(at_, end - at_);
      at_ = end + 1;
    }
    do {
      auto value = read_value();
      if (!value) return std::nullopt;
      term.values.push_back(std::move(*value));
    } while (!term.key.empty() && skip(','));
    const bool is_whole = at_ == text_.size() || kBlanks.contains(text_[at_]);
    if (is_whole) return term;
    refuse(at_, "a blank is missing between two terms");
    return std::nullopt;
  }

  bool skip(char sign) {
    if (at_ == text_.size() || text_[at_] != sign) return false;
    ++at_;
    return true;
  }

  std::optional<Value> read_value() {
    Value value{{}, at_};
    if (skip('"')) return read_quoted(std::move(value));
    const std::size_t end = std::min(text_.find_first_of(kStops, at_), text_.size());
    value.text = text_.substr(at_, end - at_);
    at_ = end;
    if (!value.text.empty()) return value;
    refuse(value.at, "a value is missing");
    return std::nullopt;
  }

  std::optional<Value> read_quoted(Value value) {
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      value.text += text_[at_++];
    }
    if (!skip('"')) {
      refuse(value.at, "a quote is not closed");
      return std::nullopt;
    }
    return value;
  }

  // ---- meaning

  void take(const Term& term) {
    if (term.key.empty()) return take_word(term);
    std::vector<std::string_view> names;
    for (const Key& key : keys()) {
      names.push_back(key.name);
      if (key.name != term.key) continue;
      if (term.is_negated && !key.can_be_negated) {
        return refuse(term.at, fmt::format("'{}' cannot be negated", key.name));
      }
      const bool is_first = seen_.emplace(key.name, term.at).second;
      if (!is_first && key.name != "label") {
        return refuse(term.at,
                      fmt::format("'{0}' is given twice; write {0}:a,b for either", key.name));
      }
      return (this->*key.take)(term);
    }
    refuse(term.at + (term.is_negated ? 1 : 0),
           fmt::format("unknown term '{:.100}'; there are {}", term.key,
                       base::join_words(names, " and ")),
           base::find_closest(term.key, names));
  }

  void take_word(const Term& term) {
    const std::string& word = term.values.front().text;
    if (term.is_negated) return refuse(term.at, "'job' cannot be negated");
    if (!seen_.emplace("job", term.at).second) {
      return refuse(term.at, "a second word or 'job'; write job:a,b for either");
    }
    query_.jobs.push_back("*" + word + "*");
  }

  template <class E>
  void take_choice(const Term& term, std::vector<E>& out) {
    std::vector<E> named;
    const auto words = words_of<E>();
    for (const auto& [text, at] : term.values) {
      if (const auto value = json::parse_enum<E>(text)) {
        named.push_back(*value);
      } else {
        refuse(at,
               fmt::format("'{:.100}' is no {}; there are {}", text, term.key,
                           base::join_words(words, " and ")),
               base::find_closest(text, words));
      }
    }
    for (const std::string_view word : words) {
      const E value = *json::parse_enum<E>(word);
      if ((std::ranges::count(named, value) > 0) != term.is_negated) out.push_back(value);
    }
    if (out.empty()) refuse(term.at, "nothing is left to match");
  }
  void take_state(const Term& term) { take_choice(term, query_.states); }
  void take_trigger(const Term& term) { take_choice(term, query_.triggers); }

  void take_job(const Term& term) { take_texts(term, query_.jobs); }
  void take_queue(const Term& term) { take_texts(term, query_.queues); }
  static void take_texts(const Term& term, std::vector<std::string>& out) {
    for (const Value& value : term.values)
      out.push_back(value.text);
  }

  // Several values all hold, as the terms of a selector do.
  void take_label(const Term& term) {
    for (const auto& [text, at] : term.values) {
      auto selector = parse_selector(text);
      if (!selector || selector->size() != 1) {
        refuse(at, "a label is written key=value, key!=value, key or !key");
        continue;
      }
      LabelTerm label = std::move(selector->front());
      if (term.is_negated && !negate(label)) {
        refuse(at, "a label that is negated is written key=value or key");
        continue;
      }
      query_.labels.push_back(std::move(label));
    }
  }

  static bool negate(LabelTerm& label) {
    using Test = LabelTerm::Test;
    if (label.test != Test::equals && label.test != Test::exists) return false;
    label.test = label.test == Test::equals ? Test::differs : Test::absent;
    return true;
  }

  void take_since(const Term& term) { query_.since = read_instant(term); }
  void take_until(const Term& term) { query_.until = read_instant(term); }

  // "2h" ago, "2026-11-22" at midnight UTC, or an instant.
  std::optional<base::Instant> read_instant(const Term& term) {
    const auto& [text, at] = term.values.front();
    if (term.values.size() > 1) refuse(term.values[1].at, "one time is enough");
    if (const auto ago = base::parse_duration(text)) return now_ - *ago;
    if (const auto instant = base::parse_instant(text)) return *instant;
    if (const auto day = base::parse_instant(text + "T00:00:00Z")) return *day;
    refuse(at, fmt::format("'{:.100}' is no time; write 2h (ago), 2026-11-22 or "
                           "2026-11-22T02:30:00Z",
                           text));
    return std::nullopt;
  }

  void take_id(const Term& term) {
    for (const auto& [text, at] : term.values) {
      const auto id = base::RunId::parse(text);
      if (!id) refuse(at, fmt::format("'{:.100}' is no id of a run", text));
      if (id) query_.ids.push_back(*id);
    }
  }

  void take_operation(const Term& term) {
    const auto& [text, at] = term.values.front();
    if (term.values.size() > 1) refuse(term.values[1].at, "one operation is enough");
    const auto id = base::OperationId::parse(text);
    if (!id) return refuse(at, fmt::format("'{:.100}' is no id of an operation", text));
    query_.operation = *id;
  }

  std::string_view text_;
  base::Instant now_;
  std::size_t at_ = 0;
  std::map<std::string_view, std::size_t> seen_;  // keys, and where they stand
  RunQuery query_;
  base::Error error_{base::Code::invalid_argument, "", {}};
};

}  // namespace

base::Result<RunQuery> parse_run_query(std::string_view text, base::Instant now) {
  return Parser(text, now).run();
}

base::Result<RunSelection> to_selection(const RunQuery& query) {
  const auto refuse = [](std::string_view what) {
    return base::fail(base::Code::unsupported,
                      fmt::format("An operation on many runs cannot select by {}.", what));
  };
  if (query.jobs.size() > 1) return refuse("several jobs; start one for each");
  if (!query.jobs.empty() && query.jobs.front().contains('*')) {
    return refuse("a part of a job's name; use a label");
  }
  if (query.triggers.size() > 1) return refuse("several triggers");
  if (query.queues.size() > 1) return refuse("several queues");
  if (!query.ids.empty()) return refuse("id");
  if (query.operation) return refuse("operation");
  RunSelection out;
  if (!query.jobs.empty()) out.job = query.jobs.front();
  out.states = query.states;
  if (!query.triggers.empty()) out.trigger = query.triggers.front();
  if (!query.queues.empty()) out.queue = query.queues.front();
  out.selector = to_text(query.labels);
  out.created_from = query.since;
  out.created_until = query.until;
  return out;
}

// Greedy with one place to go back to: the last star. Its cost is the product of the lengths at
// worst.
bool matches_glob(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t tried = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      tried = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++tried;
    } else {
      return false;
    }
  }
  return pattern.substr(p).find_first_not_of('*') == std::string_view::npos;
}

}  // namespace mainspring::model
