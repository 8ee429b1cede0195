// Strong identifiers: Id<Tag> is 16 bytes, made as UUIDv7 so that ids sort by the time they were
// made, and written as "<prefix>_" and 32 lower-case hex digits. Ids of different tags do not mix.
//
// Source: RFC 9562, section 5.7. Immutable values; safe from any thread.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"

namespace mainspring::base {

using IdBytes = std::array<std::uint8_t, 16>;
using IdEntropy = std::array<std::uint8_t, 10>;  // 74 of its 80 bits are used

IdBytes make_uuid_v7(Instant now, const IdEntropy& entropy);
std::string format_id(std::string_view prefix, const IdBytes& bytes);
Result<IdBytes> parse_id(std::string_view prefix, std::string_view text);

template <class Tag>
class Id {
 public:
  static constexpr std::string_view prefix = Tag::prefix;

  Id() = default;  // the nil id: all zero, stands for "none" in storage
  explicit Id(const IdBytes& bytes) : bytes_(bytes) {}

  static Id make(Instant now, const IdEntropy& entropy) { return Id{make_uuid_v7(now, entropy)}; }

  // Errors: invalid_argument, naming the expected prefix.
  static Result<Id> parse(std::string_view text) {
    auto bytes = parse_id(prefix, text);
    if (!bytes) return fail(std::move(bytes.error()));
    return Id{*bytes};
  }

  std::string text() const { return format_id(prefix, bytes_); }
  const IdBytes& bytes() const { return bytes_; }
  bool is_nil() const { return bytes_ == IdBytes{}; }

  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  IdBytes bytes_{};
};

struct JobTag {
  static constexpr std::string_view prefix = "job";
};
struct RunTag {
  static constexpr std::string_view prefix = "run";
};
struct ScheduleTag {
  static constexpr std::string_view prefix = "sch";
};
struct WorkerTag {
  static constexpr std::string_view prefix = "wrk";
};
struct NodeTag {
  static constexpr std::string_view prefix = "node";
};
struct TokenTag {
  static constexpr std::string_view prefix = "tok";
};
struct OperationTag {
  static constexpr std::string_view prefix = "op";
};

using JobId = Id<JobTag>;
using RunId = Id<RunTag>;
using ScheduleId = Id<ScheduleTag>;
using WorkerId = Id<WorkerTag>;
using NodeId = Id<NodeTag>;
using TokenId = Id<TokenTag>;
using OperationId = Id<OperationTag>;

}  // namespace mainspring::base

template <class Tag>
struct std::hash<mainspring::base::Id<Tag>> {
  std::size_t operator()(const mainspring::base::Id<Tag>& id) const noexcept {
    // The last eight bytes are random already.
    std::size_t value = 0;
    for (std::size_t i = 8; i < 16; ++i)
      value = (value << 8) | id.bytes()[i];
    return value;
  }
};
