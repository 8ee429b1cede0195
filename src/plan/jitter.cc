#include "plan/jitter.h"

#include <algorithm>
#include <cstdint>

namespace mainspring::plan {
namespace {

constexpr base::Duration kTick{1};

// FNV-1a, 64 bits, of the id's bytes and the instant's milliseconds, finished as in
// cron::Expression: the low bits of FNV alone are not spread well.
std::uint64_t hash(const base::ScheduleId& id, base::Instant at) {
  std::uint64_t x = 0xcbf29ce484222325U;
  const auto add = [&x](std::uint8_t byte) { x = (x ^ byte) * 0x100000001b3U; };
  for (const std::uint8_t byte : id.bytes())
    add(byte);
  const auto millis = static_cast<std::uint64_t>(base::to_millis(at));
  for (int shift = 0; shift < 64; shift += 8)
    add(static_cast<std::uint8_t>(millis >> shift));
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdU;
  return x ^ (x >> 33);
}

}  // namespace

base::Instant due_with_jitter(const model::Schedule& schedule, base::Instant at,
                              std::optional<base::Instant> next) {
  base::Duration most = schedule.spec.jitter;
  if (next) most = std::min(most, *next - at - kTick);
  if (most <= base::Duration{0}) return at;
  return at +
         base::Duration{hash(schedule.id, at) % (static_cast<std::uint64_t>(most.count()) + 1)};
}

}  // namespace mainspring::plan
