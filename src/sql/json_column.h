// Described values as the JSON text of a column. Internal to this module.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "json/codec.h"
#include "store/store.h"

namespace mainspring::sql {

[[noreturn]] void fail_unreadable(std::string_view text, const base::Error& error);

template <class T>
std::string to_column(const T& value) {
  return json::encode_text(value, json::Audience::self);
}

// Throws store::Unavailable for a text that this program did not write.
template <class T>
T from_column(const std::string& text) {
  auto document = json::parse_json(text, {.max_bytes = std::size_t{64} << 20});
  if (!document) fail_unreadable(text, document.error());
  auto value = json::decode<T>(document->value, json::Audience::self);
  if (!value) fail_unreadable(text, value.error());
  return std::move(*value);
}

}  // namespace mainspring::sql
