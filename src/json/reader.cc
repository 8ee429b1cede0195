#include "json/reader.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "base/text.h"
#include "json/base64.h"
#include "json/source_map.h"
#include "json/write.h"

namespace mainspring::json {
namespace {

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

std::string_view text_of(const boost::json::string& text) { return {text.data(), text.size()}; }

// The longest piece of a wrong text that a message repeats, in bytes: enough to recognise it.
constexpr std::size_t kQuotedBytes = 60;

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

// Longer words than this are no misspelled names, and comparing them would cost much.
constexpr std::size_t kLongestMisspelling = 64;

std::string closest(std::string_view word, std::span<const std::string_view> candidates) {
  return word.size() > kLongestMisspelling ? "" : base::find_closest(word, candidates);
}

template <class Rows>
std::string listed(const Rows& rows) {
  std::string out;
  for (const auto& row : rows)
    out += fmt::format("{}\"{}\"", out.empty() ? "" : ", ", row);
  return out;
}

// Says the side that is broken, or both sides where both were given.
std::string range_sentence(std::string_view low, std::string_view high, std::string_view got) {
  if (high.empty()) return fmt::format("must be at least {}, got {}", low, got);
  if (low.empty()) return fmt::format("must be at most {}, got {}", high, got);
  return fmt::format("must be between {} and {}, got {}", low, high, got);
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Doubles up to here that have no fraction are whole numbers without doubt.
constexpr double kLargestExact = 9007199254740992.0;

struct Whole {
  bool is_negative;
  std::uint64_t bits;  // two's complement
};

std::optional<Whole> whole_of(const Value& value) {
  if (const auto* n = value.if_int64()) return Whole{*n < 0, static_cast<std::uint64_t>(*n)};
  if (const auto* n = value.if_uint64()) return Whole{false, *n};
  if (const auto* n = value.if_double(); n && std::abs(*n) <= kLargestExact && std::trunc(*n) == *n)
    return Whole{*n < 0, static_cast<std::uint64_t>(static_cast<std::int64_t>(*n))};
  return std::nullopt;
}

}  // namespace

Reader::Place Reader::enter(std::string_view key) {
  path_.push_back({key, 0, false});
  return Place(*this);
}

Reader::Place Reader::enter(std::size_t index) {
  path_.push_back({{}, index, true});
  return Place(*this);
}

void Reader::fail(std::string message, std::string suggestion) {
  fail_at(Part::value, std::move(message), std::move(suggestion));
}

void Reader::fail_at(Part part, std::string message, std::string suggestion) {
  if (is_full()) return;
  found_.push_back({{pointer(), 0, 0, std::move(message), std::move(suggestion)}, part});
  const base::Problem& problem = found_.back().problem;
  problem_bytes_ += problem.pointer.size() + problem.message.size();
}

void Reader::fail_expected(std::string_view what, const Value& got) {
  fail(fmt::format("expected {}, got {}", what, kind_of(got)));
}

std::string Reader::pointer() const {
  std::string out;
  for (const Segment& segment : path_) {
    if (segment.is_index) {
      out += fmt::format("/{}", segment.index);
    } else {
      append_pointer(out, segment.key);
    }
  }
  return out;
}

base::Error Reader::error(const Document* document) const {
  base::Error error{base::Code::invalid_argument, {}, {}};
  error.message = found_.size() == 1 ? "1 mistake in the document"
                  : is_full() ? fmt::format("at least {} mistakes in the document", found_.size())
                              : fmt::format("{} mistakes in the document", found_.size());
  std::vector<SourceMap::Query> queries;
  for (const Found& found : found_)
    queries.push_back({found.problem.pointer, found.part});
  if (document != nullptr && document->source != nullptr) document->source->locate(queries);

  // Aliases and merged keys may stand elsewhere in the text than in the tree.
  std::vector<std::pair<Position, std::size_t>> order;
  for (std::size_t i = 0; i < found_.size(); ++i)
    order.emplace_back(queries[i].found, i);
  std::ranges::sort(order);
  for (const auto& [position, i] : order) {
    error.problems.push_back(found_[i].problem);
    error.problems.back().line = position.line;
    error.problems.back().column = position.column;
  }
  return error;
}

void Reader::read(const Type& type, const Value& value, void* out) {
  if (is_full()) return;
  switch (type.shape) {
    case Shape::boolean:
      return read_boolean(value, *static_cast<bool*>(out));
    case Shape::whole:
      return read_whole(*type.whole, value, out);
    case Shape::real:
      return read_real(value, *static_cast<double*>(out));
    case Shape::text:
      return read_text(value, *static_cast<std::string*>(out));
    case Shape::instant:
      return read_instant(value, *static_cast<base::Instant*>(out));
    case Shape::duration:
      return read_duration(value, *static_cast<base::Duration*>(out));
    case Shape::blob:
      return read_blob(value, *static_cast<base::Blob*>(out));
    case Shape::any:
      *static_cast<Value*>(out) = value;
      return;
    case Shape::id:
      return read_id(*type.id, value, out);
    case Shape::optional:
      if (value.is_null()) return type.optional->reset(out);
      return read(*type.inner, value, type.optional->emplace(out));
    case Shape::list:
      return read_list(type, value, out);
    case Shape::map:
      return read_map(type, value, out);
    case Shape::record:
      if (!value.is_object()) return fail_expected("an object", value);
      return read_record(type.record->described(), value.get_object(), out, Tagged::no);
    case Shape::enumeration:
      return read_enumeration(*type.enumeration, value, out);
    case Shape::choice:
      return read_choice(*type.choice, value, out);
    case Shape::custom:
      return type.custom->read(value, out, *this);
  }
}

void Reader::read_boolean(const Value& value, bool& out) {
  if (!value.is_bool()) return fail_expected("true or false", value);
  out = value.get_bool();
}

void Reader::read_whole(const WholeAccess& access, const Value& value, void* out) {
  const auto number = whole_of(value);
  if (!number && value.is_double())
    return fail(fmt::format("expected a whole number, got {}", write(value)));
  if (!number) return fail_expected("a whole number", value);

  const Limits none;
  const Limits& limits = limits_ ? *limits_ : none;
  const auto low = std::max(access.lowest, limits.min.value_or(access.lowest));
  auto high = access.highest;
  if (limits.max && std::cmp_less(*limits.max, high))
    high = static_cast<std::uint64_t>(std::max<std::int64_t>(*limits.max, 0));
  const auto as_signed = static_cast<std::int64_t>(number->bits);
  const bool is_low = number->is_negative ? as_signed < low : std::cmp_less(number->bits, low);
  // A negative maximum cannot be held by `high`.
  const bool is_high = number->is_negative ? limits.max && as_signed > *limits.max
                                           : number->bits > high || (limits.max && *limits.max < 0);
  if (!is_low && !is_high) return access.set(out, number->bits);

  const bool say_both = limits.min.has_value() == limits.max.has_value();
  const auto low_text = say_both || is_low ? fmt::to_string(low) : "";
  const auto high_text = !say_both && !is_high           ? std::string()
                         : limits.max && *limits.max < 0 ? fmt::to_string(*limits.max)
                                                         : fmt::to_string(high);
  fail(range_sentence(low_text, high_text, write(value)));
}

void Reader::read_real(const Value& value, double& out) {
  if (!value.is_number()) return fail_expected("a number", value);
  const double number = value.to_number<double>();
  const auto low = limits_ ? limits_->min_real : std::nullopt;
  const auto high = limits_ ? limits_->max_real : std::nullopt;
  if ((low && number < *low) || (high && number > *high))
    return fail(range_sentence(low ? fmt::to_string(*low) : "", high ? fmt::to_string(*high) : "",
                               write(value)));
  out = number;
}

void Reader::read_text(const Value& value, std::string& out) {
  if (value.is_number() || value.is_bool())
    return fail(fmt::format("expected a string, got {}; put it in quotes", kind_of(value)));
  if (!value.is_string()) return fail_expected("a string", value);
  const std::string_view text = text_of(value.get_string());
  if (limits_) {
    const auto count = count_characters(text);
    if (count < limits_->min_length && count == 0) return fail("must not be empty");
    if (count < limits_->min_length)
      return fail(
          fmt::format("must have at least {} characters, got {}", limits_->min_length, count));
    if (count > limits_->max_length)
      return fail(
          fmt::format("must have at most {} characters, got {}", limits_->max_length, count));
    if (limits_->predicate && !limits_->predicate(text))
      return fail(fmt::format("{}, got {}", limits_->sentence, quoted(text)));
  }
  out = text;
}

void Reader::read_instant(const Value& value, base::Instant& out) {
  if (!value.is_string()) return fail_expected("a time such as \"2026-03-29T01:30:00Z\"", value);
  auto parsed = base::parse_instant(text_of(value.get_string()));
  if (!parsed) return fail(std::move(parsed.error().message));
  out = *parsed;
}

void Reader::read_duration(const Value& value, base::Duration& out) {
  if (!value.is_string()) return fail_expected("a duration such as \"90s\" or \"1h30m\"", value);
  auto parsed = base::parse_duration(text_of(value.get_string()));
  if (!parsed) return fail(std::move(parsed.error().message));
  const auto low = limits_ ? limits_->min : std::nullopt;
  const auto high = limits_ ? limits_->max : std::nullopt;
  if ((low && parsed->count() < *low) || (high && parsed->count() > *high)) {
    const auto text = [](const std::optional<std::int64_t>& millis) {
      return millis ? base::format_duration(base::Duration{*millis}) : std::string();
    };
    return fail(range_sentence(text(low), text(high), base::format_duration(*parsed)));
  }
  out = *parsed;
}

void Reader::read_blob(const Value& value, base::Blob& out) {
  if (!value.is_string()) return fail_expected("a base64 string", value);
  auto bytes = decode_base64(text_of(value.get_string()));
  if (!bytes) return fail("expected base64 (RFC 4648, with padding)");
  out.bytes = std::move(*bytes);
}

void Reader::read_id(const IdAccess& access, const Value& value, void* out) {
  if (!value.is_string())
    return fail_expected(fmt::format("an id such as \"{}_...\"", access.prefix), value);
  auto bytes = base::parse_id(access.prefix, text_of(value.get_string()));
  if (!bytes) return fail(std::move(bytes.error().message));
  access.set(out, *bytes);
}

bool Reader::check_items(std::size_t count) {
  if (!limits_ || count <= limits_->max_items) return true;
  fail(fmt::format("must have at most {} items, got {}", limits_->max_items, count));
  return false;
}

void Reader::read_list(const Type& type, const Value& value, void* out) {
  if (!value.is_array()) return fail_expected("an array", value);
  const Array& array = value.get_array();
  if (!check_items(array.size())) return;
  type.list->clear(out);
  for (std::size_t i = 0; i < array.size(); ++i) {
    const auto place = enter(i);
    read(*type.inner, array[i], type.list->append(out));
  }
}

void Reader::read_map(const Type& type, const Value& value, void* out) {
  if (!value.is_object()) return fail_expected("an object", value);
  const Object& object = value.get_object();
  if (!check_items(object.size())) return;
  type.map->clear(out);
  for (const auto& member : object) {
    const std::string_view key = member.key();
    const auto place = enter(key);
    read(*type.inner, member.value(), type.map->put(out, key));
  }
}

void Reader::read_enumeration(const EnumAccess& access, const Value& value, void* out) {
  const EnumInfo& table = access.described();
  std::vector<std::string_view> names;
  if (value.is_string()) {
    const std::string_view text = text_of(value.get_string());
    if (const auto* row = table.find(text)) return access.set(out, row->value);
    for (const auto& row : table.rows)
      names.push_back(row.name);
    return fail(fmt::format("expected one of {}, got {}", listed(names), quoted(text)),
                closest(text, names));
  }
  for (const auto& row : table.rows)
    names.push_back(row.name);
  fail_expected(fmt::format("one of {}", listed(names)), value);
}

const Alternative* Reader::find_alternative(const ChoiceAccess& choice, const Object& object) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < choice.count; ++i)
    names.push_back(choice.alternatives[i].described().name);
  const Value* type = object.if_contains(kTypeKey);
  if (type == nullptr) {
    fail(fmt::format("the key \"type\" is missing; give one of {}", listed(names)));
    return nullptr;
  }
  const auto place = enter(kTypeKey);
  if (!type->is_string()) {
    fail_expected(fmt::format("one of {}", listed(names)), *type);
    return nullptr;
  }
  const std::string_view name = text_of(type->get_string());
  const auto found = std::ranges::find(names, name);
  if (found != names.end()) return &choice.alternatives[found - names.begin()];
  fail(fmt::format("expected one of {}, got {}", listed(names), quoted(name)),
       closest(name, names));
  return nullptr;
}

