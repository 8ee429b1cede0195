// Outbox: what attempts have said and the node has not taken yet, in order: in memory while the
// node is there, in the spool while it is not. What is in the spool goes first.
//
// Output that is in the spool counts as stored: its attempt goes on. An outcome is answered when
// the node has said what became of it. Progress is not kept: the next replaces it.
//
// A full spool refuses output, which slows the attempt down; the late output of a lost lease, which
// nobody holds any more, is dropped then, and the log says how much.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/log.h"
#include "protocol/messages.h"
#include "remote/spool.h"
#include "store/store.h"

namespace mainspring::remote {

class Outbox {
 public:
  Outbox(std::unique_ptr<Spool> spool, base::Log log);

  struct Item {
    protocol::Report report;
    store::Completion completion;  // may be empty
    bool is_late = false;          // output that nobody will say again
  };
  void add(Item item);

  // The oldest reports that are not settled, for one request of this version of the protocol; empty
  // when there are none. The same again until they are settled.
  std::vector<protocol::Report> next(int version);
  // What the node answered to them. False: some are to be repeated.
  bool settle(const std::vector<protocol::ReportAnswer>& answers);
  // The node cannot be reached: everything goes to the disk.
  void spill();
  // Nobody will send any more: what waits for an answer is told so. After spill().
  void abandon();

  bool empty() const { return queue_.empty() && window_.empty() && spool_->empty(); }
  bool is_spool_empty() const { return spool_->empty(); }
  std::int64_t spool_bytes() const { return spool_->bytes(); }

 private:
  struct Entry {
    Item item;
    bool is_done = false;
  };
  enum class Source { memory, spool };

  void fill_window();
  void fill_from_spool();
  void take_back_window();
  void finish(Entry& entry, const protocol::ReportAnswer& answer);
  void close_window();
  bool spill_entry(Entry& entry);
  void refuse(Entry& entry, const base::Error& error);
  void tell_refusals();

  const std::unique_ptr<Spool> spool_;
  const base::Log log_;
  std::deque<Entry> queue_;
  std::vector<Entry> window_;  // of the request under way
  Source source_ = Source::memory;
  std::vector<std::size_t> owners_;  // of each report of the request: its place in the window
  // Outcomes in the spool whose attempts wait for what becomes of them.
  std::map<store::LeaseRef, store::Completion> waiting_;
  bool has_told_full_ = false;
  std::int64_t dropped_bytes_ = 0;
};

// Of one request, before its JSON.
inline constexpr std::size_t kRequestBytes = 1 << 20;

// What a report costs in memory, about.
std::size_t size_of(const protocol::Report& report);

}  // namespace mainspring::remote
