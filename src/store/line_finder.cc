#include "store/line_finder.h"

#include <algorithm>

#include <fmt/core.h>
#include <re2/re2.h>

#include "store/terminal_text.h"

namespace mainspring::store {
namespace {

constexpr std::int64_t kStateBytes = 8 << 20;  // RE2's own default; a slow search beyond it

bool has_escapes(std::string_view text) { return text.find('\x1b') != std::string_view::npos; }

// The offset of the n-th line after the one that begins at `from`.
std::size_t skip_lines(std::string_view text, std::size_t from, std::int64_t n) {
  for (; n > 0; --n) from = text.find('\n', from) + 1;
  return from;
}

std::size_t line_begin(std::string_view text, std::size_t at) {
  const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return before == std::string_view::npos ? 0 : before + 1;
}

std::size_t line_end(std::string_view text, std::size_t from) {
  return std::min(text.find('\n', from), text.size());
}

base::Result<void> check(const LinePattern& wanted) {
  if (wanted.text.size() > kPatternBytes) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("a pattern of {} bytes; {} is the most", wanted.text.size(),
                                  kPatternBytes));
  }
  if (wanted.text.contains('\n')) {
    return base::fail(base::Code::invalid_argument,
                      "the pattern holds a line break; it is compared with single lines");
  }
  return {};
}

}  // namespace

base::Result<LineFinder> LineFinder::make(LinePattern wanted) {
  if (auto checked = check(wanted); !checked) return base::fail(std::move(checked.error()));
  const bool needs_regex = wanted.syntax == Syntax::regex || wanted.letters == Case::ignored;
  if (wanted.text.empty() || !needs_regex) return LineFinder(std::move(wanted), nullptr);
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kStateBytes);
  options.set_literal(wanted.syntax == Syntax::text);
  options.set_case_sensitive(wanted.letters == Case::exact);
  auto regex = std::make_unique<re2::RE2>(wanted.text, options);
  if (!regex->ok()) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("'{}' is no regular expression of RE2: {}", wanted.text,
                                  regex->error()));
  }
  return LineFinder(std::move(wanted), std::move(regex));
}

LineFinder::LineFinder(LinePattern wanted, std::unique_ptr<re2::RE2> regex)
    : wanted_(std::move(wanted)), regex_(std::move(regex)) {}
LineFinder::LineFinder(LineFinder&&) noexcept = default;
LineFinder& LineFinder::operator=(LineFinder&&) noexcept = default;
LineFinder::~LineFinder() = default;

// The first place at or after `from`, or npos.
std::size_t LineFinder::find(std::string_view text, std::size_t from, std::size_t& length) const {
  length = wanted_.text.size();
  if (!regex_) return text.find(wanted_.text, from);
  re2::StringPiece found;
  const re2::StringPiece piece(text.data(), text.size());
  if (!regex_->Match(piece, from, text.size(), re2::RE2::UNANCHORED, &found, 1))
    return std::string_view::npos;
  length = found.size();
  return static_cast<std::size_t>(found.data() - text.data());
}

Next LineFinder::search(const LineBlock& block,
                        const std::function<Next(const FoundLine&)>& found) const {
  if (wanted_.text.empty()) return each_line(block, found);
  // ^, $ and \s of a regular expression mean one line; a text can be looked for in all at once.
  if (wanted_.syntax == Syntax::text) return search_block(block, found);
  return each_line(block, [&](const FoundLine& line) {
    return matches(line.text) ? found(line) : Next::go_on;
  });
}

Next LineFinder::search_block(const LineBlock& block,
                              const std::function<Next(const FoundLine&)>& found) const {
  std::string visible;
  if (has_escapes(block.text)) visible = visible_text(block.text);
  const std::string_view text = has_escapes(block.text) ? visible : block.text;
  const bool is_same = text.size() == block.text.size();
  std::int64_t number = block.first_line;
  std::size_t counted = 0;   // the breaks before it are in `number`
  std::size_t original = 0;  // where line `number` begins in the block
  std::size_t length = 0;
  for (std::size_t at = find(text, 0, length); at != std::string_view::npos;) {
    const std::size_t begin = line_begin(text, at);
    const auto breaks = std::ranges::count(text.substr(counted, begin - counted), '\n');
    number += breaks;
    counted = begin;
    original = is_same ? begin : skip_lines(block.text, original, breaks);
    const std::size_t end = line_end(block.text, original);
    if (found({number, block.text.substr(original, end - original)}) == Next::stop)
      return Next::stop;
    at = find(text, line_end(text, at), length);
  }
  return Next::go_on;
}

bool LineFinder::matches(std::string_view line) const {
  if (wanted_.text.empty()) return true;
  if (wanted_.syntax == Syntax::regex) {
    line = line.substr(0, kComparedBytes);
    if (line.ends_with('\r')) line.remove_suffix(1);
  }
  std::size_t length = 0;
  if (!has_escapes(line)) return find(line, 0, length) != std::string_view::npos;
  return find(visible_text(line), 0, length) != std::string_view::npos;
}

std::vector<TextSpan> LineFinder::find_spans(std::string_view line, std::size_t most) const {
  std::vector<TextSpan> out;
  if (wanted_.text.empty()) return out;
  if (line.ends_with('\r')) line.remove_suffix(1);
  const std::string text = visible_text(line.substr(0, kComparedBytes));
  std::size_t length = 0;
  for (std::size_t at = find(text, 0, length); at != std::string::npos && out.size() < most;) {
    if (length > 0) out.push_back({at, length});
    const std::size_t next = at + std::max<std::size_t>(length, 1);
    if (next > text.size()) break;
    at = find(text, next, length);
  }
  return out;
}

}  // namespace mainspring::store
