#include "store/terminal_text.h"

namespace mainspring::store {
namespace {

constexpr char kEscape = '\x1b';
constexpr char kBell = '\x07';

bool is_in(char c, char low, char high) { return c >= low && c <= high; }

// The end of what follows ESC [: parameters, intermediates, one final byte.
std::size_t control_end(std::string_view text, std::size_t at) {
  while (at < text.size() && is_in(text[at], 0x20, 0x3f)) ++at;
  const bool has_final = at < text.size() && is_in(text[at], 0x40, 0x7e);
  return has_final ? at + 1 : at;
}

// The end of what follows ESC ]: anything up to BEL or ESC \.
std::size_t command_end(std::string_view text, std::size_t at) {
  for (; at < text.size() && text[at] != '\n'; ++at) {
    if (text[at] == kBell) return at + 1;
    if (text[at] == kEscape && at + 1 < text.size() && text[at + 1] == '\\') return at + 2;
  }
  return at;
}

// The end of the sequence that begins with the ESC at `at`.
std::size_t sequence_end(std::string_view text, std::size_t at) {
  ++at;
  if (at == text.size() || text[at] == '\n') return at;
  if (text[at] == '[') return control_end(text, at + 1);
  if (text[at] == ']') return command_end(text, at + 1);
  while (at < text.size() && is_in(text[at], 0x20, 0x2f)) ++at;  // such as ESC ( B
  const bool has_final = at < text.size() && is_in(text[at], 0x30, 0x7e);
  return has_final ? at + 1 : at;
}

}  // namespace

std::string visible_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t escape = std::min(text.find(kEscape, at), text.size());
    out += text.substr(at, escape - at);
    at = escape == text.size() ? escape : sequence_end(text, escape);
  }
  return out;
}

}  // namespace mainspring::store
