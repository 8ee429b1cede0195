// The tables behind kType<T>, one partial specialisation per kind of C++ type. Included by type.h.
#pragma once

#include "json/type.h"

namespace mainspring::json {

template <class T>
struct TypeOf;  // not a type this module can code: specialise json::Codec<T>, or describe it

template <class T>
inline constexpr Type kType = TypeOf<T>::type;

template <Shape shape>
struct PlainType {
  static constexpr Type type{.shape = shape};
};
// clang-format off
template <> struct TypeOf<bool> : PlainType<Shape::boolean> {};
template <> struct TypeOf<double> : PlainType<Shape::real> {};
template <> struct TypeOf<std::string> : PlainType<Shape::text> {};
template <> struct TypeOf<base::Instant> : PlainType<Shape::instant> {};
template <> struct TypeOf<base::Duration> : PlainType<Shape::duration> {};
template <> struct TypeOf<base::Blob> : PlainType<Shape::blob> {};
template <> struct TypeOf<Value> : PlainType<Shape::any> {};
// clang-format on

template <std::integral T>
struct TypeOf<T> {
  using Wide = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
  static constexpr WholeAccess access{
      std::numeric_limits<T>::min(), static_cast<std::uint64_t>(std::numeric_limits<T>::max()),
      [](void* p, std::uint64_t bits) { *static_cast<T*>(p) = static_cast<T>(bits); },
      [](const void* p) { return Value(static_cast<Wide>(*static_cast<const T*>(p))); }};
  static constexpr Type type{.shape = Shape::whole, .whole = &access};
};

template <class Tag>
struct TypeOf<base::Id<Tag>> {
  using T = base::Id<Tag>;
  static constexpr IdAccess access{
      Tag::prefix, [](void* p, const base::IdBytes& bytes) { *static_cast<T*>(p) = T(bytes); },
      [](const void* p) -> const base::IdBytes& { return static_cast<const T*>(p)->bytes(); }};
  static constexpr Type type{.shape = Shape::id, .id = &access};
};

template <class T>
struct TypeOf<std::optional<T>> {
  using Optional = std::optional<T>;
  static constexpr OptionalAccess access{
      [](void* p) { static_cast<Optional*>(p)->reset(); },
      [](void* p) -> void* { return &static_cast<Optional*>(p)->emplace(); },
      [](const void* p) -> const void* {
        const auto& optional = *static_cast<const Optional*>(p);
        return optional ? &*optional : nullptr;
      }};
  static constexpr Type type{.shape = Shape::optional, .inner = &kType<T>, .optional = &access};
};

template <class T>
struct TypeOf<std::vector<T>> {
  static_assert(!std::same_as<T, bool>, "std::vector<bool> has no addressable elements");
  using List = std::vector<T>;
  static constexpr ListAccess access{
      [](void* p) { static_cast<List*>(p)->clear(); },
      [](void* p) -> void* { return &static_cast<List*>(p)->emplace_back(); },
      [](const void* p) { return static_cast<const List*>(p)->size(); },
      [](const void* p, std::size_t i) -> const void* {
        return &(*static_cast<const List*>(p))[i];
      }};
  static constexpr Type type{.shape = Shape::list, .inner = &kType<T>, .list = &access};
};

template <class T>
struct TypeOf<std::map<std::string, T>> {
  using Map = std::map<std::string, T>;
  static constexpr MapAccess access{
      [](void* p) { static_cast<Map*>(p)->clear(); },
      [](void* p, std::string_view key) -> void* {
        return &(*static_cast<Map*>(p))[std::string(key)];
      },
      [](const void* p, void* context, void (*visit)(void*, std::string_view, const void*)) {
        for (const auto& [key, value] : *static_cast<const Map*>(p))
          visit(context, key, &value);
      }};
  static constexpr Type type{.shape = Shape::map, .inner = &kType<T>, .map = &access};
};

template <DescribedStruct T>
  requires(!HasCodec<T>)
struct TypeOf<T> {
  static constexpr RecordAccess access{&T::described};
  static constexpr Type type{.shape = Shape::record, .record = &access};
};

template <DescribedEnum E>
  requires(!HasCodec<E>)
struct TypeOf<E> {
  static constexpr EnumAccess access{
      []() -> const EnumTable& { return described(E{}); },
      [](void* p, std::int64_t value) { *static_cast<E*>(p) = static_cast<E>(value); },
      [](const void* p) { return static_cast<std::int64_t>(*static_cast<const E*>(p)); }};
  static constexpr Type type{.shape = Shape::enumeration, .enumeration = &access};
};

template <DescribedStruct... T>
struct TypeOf<std::variant<T...>> {
  using Variant = std::variant<T...>;
  static constexpr Alternative alternatives[] = {
      {&T::described,
       [](void* p) -> void* { return &static_cast<Variant*>(p)->template emplace<T>(); }}...};
  static constexpr ChoiceAccess access{
      alternatives, sizeof...(T),
      [](const void* p) { return static_cast<const Variant*>(p)->index(); },
      [](const void* p) -> const void* {
        return std::visit([](const auto& held) -> const void* { return &held; },
                          *static_cast<const Variant*>(p));
      }};
  static constexpr Type type{.shape = Shape::choice, .choice = &access};
};

template <HasCodec T>
struct TypeOf<T> {
  static constexpr CustomAccess access{
      [](const Value& value, void* p, Reader& reader) {
        Codec<T>::read(value, *static_cast<T*>(p), reader);
      },
      [](const void* p) { return Codec<T>::write(*static_cast<const T*>(p)); },
      [](Definitions& definitions) { return Codec<T>::schema(definitions); }};
  static constexpr Type type{.shape = Shape::custom, .custom = &access};
};

}  // namespace mainspring::json
