#include "scheduler/wake_queue.h"

#include <functional>
#include <utility>

namespace mainspring::scheduler {

// ---- table: linear probing, no tombstones
// --------------------------------------------------------

std::size_t WakeQueue::home_of(base::JobId job) const {
  const std::uint64_t mixed = std::hash<base::JobId>{}(job) * 0x9e3779b97f4a7c15U;  // 2^64 / phi
  return (mixed >> 32) & (table_.size() - 1);
}

std::size_t WakeQueue::slot_of(base::JobId job) const {
  std::size_t slot = home_of(job);
  while (table_[slot] != kEmpty && heap_[table_[slot]].job != job)
    slot = (slot + 1) & (table_.size() - 1);
  return slot;
}

void WakeQueue::grow_table() {
  table_.assign(table_.size() * 2, kEmpty);
  for (std::size_t index = 0; index < heap_.size(); ++index)
    table_[slot_of(heap_[index].job)] = static_cast<std::uint32_t>(index);
}

// Moves later members of the probe sequence back, so that no search meets a hole.
void WakeQueue::erase_slot(std::size_t slot) {
  const std::size_t mask = table_.size() - 1;
  std::size_t hole = slot;
  for (std::size_t next = (slot + 1) & mask; table_[next] != kEmpty; next = (next + 1) & mask) {
    const std::size_t home = home_of(heap_[table_[next]].job);
    const bool is_reached_through_hole = ((next - home) & mask) >= ((next - hole) & mask);
    if (!is_reached_through_hole) continue;
    table_[hole] = table_[next];
    hole = next;
  }
  table_[hole] = kEmpty;
}

// ---- heap
// ----------------------------------------------------------------------------------------

void WakeQueue::place(const Wake& wake, Place to) {
  heap_[to.index] = wake;
  table_[to.slot] = static_cast<std::uint32_t>(to.index);
}

// `wake` is in the table at to.slot, and goes to to.index or to where the order wants it. Its own
// slot is carried along: what the slot says is stale until the end.
void WakeQueue::sift(const Wake& wake, Place to) {
  while (to.index > 0 && heap_[(to.index - 1) / 2].at > wake.at) {
    const std::size_t parent = (to.index - 1) / 2;
    const Wake moved = heap_[parent];
    place(moved, {to.index, slot_of(moved.job)});
    to.index = parent;
  }
  while (2 * to.index + 1 < heap_.size()) {
    std::size_t child = 2 * to.index + 1;
    if (child + 1 < heap_.size() && heap_[child + 1].at < heap_[child].at) ++child;
    if (heap_[child].at >= wake.at) break;
    const Wake moved = heap_[child];
    place(moved, {to.index, slot_of(moved.job)});
    to.index = child;
  }
  place(wake, to);
}

// ---- public
// --------------------------------------------------------------------------------------

void WakeQueue::set(const Wake& wake) {
  const std::size_t slot = slot_of(wake.job);
  if (table_[slot] != kEmpty) {
    sift(wake, {table_[slot], slot});
    return;
  }
  const std::size_t index = heap_.size();
  heap_.push_back(wake);
  table_[slot] = static_cast<std::uint32_t>(index);
  if (heap_.size() * 4 > table_.size() * 3) grow_table();
  sift(wake, {index, slot_of(wake.job)});
}

void WakeQueue::set_earlier(const Wake& wake) {
  const auto present = find(wake.job);
  if (!present || wake.at < present->at) set(wake);
}

void WakeQueue::remove(base::JobId job) {
  const std::size_t slot = slot_of(job);
  if (table_[slot] == kEmpty) return;
  const std::size_t index = table_[slot];
  erase_slot(slot);
  const Wake last = heap_.back();
  const std::size_t slot_of_last = index == heap_.size() - 1 ? slot : slot_of(last.job);
  heap_.pop_back();
  if (index < heap_.size()) sift(last, {index, slot_of_last});
}

std::optional<Wake> WakeQueue::find(base::JobId job) const {
  const std::size_t slot = slot_of(job);
  if (table_[slot] == kEmpty) return std::nullopt;
  return heap_[table_[slot]];
}

std::optional<Wake> WakeQueue::first() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.front();
}

}  // namespace mainspring::scheduler
