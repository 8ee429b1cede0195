// decode, encode, schema: between described C++ values and documents. Works for every type in
// type.h, not only for structs.
//
// Pure functions; safe from any thread.
#pragma once

#include "base/error.h"
#include "json/describe.h"
#include "json/document.h"
#include "json/reader.h"
#include "json/schema.h"
#include "json/write.h"

namespace mainspring::json {

Value encode(const Type& type, const void* value, Audience audience);
std::string encode_text(const Type& type, const void* value, Audience audience);
base::Result<std::int64_t> parse_enum(const EnumTable& table, std::string_view text);
std::string_view to_text(const EnumTable& table, std::int64_t value);

// Errors: invalid_argument with every mistake (at most kMaxProblems), in document order, each with
// its pointer, line and column.
template <class T>
base::Result<T> decode(const Document& document, Audience audience = Audience::outside) {
  T out{};
  Reader reader(audience);
  reader.read(document.value, out);
  if (reader.problem_count() > 0) return base::fail(reader.error(&document));
  return out;
}

// The same without lines and columns.
template <class T>
base::Result<T> decode(const Value& value, Audience audience = Audience::outside) {
  T out{};
  Reader reader(audience);
  reader.read(value, out);
  if (reader.problem_count() > 0) return base::fail(reader.error(nullptr));
  return out;
}

// Keys in the order of declaration; empty optionals are left out.
template <class T>
Value encode(const T& value, Audience audience = Audience::outside) {
  return encode(kType<T>, &value, audience);
}

// What write(encode()) returns, without the tree between.
template <class T>
std::string encode_text(const T& value, Audience audience = Audience::outside) {
  return encode_text(kType<T>, &value, audience);
}

// JSON Schema 2020-12; every described struct and enum is a $ref to an entry in `definitions`.
template <class T>
Value schema(Definitions& definitions) {
  return schema(kType<T>, definitions);
}

// CHECKs that the value is one of the enumeration's.
template <DescribedEnum E>
std::string_view to_text(E value) {
  return to_text(described(value), static_cast<std::int64_t>(value));
}

// Errors: invalid_argument, listing the names; with a suggestion where one is near.
template <DescribedEnum E>
base::Result<E> parse_enum(std::string_view text) {
  auto value = parse_enum(described(E{}), text);
  if (!value) return base::fail(std::move(value.error()));
  return static_cast<E>(*value);
}

}  // namespace mainspring::json
