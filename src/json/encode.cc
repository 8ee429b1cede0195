#include "base/check.h"
#include "base/text.h"
#include "json/base64.h"
#include "json/codec.h"

#include <fmt/format.h>
#include <boost/json/value_stack.hpp>

namespace mainspring::json {
namespace {

// Where an encoded value goes, piece by piece: into a tree or straight into text. Between
// begin_list() and end_list() stands next() before each element, in an object key() before each
// value; the ends are told how many there were.
class Tree {
 public:
  void null() { stack_.push_null(); }
  void boolean(bool value) { stack_.push_bool(value); }
  void real(double value) { stack_.push_double(value); }
  void text(std::string_view value) { stack_.push_string(value); }
  void begin_object() {}
  void key(std::string_view name) { stack_.push_key(name); }
  void end_object(std::size_t size) { stack_.push_object(size); }
  void begin_list() {}
  void next() {}
  void end_list(std::size_t size) { stack_.push_array(size); }
  void any(const Value& value);

  Value take() { return stack_.release(); }

 private:
  boost::json::value_stack stack_;
};

void Tree::any(const Value& value) {
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) {
      key(member.key());
      any(member.value());
    }
    return end_object(object->size());
  }
  if (const auto* array = value.if_array()) {
    for (const Value& element : *array)
      any(element);
    return end_list(array->size());
  }
  switch (value.kind()) {
    case boost::json::kind::bool_:
      return boolean(value.get_bool());
    case boost::json::kind::int64:
      return stack_.push_int64(value.get_int64());
    case boost::json::kind::uint64:
      return stack_.push_uint64(value.get_uint64());
    case boost::json::kind::double_:
      return real(value.get_double());
    case boost::json::kind::string:
      return text(value.get_string());
    default:
      return null();
  }
}

class Text {
 public:
  void null() { out_ += "null"; }
  void boolean(bool value) { out_ += value ? "true" : "false"; }
  void real(double value) { append_scalar(out_, value); }
  void text(std::string_view value) { append_quoted(out_, value); }
  void begin_object() { out_ += '{'; }
  void key(std::string_view name) {
    separate('{');
    append_quoted(out_, name);
    out_ += ':';
  }
  void end_object(std::size_t) { out_ += '}'; }
  void begin_list() { out_ += '['; }
  void next() { separate('['); }
  void end_list(std::size_t) { out_ += ']'; }
  void any(const Value& value) { append(out_, value); }

  Text() { out_.reserve(kUsualText); }
  std::string take() { return std::move(out_); }

 private:
  static constexpr std::size_t kUsualText = 256;

  // No value ends with a bracket that opens.
  void separate(char open) {
    if (out_.back() != open) out_ += ',';
  }

  std::string out_;
};

template <class Out>
class Encoder {
 public:
  explicit Encoder(Audience audience) : audience_(audience) {}

  void put(const Type& type, const void* value);
  auto take() { return out_.take(); }

 private:
  std::size_t put_fields(const StructTable& table, const void* value);
  void put_list(const Type& type, const void* value);
  void put_map(const Type& type, const void* value);
  void put_record(const StructTable& table, const void* value);
  void put_choice(const ChoiceAccess& choice, const void* value);

  const Audience audience_;
  Out out_;
};

template <class Out>
std::size_t Encoder<Out>::put_fields(const StructTable& table, const void* value) {
  std::size_t count = 0;
  for (const FieldRow& field : table.fields) {
    if (field.is_write_only && audience_ == Audience::outside) continue;
    // at() only adds an offset; the value is not written to.
    const void* member = field.at(const_cast<void*>(value));
    const Type& type = *field.type;
    if (type.shape == Shape::optional && type.optional->get(member) == nullptr) continue;
    out_.key(field.name);
    put(type, member);
    ++count;
  }
  return count;
}

