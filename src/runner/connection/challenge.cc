#include "runner/connection/challenge.h"

#include <algorithm>
#include <cctype>

namespace mainspring::runner {
namespace {

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool is_at_end() const { return at_ >= text_.size(); }
  bool take(char wanted) {
    if (is_at_end() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  void skip(std::string_view any) {
    while (!is_at_end() && any.contains(text_[at_]))
      ++at_;
  }
  std::string_view word() {
    const std::size_t end = std::min(text_.size(), text_.find_first_of(" \t,=\"", at_));
    const std::string_view out = text_.substr(at_, end - at_);
    at_ = end;
    return out;
  }
  // Up to the closing quote, or to the end.
  std::string quoted() {
    std::string out;
    while (!is_at_end() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      out += text_[at_++];
    }
    take('"');
    return out;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::string Challenge::find(const std::string& name) const {
  const auto found = values.find(name);
  return found == values.end() ? std::string{} : found->second;
}

Challenge parse_challenge(std::string_view text) {
  Scanner scanner(text);
  scanner.skip(" \t");
  Challenge out{lower(scanner.word()), {}};
  while (!scanner.is_at_end()) {
    scanner.skip(" \t,");
    const std::string name = lower(scanner.word());
    scanner.skip(" \t");
    if (name.empty() || !scanner.take('=')) return out;  // the next challenge, or nonsense
    scanner.skip(" \t");
    out.values.emplace(name, scanner.take('"') ? scanner.quoted() : std::string{scanner.word()});
  }
  return out;
}

}  // namespace mainspring::runner
