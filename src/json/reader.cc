#include "json/reader.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "base/text.h"
#include "json/source_map.h"
#include "json/wording.h"

namespace mainspring::json {
namespace {

// Longer words than this are no misspelled names, and comparing them would cost much.
constexpr std::size_t kLongestMisspelling = 64;

// More names than this are a page to read and no message.
constexpr std::size_t kMostNamesListed = 12;

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
  fail(fmt::format("expected {}, got {}", what, shown(got)));
}

// Of what holds other values: with an example, where the field has one.
void Reader::fail_shape(std::string_view what, const Value& got) {
  const std::string_view example = field_ == nullptr ? "" : field_->example;
  fail(fmt::format("expected {}, got {}{}{}", what, shown(got),
                   example.empty() ? "" : "; write it as in ", example));
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
      if (!value.is_object()) return fail_shape("an object", value);
      return read_record(type.record->described(), value.get_object(), out, Tagged::no);
    case Shape::enumeration:
      return read_enumeration(*type.enumeration, value, out);
    case Shape::choice:
      return read_choice(*type.choice, value, out);
    case Shape::custom:
      return type.custom->read(value, out, *this);
  }
}

bool Reader::check_items(std::size_t count) {
  if (!limits_ || count <= limits_->max_items) return true;
  fail(fmt::format("must have at most {} items, got {}", limits_->max_items, count));
  return false;
}

void Reader::read_list(const Type& type, const Value& value, void* out) {
  if (!value.is_array()) return fail_shape("an array", value);
  const Array& array = value.get_array();
  if (!check_items(array.size())) return;
  type.list->clear(out);
  const FieldRow* outer = std::exchange(field_, nullptr);
  for (std::size_t i = 0; i < array.size(); ++i) {
    const auto place = enter(i);
    read(*type.inner, array[i], type.list->append(out));
  }
  field_ = outer;
}

void Reader::read_map(const Type& type, const Value& value, void* out) {
  if (!value.is_object()) return fail_shape("an object", value);
  const Object& object = value.get_object();
  if (!check_items(object.size())) return;
  type.map->clear(out);
  const FieldRow* outer = std::exchange(field_, nullptr);
  for (const auto& member : object) {
    const std::string_view key = member.key();
    const auto place = enter(key);
    read(*type.inner, member.value(), type.map->put(out, key));
  }
  field_ = outer;
}

void Reader::read_enumeration(const EnumAccess& access, const Value& value, void* out) {
  const EnumTable& table = access.described();
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
  if (!value.is_object()) return fail_shape("an object", value);
  const Alternative* alternative = find_alternative(choice, value.get_object());
  if (alternative == nullptr) return;
  const StructTable& table = alternative->described();
  CHECK(table.find(kTypeKey) == nullptr);  // a member of that name could not be told apart
  read_record(table, value.get_object(), alternative->emplace(out), Tagged::yes);
}

void Reader::check_required(const StructTable& table, const Object& object) {
  for (const FieldRow& field : table.fields) {
    if (!field.is_required || object.contains(field.name)) continue;
    if (field.is_read_only && audience_ == Audience::outside) continue;
    if (!field.alias.empty() && object.contains(field.alias)) continue;
    fail(fmt::format("the key \"{}\" is missing", field.name));
  }
}

void Reader::fail_unknown_key(const StructTable& table) {
  if (audience_ == Audience::self) return;
  std::vector<std::string_view> names;
  for (const FieldRow& field : table.fields)
    if (!field.is_read_only) names.push_back(field.name);
  std::string suggestion = closest(path_.back().key, names);
  const bool is_short = !names.empty() && names.size() <= kMostNamesListed;
  std::string message = "unknown key";
  if (suggestion.empty() && is_short)
    message += fmt::format("; known here: {}", base::join_words(names, " and "));
  fail_at(Part::key, std::move(message), std::move(suggestion));
}

void Reader::read_field(const FieldRow& field, const Value& value, void* owner) {
  if (field.is_read_only && audience_ == Audience::outside)
    return fail_at(Part::key, "is set by the service; leave it out", {});
  if (value.is_null()) {
    const Shape shape = field.type->shape;
    if (shape != Shape::any && shape != Shape::optional && shape != Shape::custom)
      return fail(field.is_required ? "must not be null"
                                    : "must not be null; leave the key out for the default");
  }
  const Limits* outer_limits = std::exchange(limits_, &field.limits);
  const FieldRow* outer_field = std::exchange(field_, &field);
  read(*field.type, value, field.at(owner));
  limits_ = outer_limits;
  field_ = outer_field;
}

void Reader::read_record(const StructTable& table, const Object& object, void* out, Tagged tagged) {
  check_required(table, object);
  for (const auto& member : object) {
    const std::string_view key = member.key();
    if (tagged == Tagged::yes && key == kTypeKey) continue;
    const auto place = enter(key);
    const FieldRow* field = table.find(key);
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