void Reader::read_choice(const ChoiceAccess& choice, const Value& value, void* out) {
  if (!value.is_object()) return fail_expected("an object", value);
  const Alternative* alternative = find_alternative(choice, value.get_object());
  if (alternative == nullptr) return;
  const StructInfo& table = alternative->described();
  CHECK(table.find(kTypeKey) == nullptr);  // a member of that name could not be told apart
  read_record(table, value.get_object(), alternative->emplace(out), Tagged::yes);
}

void Reader::check_required(const StructInfo& table, const Object& object) {
  for (const FieldInfo& field : table.fields) {
    if (!field.is_required || object.contains(field.name)) continue;
    if (field.is_read_only && audience_ == Audience::outside) continue;
    if (!field.alias.empty() && object.contains(field.alias)) continue;
    fail(fmt::format("the key \"{}\" is missing", field.name));
  }
}

void Reader::fail_unknown_key(const StructInfo& table) {
  if (audience_ == Audience::self) return;
  std::vector<std::string_view> names;
  for (const FieldInfo& field : table.fields)
    if (!field.is_read_only) names.push_back(field.name);
  fail_at(Part::key, "unknown key", closest(path_.back().key, names));
}

void Reader::read_field(const FieldInfo& field, const Value& value, void* owner) {
  if (field.is_read_only && audience_ == Audience::outside)
    return fail_at(Part::key, "is set by the service; leave it out", {});
  if (value.is_null()) {
    const Shape shape = field.type->shape;
    if (shape != Shape::any && shape != Shape::optional && shape != Shape::custom)
      return fail(field.is_required ? "must not be null"
                                    : "must not be null; leave the key out for the default");
  }
  const Limits* outer = std::exchange(limits_, &field.limits);
  read(*field.type, value, field.at(owner));
  limits_ = outer;
}

void Reader::read_record(const StructInfo& table, const Object& object, void* out, Tagged tagged) {
  check_required(table, object);
  for (const auto& member : object) {
    const std::string_view key = member.key();
    if (tagged == Tagged::yes && key == kTypeKey) continue;
    const auto place = enter(key);
    const FieldInfo* field = table.find(key);
    if (field == nullptr) {
      fail_unknown_key(table);
    } else if (key != field->name && object.contains(field->name)) {
      fail_at(Part::key,
              fmt::format("is the old name of \"{}\"; give only one of them", field->name), {});
    } else {
      read_field(*field, member.value(), out);
    }
  }
}

}  // namespace mainspring::json
