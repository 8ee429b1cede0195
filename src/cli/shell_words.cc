#include "cli/shell_words.h"

#include <algorithm>

namespace mainspring::cli {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool ends_command(char c) {
  return c == '&' || c == '|' || c == ';' || c == '(' || c == ')' || c == '\n';
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<Words> run() {
    while (at_ < text_.size())
      step();
    end_command();
    return std::move(commands_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (is_blank(c)) {
      end_word();
      ++at_;
    } else if (c == '#' && !has_word_) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == '<' || c == '>') {
      skip_redirection();
    } else if (ends_command(c)) {
      end_command();
      ++at_;
    } else {
      read_part(c);
    }
  }

  void read_part(char c) {
    has_word_ = true;
    if (c == '\'' || c == '"' || c == '`') {
      read_quoted(c);
    } else if (text_.substr(at_).starts_with("$(") || text_.substr(at_).starts_with("${")) {
      read_substitution(text_[at_ + 1] == '(' ? ')' : '}');
    } else {
      if (c == '\\' && at_ + 1 < text_.size()) ++at_;
      word_ += text_[at_++];
    }
  }

  void read_quoted(char quote) {
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\' && quote != '\'' && at_ + 1 < text_.size()) ++at_;
      word_ += text_[at_];
    }
    ++at_;
  }

  void read_substitution(char close) {
    const char open = text_[at_ + 1];
    int depth = 0;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == open) ++depth;
      if (text_[at_] == close && --depth == 0) break;
    }
    word_ += '$';
    ++at_;
  }

  // "2>&1", "> file", "<<< text": the sign, and the word that follows.
  void skip_redirection() {
    const bool is_number = std::ranges::all_of(word_, [](char c) { return c >= '0' && c <= '9'; });
    if (is_number) {
      word_.clear();
      has_word_ = false;
    }
    end_word();
    at_ = std::min(text_.find_first_not_of("<>&|", at_), text_.size());
    at_ = std::min(text_.find_first_not_of(" \t", at_), text_.size());
    while (at_ < text_.size() && !is_blank(text_[at_]) && !ends_command(text_[at_]) &&
           text_[at_] != '<' && text_[at_] != '>') {
      read_part(text_[at_]);
    }
    word_.clear();
    has_word_ = false;
  }

  void end_word() {
    if (has_word_) words_.push_back(std::move(word_));
    word_.clear();
    has_word_ = false;
  }

  void end_command() {
    end_word();
    if (!words_.empty()) commands_.push_back(std::move(words_));
    words_.clear();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string word_;
  bool has_word_ = false;
  Words words_;
  std::vector<Words> commands_;
};

}  // namespace

std::vector<Words> split_shell(std::string_view text) { return Splitter{text}.run(); }

}  // namespace mainspring::cli
