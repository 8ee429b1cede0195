// Cron expressions: whatever they hold, the parser answers in words, what it accepts survives a
// round trip, and the search for an occurrence ends.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "cron/occurrence.h"
#include "cron/words.h"

namespace base = mainspring::base;
namespace cron = mainspring::cron;

namespace {

void check_expression(std::string_view text) {
  const auto expression = cron::Expression::parse(text, "seed");
  if (!expression) {
    CHECK(!expression.error().message.empty() && expression.error().problems.size() == 1);
    return;
  }
  CHECK(cron::Expression::parse(expression->text()) == *expression);
  CHECK(!cron::to_words(*expression, "UTC").empty());
  static const auto zone = cron::TimeZone::load("Europe/Berlin").value();
  const cron::Timing timing{*expression, zone, {cron::GapPolicy::shift, cron::FoldPolicy::both}};
  const base::Instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 28}};
  if (const auto next = cron::next_after(timing, start)) {
    const auto previous = cron::previous_before(timing, *next);
    CHECK(*next > start && (!previous || *previous <= start));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  check_expression(text);
  return 0;
}
