// ScheduleBook: every schedule that may fire, read once and made ready for questions about all of
// them; what changes is read again when somebody asks. A reader's cache: the store stays the truth.
//
// Threads: any. One asks the store at a time, on its own connection; the others wait for it.
// Limits: kBookSchedules; of more, the oldest, and is_complete says so.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string_view>
#include <vector>

#include "plan/agenda.h"
#include "store/store.h"

namespace mainspring::api {

// Some 25 MiB. A screen of all fires tells nobody more beyond it.
inline constexpr std::int64_t kBookSchedules = 20'000;

class ScheduleBook {
 public:
  explicit ScheduleBook(store::Writer& writer);

  struct Contents {
    plan::FireLines lines;  // of the tenant
    bool is_complete = true;
  };
  // As of the last commit before the call. Throws store::Unavailable.
  Contents read(store::Reads& reads, std::string_view tenant);

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
};

}  // namespace mainspring::api
