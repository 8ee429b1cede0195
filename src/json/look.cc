#include "json/look.h"

namespace mainspring::json {

const Value* find_member(const Value* value, std::string_view key) {
  const Object* object = value == nullptr ? nullptr : value->if_object();
  return object == nullptr ? nullptr : object->if_contains(key);
}

std::string find_text(const Value& value, std::string_view key) {
  const Value* found = find_member(&value, key);
  return found != nullptr && found->is_string() ? std::string{found->as_string()} : std::string{};
}

}  // namespace mainspring::json
