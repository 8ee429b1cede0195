#include "postgres/storable_text.h"

#include "base/text.h"

namespace mainspring::postgres {

bool is_storable(std::string_view text) {
  return text.find('\0') == std::string_view::npos && base::is_utf8(text);
}

std::string repair(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::size_t length = base::utf8_length(text);
    if (length == 0 || text.front() == '\0') {
      out += "\xEF\xBF\xBD";
      length = 1;
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace mainspring::postgres
