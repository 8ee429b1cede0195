#include "json/source_map.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <unordered_set>

#include <boost/json/parse.hpp>

#include "json/reader.h"

namespace mainspring::json {
namespace {

// Walks text that is known to be valid JSON and reports where each key and value begins.
template <class Visitor>
class Scan {
 public:
  Scan(std::string_view text, Visitor& visitor) : text_(text), visitor_(visitor) {}

  void document() {
    skip_spaces();
    visitor_.place(kRootPath, at_, at_);
    value(kRootPath);
  }

 private:
  void value(PathHash path) {
    const char first = text_[at_];
    if (first == '{') return object(path);
    if (first == '[') return array(path);
    if (first == '"') return static_cast<void>(string());
    at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
  }

  void object(PathHash path) {
    visitor_.begin_object();
    step();
    while (text_[at_] != '}') {
      const std::size_t key_at = at_;
      const std::string key = decoded(string());
      skip_spaces();
      step();  // ':'
      const std::size_t length = pointer_.size();
      append_pointer(pointer_, key);
      visitor_.key(pointer_, key, key_at);
      const PathHash member = extend(path, key);
      visitor_.place(member, key_at, at_);
      value(member);
      pointer_.resize(length);
      skip_spaces();
      if (text_[at_] == ',') step();
    }
    ++at_;
    visitor_.end_object();
  }

  void array(PathHash path) {
    step();
    for (std::size_t index = 0; text_[at_] != ']'; ++index) {
      const std::size_t length = pointer_.size();
      append_pointer(pointer_, std::to_string(index));
      const PathHash element = extend(path, index);
      visitor_.place(element, at_, at_);
      value(element);
      pointer_.resize(length);
      skip_spaces();
      if (text_[at_] == ',') step();
    }
    ++at_;
  }

  // The token, with its quotes.
  std::string_view string() {
    const std::size_t begin = at_++;
    while (text_[at_] != '"')
      at_ += text_[at_] == '\\' ? 2 : 1;
    ++at_;
    return text_.substr(begin, at_ - begin);
  }

  static std::string decoded(std::string_view token) {
    if (token.find('\\') == token.npos) return std::string(token.substr(1, token.size() - 2));
    const Value value = boost::json::parse({token.data(), token.size()});
    return {value.get_string().data(), value.get_string().size()};
  }

  void step() {
    ++at_;
    skip_spaces();
  }
  void skip_spaces() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  std::string_view text_;
  Visitor& visitor_;
  std::size_t at_ = 0;
  std::string pointer_;
};

struct Offsets {
  std::size_t key, value;
};

struct Locator {
  std::unordered_map<PathHash, std::optional<Offsets>> wanted;

  void begin_object() {}
  void end_object() {}
  void key(std::string_view, std::string_view, std::size_t) {}
  void place(PathHash path, std::size_t key_at, std::size_t value_at) {
    const auto found = wanted.find(path);
    if (found != wanted.end()) found->second = Offsets{key_at, value_at};
  }
};

class JsonSource : public SourceMap {
 public:
  explicit JsonSource(std::string text) : text_(std::move(text)) {}

  void locate(std::span<Query> queries) const override {
    Locator locator;
    for (const Query& query : queries)
      for (const PathHash path : trail_of(query.pointer))
        locator.wanted.try_emplace(path);
    Scan<Locator>(text_, locator).document();
    for (Query& query : queries) {
      const auto trail = trail_of(query.pointer);
      std::size_t i = trail.size() - 1;
      while (i > 0 && !locator.wanted.at(trail[i]))
        --i;
      const Offsets offsets = locator.wanted.at(trail[i]).value_or(Offsets{});
      const bool wants_key = query.part == Part::key && i + 1 == trail.size();
      query.found = position_of(text_, wants_key ? offsets.key : offsets.value);
    }
  }

 private:
  std::string text_;
};

struct DuplicateFinder {
  std::string_view text;
  std::vector<std::unordered_set<std::string>> open;  // the keys of each object around
  std::vector<base::Problem> problems;

  void begin_object() { open.emplace_back(); }
  void end_object() { open.pop_back(); }
  void key(std::string_view pointer, std::string_view key, std::size_t key_at) {
    if (open.back().emplace(key).second || problems.size() >= kMaxProblems) return;
    const Position where = position_of(text, key_at);
    problems.push_back(
        {std::string(pointer), where.line, where.column, "duplicate key; keep one of them", ""});
  }
  void place(PathHash, std::size_t, std::size_t) {}
};

}  // namespace

PathHash extend(PathHash path, std::string_view key) {
  constexpr PathHash kOddFraction = 0x9E3779B97F4A7C15;  // of the golden ratio: spreads the bits
  PathHash mixed = (path ^ std::hash<std::string_view>{}(key)) * kOddFraction;
  return (mixed ^ mixed >> 32) + kOddFraction;
}

PathHash extend(PathHash path, std::size_t index) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, index).ptr;
  return extend(path, std::string_view(digits, end));
}

std::vector<PathHash> trail_of(std::string_view pointer) {
  std::vector<PathHash> trail{kRootPath};
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    std::string key;
    for (std::size_t i = 0; i < end; ++i) {
      const bool is_escape = pointer[i] == '~' && i + 1 < end;
      key += !is_escape ? pointer[i] : pointer[++i] == '1' ? '/' : '~';
    }
    trail.push_back(extend(trail.back(), key));
    pointer.remove_prefix(end);
  }
  return trail;
}

std::shared_ptr<const SourceMap> make_json_source(std::string text) {
  return std::make_shared<JsonSource>(std::move(text));
}

std::vector<base::Problem> find_duplicate_keys(std::string_view text) {
  DuplicateFinder finder{text, {}, {}};
  Scan<DuplicateFinder>(text, finder).document();
  return std::move(finder.problems);
}

Position position_of(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto column = std::ranges::count_if(before.substr(line_start), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  });
  return {static_cast<int>(std::ranges::count(before, '\n')) + 1, static_cast<int>(column) + 1};
}

}  // namespace mainspring::json
