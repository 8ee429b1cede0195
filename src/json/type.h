// kType<T>: what the engine must know to read, write and describe a T through a void pointer. The
// templates here only fill constant tables; every algorithm is in a .cc file, so that a source
// which describes many structs stays quick to compile.
#pragma once

#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/blob.h"
#include "base/id.h"
#include "base/time.h"
#include "json/value.h"

namespace mainspring::json {

// The key that holds the name of a choice's alternative.
inline constexpr std::string_view kTypeKey = "type";

enum class Shape : std::uint8_t {
  boolean,
  whole,
  real,
  text,
  instant,   // RFC 3339
  duration,  // "1h30m"
  blob,      // base64
  any,       // json::Value as it is
  id,
  optional,
  list,
  map,
  record,
  enumeration,
  choice,  // std::variant of records
  custom,  // Codec<T>
};

struct WholeAccess {
  std::int64_t lowest;
  std::uint64_t highest;
  void (*set)(void*, std::uint64_t two_complement);
  Value (*get)(const void*);
};
struct IdAccess {
  std::string_view prefix;
  void (*set)(void*, const base::IdBytes&);
  const base::IdBytes& (*get)(const void*);
};
struct OptionalAccess {
  void (*reset)(void*);
  void* (*emplace)(void*);
  const void* (*get)(const void*);  // null when empty
};
struct ListAccess {
  void (*clear)(void*);
  void* (*append)(void*);
  std::size_t (*size)(const void*);
  const void* (*at)(const void*, std::size_t);
};
struct MapAccess {
  void (*clear)(void*);
  void* (*put)(void*, std::string_view key);
  void (*each)(const void*, void* context, void (*)(void*, std::string_view, const void*));
};
struct RecordAccess {
  const StructTable& (*described)();
};
struct EnumAccess {
  const EnumTable& (*described)();
  void (*set)(void*, std::int64_t);
  std::int64_t (*get)(const void*);
};
struct Alternative {
  const StructTable& (*described)();
  void* (*emplace)(void*);
};
struct ChoiceAccess {
  const Alternative* alternatives;
  std::size_t count;
  std::size_t (*index)(const void*);
  const void* (*get)(const void*);  // the alternative that is held
};
struct CustomAccess {
  void (*read)(const Value&, void*, Reader&);
  Value (*write)(const void*);
  Value (*schema)(Definitions&);
};

struct Type {
  Shape shape = Shape::any;
  const Type* inner = nullptr;  // of optional, list and map
  // The one that fits the shape is set.
  const WholeAccess* whole = nullptr;
  const IdAccess* id = nullptr;
  const OptionalAccess* optional = nullptr;
  const ListAccess* list = nullptr;
  const MapAccess* map = nullptr;
  const RecordAccess* record = nullptr;
  const EnumAccess* enumeration = nullptr;
  const ChoiceAccess* choice = nullptr;
  const CustomAccess* custom = nullptr;
};

template <class T>
concept DescribedStruct = std::is_class_v<T> && requires {
  { T::described() } -> std::same_as<const StructTable&>;
};
template <class T>
concept DescribedEnum = std::is_enum_v<T> && requires(T value) {
  { described(value) } -> std::same_as<const EnumTable&>;
};
template <class T>
concept HasCodec =
    requires(const Value& value, T& out, Reader& reader) { Codec<T>::read(value, out, reader); };

}  // namespace mainspring::json

#include "json/type_tables.h"
