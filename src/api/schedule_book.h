// ScheduleBook: every schedule that may fire, read once and made ready for questions about all of
// them; what changes is read again when somebody asks. A reader's cache: the store stays the truth.
//
// Threads: any. One asks the store at a time, on its own connection; the others wait for it.
// Limits: kBookSchedules; of more, the oldest, and is_complete says so.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "plan/agenda.h"
#include "store/store.h"

namespace mainspring::api {

// Some 25 MiB. A screen of all fires tells nobody more beyond it.
inline constexpr std::int64_t kBookSchedules = 20'000;
// Spans whose counts are kept: a few people look at a few weeks.
inline constexpr std::size_t kKeptCounts = 16;

class ScheduleBook {
 public:
  explicit ScheduleBook(store::Writer& writer);

  struct Contents {
    plan::FireLines lines;  // of the tenant
    bool is_complete = true;
    std::uint64_t edition = 0;  // another one whenever a schedule has changed
  };
  // As of the last commit before the call. Throws store::Unavailable.
  Contents read(store::Reads& reads, std::string_view tenant);

  // Counts of hours, kept until a schedule changes: every page of the load asks for the same ones.
  struct Span {
    std::string tenant;
    base::Instant from;
    std::size_t hours = 0;
    auto operator<=>(const Span&) const = default;
  };
  plan::HourlyFires count(const Span& span, const Contents& contents);

 private:
  // Between the writer, which keeps its listeners for good, and a book that may be gone.
  struct Ear;

  void read_all(store::Reads& reads);
  void read_job(store::Reads& reads, base::JobId id);

  const std::shared_ptr<Ear> ear_;
  std::mutex mutex_;
  bool is_read_ = false;
  bool is_complete_ = true;
  std::map<base::JobId, plan::FireLines> lines_;
  std::int64_t count_ = 0;
  std::uint64_t edition_ = 0;

  std::mutex counting_;
  std::uint64_t counted_edition_ = 0;
  std::map<Span, plan::HourlyFires> counted_;  // of that edition, at most kKeptCounts
};

}  // namespace mainspring::api
