#include "json/wording.h"

#include "json/write.h"

namespace mainspring::json {
namespace {

// The longest piece of a wrong text that a message repeats, in bytes: enough to recognise it.
constexpr std::size_t kQuotedBytes = 60;

}  // namespace

std::string_view kind_of(const Value& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      return "null";
    case boost::json::kind::bool_:
      return "a boolean";
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
    case boost::json::kind::double_:
      return "a number";
    case boost::json::kind::string:
      return "a string";
    case boost::json::kind::array:
      return "an array";
    case boost::json::kind::object:
      return "an object";
  }
  return "nothing";
}

std::string quoted(std::string_view text) {
  std::string out;
  if (text.size() <= kQuotedBytes) {
    append_quoted(out, text);
    return out;
  }
  std::size_t cut = kQuotedBytes;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80)
    --cut;
  append_quoted(out, text.substr(0, cut));
  return out + "...";
}

std::string shown(const Value& value) {
  return value.is_string() ? quoted(text_of(value.get_string())) : std::string(kind_of(value));
}

}  // namespace mainspring::json
