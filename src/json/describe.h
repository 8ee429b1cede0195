// Described structs and enums: one table per type, from which decoding, encoding, schemas and
// reference pages are made.
//
// In the header:  struct Retry { int attempts = 1; static const json::StructTable& described(); };
//                 enum class Overlap { skip, allow };
//                 const json::EnumTable& described(Overlap);
// In the source:  a function-local `static const` table made by describe<T>() or enumeration<E>().
// Described structs are aggregates whose members are all described, in the order of declaration.
// Every text given here must live as long as the program: write literals.
//
// Tables are immutable after their first use; safe from any thread.
#pragma once

#include <initializer_list>

#include "json/type.h"

namespace mainspring::json {

using TextPredicate = bool (*)(std::string_view);

// What a value must satisfy beyond its type. The limits of numbers, durations and texts apply to
// the elements of a list or map; max_items to the list or map itself.
struct Limits {
  std::optional<std::int64_t> min, max;  // whole numbers; durations in milliseconds
  std::optional<double> min_real, max_real;
  std::size_t min_length = 0, max_length = std::string::npos;  // of texts, in bytes
  std::size_t max_items = std::string::npos;
  TextPredicate predicate = nullptr;
  std::string_view pattern;   // for the schema; says the same as `predicate`
  std::string_view sentence;  // what the predicate asks, for a person
};

struct FieldRow {
  std::string_view name, doc;
  const Type* type = nullptr;
  void* (*at)(void* owner) = nullptr;
  Limits limits = {};
  std::string_view example = {}, alias = {};
  bool is_required = false, is_write_only = false, is_read_only = false, is_deprecated = false;
};

struct StructTable {
  std::string_view name, doc;
  std::vector<FieldRow> fields;          // in the order of declaration
  const void* (*prototype)() = nullptr;  // a T{}, for the defaults

  const FieldRow* find(std::string_view field_name) const;
};

struct EnumTable {
  struct Row {
    std::int64_t value;
    std::string_view name, doc;
  };
  std::string_view name, doc;
  std::vector<Row> rows;

  const Row* find(std::string_view row_name) const;
  const Row* find(std::int64_t value) const;
};

// The type that limits on elements speak of: int for vector<optional<int>>.
template <class T>
struct LeafOf : std::type_identity<T> {};
template <class T>
struct LeafOf<std::optional<T>> : LeafOf<T> {};
template <class T>
struct LeafOf<std::vector<T>> : LeafOf<T> {};
template <class T>
struct LeafOf<std::map<std::string, T>> : LeafOf<T> {};

template <class OwnerT, class MemberT>
class Field {
 public:
  using Owner = OwnerT;
  using Member = MemberT;
  using Leaf = typename LeafOf<Member>::type;
  static constexpr bool is_whole = std::integral<Leaf> && !std::same_as<Leaf, bool>;
  static constexpr bool is_real = std::same_as<Leaf, double>;
  static constexpr bool is_duration = std::same_as<Leaf, base::Duration>;
  static constexpr bool is_text = std::same_as<Leaf, std::string>;

  explicit Field(FieldRow row) : row_(row) {}

  // clang-format off
  Field& required() { row_.is_required = true; return *this; }
  Field& write_only() { row_.is_write_only = true; return *this; }  // secrets
  Field& read_only() { row_.is_read_only = true; return *this; }    // set by the service
  Field& deprecated() { row_.is_deprecated = true; return *this; }
  Field& alias(std::string_view old_name) { row_.alias = old_name; return *this; }
  Field& example(std::string_view json_text) { row_.example = json_text; return *this; }
  Field& min(std::int64_t n) requires is_whole { row_.limits.min = n; return *this; }
  Field& max(std::int64_t n) requires is_whole { row_.limits.max = n; return *this; }
  Field& min(double n) requires is_real { row_.limits.min_real = n; return *this; }
  Field& max(double n) requires is_real { row_.limits.max_real = n; return *this; }
  Field& min(base::Duration d) requires is_duration { row_.limits.min = d.count(); return *this; }
  Field& max(base::Duration d) requires is_duration { row_.limits.max = d.count(); return *this; }
  Field& min_length(std::size_t n) requires is_text { row_.limits.min_length = n; return *this; }
  Field& max_length(std::size_t n) requires is_text { row_.limits.max_length = n; return *this; }
  Field& max_items(std::size_t n) requires(!std::same_as<Leaf, Member>) {
    row_.limits.max_items = n;
    return *this;
  }
  // clang-format on
  // `pattern` is the same rule as an ECMA 262 expression; `sentence` says it to a person, such as
  // "a name is lower-case letters, digits and '-'".
  Field& matches(TextPredicate predicate, std::string_view pattern, std::string_view sentence)
    requires is_text
  {
    row_.limits.predicate = predicate;
    row_.limits.pattern = pattern;
    row_.limits.sentence = sentence;
    return *this;
  }

  const FieldRow& row() const { return row_; }

 private:
  FieldRow row_;
};

template <class OwnerT, class MemberT>
Field<OwnerT, MemberT> field_of(MemberT OwnerT::*);  // names the types; never defined

template <auto member, class F = decltype(field_of(member))>
F field(std::string_view name, std::string_view doc) {
  return F(FieldRow{
      .name = name, .doc = doc, .type = &kType<typename F::Member>, .at = [](void* owner) -> void* {
        return &(static_cast<typename F::Owner*>(owner)->*member);
      }});
}

template <class T, class... M>
concept InitialisedBy = requires { T{std::declval<M>()...}; };
template <class T, class... M>
concept HasMoreThan = requires { T{std::declval<M>()..., {}}; };

template <class T, class... F>
StructTable describe(std::string_view name, std::string_view doc, const F&... fields) {
  static_assert(std::is_aggregate_v<T>, "a described struct has no constructor and no base");
  static_assert((std::same_as<typename F::Owner, T> && ...), "a field of another struct");
  static_assert(InitialisedBy<T, typename F::Member...>,
                "describe the members in the order of their declaration, each once");
  static_assert(!HasMoreThan<T, typename F::Member...>, "a member is not described");
  return StructTable{name, doc, {fields.row()...}, []() -> const void* {
                       static const T prototype{};
                       return &prototype;
                     }};
}

template <class E>
struct EnumRow {
  E value;
  std::string_view name, doc;
};

template <class E>
EnumTable enumeration(std::string_view name, std::string_view doc,
                      std::initializer_list<EnumRow<E>> rows) {
  EnumTable table{name, doc, {}};
  for (const EnumRow<E>& row : rows)
    table.rows.push_back({static_cast<std::int64_t>(row.value), row.name, row.doc});
  return table;
}

}  // namespace mainspring::json