template <class Out>
void Encoder<Out>::put_list(const Type& type, const void* value) {
  const std::size_t size = type.list->size(value);
  out_.begin_list();
  for (std::size_t i = 0; i < size; ++i) {
    out_.next();
    put(*type.inner, type.list->at(value, i));
  }
  out_.end_list(size);
}

template <class Out>
void Encoder<Out>::put_map(const Type& type, const void* value) {
  struct Context {
    Encoder& encoder;
    const Type& inner;
    std::size_t count;
  } context{*this, *type.inner, 0};
  out_.begin_object();
  type.map->each(value, &context, [](void* to, std::string_view key, const void* element) {
    auto& [encoder, inner, count] = *static_cast<Context*>(to);
    encoder.out_.key(key);
    encoder.put(inner, element);
    ++count;
  });
  out_.end_object(context.count);
}

template <class Out>
void Encoder<Out>::put_record(const StructTable& table, const void* value) {
  out_.begin_object();
  out_.end_object(put_fields(table, value));
}

template <class Out>
void Encoder<Out>::put_choice(const ChoiceAccess& choice, const void* value) {
  const StructTable& table = choice.alternatives[choice.index(value)].described();
  out_.begin_object();
  out_.key(kTypeKey);
  out_.text(table.name);
  out_.end_object(1 + put_fields(table, choice.get(value)));
}

template <class Out>
void Encoder<Out>::put(const Type& type, const void* value) {
  switch (type.shape) {
    case Shape::boolean:
      return out_.boolean(*static_cast<const bool*>(value));
    case Shape::whole:
      return out_.any(type.whole->get(value));
    case Shape::real:
      return out_.real(*static_cast<const double*>(value));
    case Shape::text:
      return out_.text(*static_cast<const std::string*>(value));
    case Shape::instant:
      return out_.text(base::format_instant(*static_cast<const base::Instant*>(value)));
    case Shape::duration:
      return out_.text(base::format_duration(*static_cast<const base::Duration*>(value)));
    case Shape::blob:
      return out_.text(encode_base64(static_cast<const base::Blob*>(value)->bytes));
    case Shape::any:
      return out_.any(*static_cast<const Value*>(value));
    case Shape::id:
      return out_.text(base::format_id(type.id->prefix, type.id->get(value)));
    case Shape::optional: {
      const void* held = type.optional->get(value);
      return held ? put(*type.inner, held) : out_.null();
    }
    case Shape::list:
      return put_list(type, value);
    case Shape::map:
      return put_map(type, value);
    case Shape::record:
      return put_record(type.record->described(), value);
    case Shape::enumeration:
      return out_.text(to_text(type.enumeration->described(), type.enumeration->get(value)));
    case Shape::choice:
      return put_choice(*type.choice, value);
    case Shape::custom:
      return out_.any(type.custom->write(value));
  }
}

}  // namespace

Value encode(const Type& type, const void* value, Audience audience) {
  Encoder<Tree> encoder(audience);
  encoder.put(type, value);
  return encoder.take();
}

std::string encode_text(const Type& type, const void* value, Audience audience) {
  Encoder<Text> encoder(audience);
  encoder.put(type, value);
  return encoder.take();
}

std::string_view to_text(const EnumTable& table, std::int64_t value) {
  const auto* row = table.find(value);
  CHECK(row != nullptr);
  return row->name;
}

base::Result<std::int64_t> parse_enum(const EnumTable& table, std::string_view text) {
  if (const auto* row = table.find(text)) return row->value;
  std::vector<std::string_view> names;
  for (const auto& row : table.rows)
    names.push_back(row.name);
  auto message =
      fmt::format("{} is not one of {}", write(Value(text)), base::join_words(names, " or "));
  if (const auto closest = base::find_closest(text, names); !closest.empty())
    message += fmt::format("; did you mean \"{}\"?", closest);
  return base::fail(base::Code::invalid_argument, std::move(message));
}

}  // namespace mainspring::json
