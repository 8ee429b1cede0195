// WakeQueue: when each job is to be looked at again; the earliest first, and any job found by id.
//
// A binary heap whose places are kept in an open-addressing table: 24 bytes of heap and at most 11
// of table per job, so a million jobs take 35 MB. Nothing else is kept in memory per job: its
// schedules are read again when it wakes.
//
// Belongs to one thread. Limits: 2^31 jobs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/id.h"
#include "base/time.h"

namespace mainspring::scheduler {

struct Wake {
  base::JobId job;
  base::Instant at;

  friend bool operator==(const Wake&, const Wake&) = default;
};

class WakeQueue {
 public:
  WakeQueue() : table_(kSmallestTable, kEmpty) {}

  void set(const Wake& wake);          // replaces the job's
  void set_earlier(const Wake& wake);  // unless the job wakes before that anyway
  void remove(base::JobId job);

  std::optional<Wake> find(base::JobId job) const;
  std::optional<Wake> first() const;
  std::size_t size() const { return heap_.size(); }

 private:
  static constexpr std::uint32_t kEmpty = UINT32_MAX;
  static constexpr std::size_t kSmallestTable = 64;

  struct Place {
    std::size_t index;  // in the heap
    std::size_t slot;   // in the table
  };
  std::size_t home_of(base::JobId job) const;
  std::size_t slot_of(base::JobId job) const;  // where it is, or the empty slot where it belongs
  void place(const Wake& wake, Place to);
  void sift(const Wake& wake, Place to);
  void erase_slot(std::size_t slot);
  void grow_table();

  std::vector<Wake> heap_;
  std::vector<std::uint32_t> table_;  // places in the heap; its size is a power of two
};

}  // namespace mainspring::scheduler
