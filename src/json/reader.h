// Reader: one pass over a document tree, collecting every mistake with its place. Custom codecs
// report through it; everyone else calls decode() (codec.h).
//
// Belongs to one thread, and to one decode call.
#pragma once

#include <span>

#include "base/error.h"
#include "json/describe.h"
#include "json/document.h"

namespace mainspring::json {

// More mistakes than this help nobody, and bound the work that a hostile document can cause.
inline constexpr std::size_t kMaxProblems = 100;
// Of pointers and messages together: every pointer may hold a key as long as the document.
inline constexpr std::size_t kMaxProblemBytes = 256U << 10;

class Reader {
 public:
  // Leaves the key or index that enter() named, when it goes out of scope.
  class [[nodiscard]] Place {
   public:
    explicit Place(Reader& reader) : reader_(reader) {}
    ~Place() { reader_.path_.pop_back(); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    Reader& reader_;
  };

  explicit Reader(Audience audience) : audience_(audience) {}

  // The value at the present place is wrong: a sentence, and a word that may have been meant.
  void fail(std::string message, std::string suggestion = {});
  // "expected <what>, got <the text, or the kind of the value>".
  void fail_expected(std::string_view what, const Value& got);

  Place enter(std::string_view key);  // `key` must outlive the Place
  Place enter(std::size_t index);

  // Reads as decode() would; mistakes land in this reader. `out` is unspecified after a mistake.
  template <class T>
  void read(const Value& value, T& out) {
    read(kType<T>, value, &out);
  }
  void read(const Type& type, const Value& value, void* out);

  bool is_full() const {
    return found_.size() >= kMaxProblems || problem_bytes_ >= kMaxProblemBytes;
  }
  std::size_t problem_count() const { return found_.size(); }

  // All mistakes, in document order; lines and columns when the document has a text.
  base::Error error(const Document* document) const;

 private:
  struct Segment {
    std::string_view key;
    std::size_t index;
    bool is_index;
  };
  enum class Tagged : std::uint8_t { no, yes };  // yes: kTypeKey is not a member but the tag
  struct Found {
    base::Problem problem;
    Part part;
  };

  void fail_at(Part part, std::string message, std::string suggestion);
  void fail_number(std::string_view what, const Value& got);
  void fail_shape(std::string_view what, const Value& got);
  std::string pointer() const;

  void read_boolean(const Value& value, bool& out);
  void read_whole(const WholeAccess& access, const Value& value, void* out);
  void read_real(const Value& value, double& out);
  void read_text(const Value& value, std::string& out);
  void read_instant(const Value& value, base::Instant& out);
  void read_duration(const Value& value, base::Duration& out);
  void read_blob(const Value& value, base::Blob& out);
  void read_id(const IdAccess& access, const Value& value, void* out);
  void read_list(const Type& type, const Value& value, void* out);
  void read_map(const Type& type, const Value& value, void* out);
  void read_enumeration(const EnumAccess& access, const Value& value, void* out);
  const Alternative* find_alternative(const ChoiceAccess& choice, const Object& object);
  void read_choice(const ChoiceAccess& choice, const Value& value, void* out);
  void read_record(const StructTable& table, const Object& object, void* out, Tagged tagged);
  void read_field(const FieldRow& field, const Value& value, void* owner);
  void check_required(const StructTable& table, const Object& object);
  void fail_unknown_key(const StructTable& table);
  bool check_items(std::size_t count);

  Audience audience_;
  const Limits* limits_ = nullptr;   // of the field being read
  const FieldRow* field_ = nullptr;  // being read itself, not one of its elements
  std::vector<Segment> path_;
  std::vector<Found> found_;
  std::size_t problem_bytes_ = 0;
};

}  // namespace mainspring::json
