// The named schemas of an OpenAPI document's components, collected while schemas are made.
//
// Source: JSON Schema 2020-12, OpenAPI 3.1.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "json/describe.h"

namespace mainspring::json {

class Definitions {
 public:
  explicit Definitions(std::string prefix = "#/components/schemas/") : prefix_(std::move(prefix)) {}

  // {"$ref": prefix + name}.
  Value reference(std::string_view name) const;

  // True the first time that this table asks for the name, which then must be defined. CHECKs that
  // no other table has the same name.
  bool claim(std::string_view name, const void* table);
  void define(std::string_view name, Object schema);

  Object all() const;  // sorted by name

 private:
  struct Entry {
    const void* table;
    Object schema;
  };
  std::string prefix_;
  std::map<std::string, Entry, std::less<>> entries_;
};

Value schema(const Type& type, Definitions& definitions);

}  // namespace mainspring::json
