// Spool: records in files, in order, that outlive the process and a crash of the machine.
//
// A segment is a file of records: length and CRC-32 of what follows, both 32 bits little-endian,
// then the bytes. Records are removed from the front; a segment that has none left is unlinked. How
// far the first one was read stands in a file `cursor`, which is not synced: after a crash some
// records may come again, so who reads them must not mind.
//
// A record that was cut by a crash is the last one, was never acknowledged, and is cut off at the
// next start. Any other damage costs the rest of its segment, and is told in the log.
//
// Threads: one. Errors: storage_full (the limit, or the disk), unavailable.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"

namespace mainspring::remote {

struct SpoolSettings {
  std::string directory;  // exists, and is this worker's own
  std::int64_t limit = std::int64_t{1} << 30;
};

// What a record may use of kReserve beyond the limit.
enum class Claim { plain, reserve };

class Spool {
 public:
  static base::Result<std::unique_ptr<Spool>> open(SpoolSettings settings, base::Log log);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // All of them or none; synced when it returns.
  base::Result<void> append(std::span<const std::string> records, Claim claim);

  bool empty() const { return segments_.empty(); }
  std::int64_t bytes() const { return bytes_; }  // on disk

  // The oldest records, at least one, of at most so many bytes where more than one; none when it is
  // empty. They stay until remove().
  std::vector<std::string> peek(std::size_t bytes);
  // As many records as peek() has given last, or fewer, from the front.
  void remove(std::size_t count);

 private:
  struct Segment {
    std::uint64_t number = 0;
    std::int64_t size = 0;  // of what is whole
  };

  Spool(SpoolSettings settings, base::Log log);
  base::Result<void> load();
  std::int64_t check_tail(const Segment& segment);
  std::string path_of(std::uint64_t number) const;
  base::Result<void> begin_segment();
  base::Result<void> write(std::string_view block);
  base::Result<std::string> read_record(std::int64_t offset);
  void drop_first();
  void open_first();
  void note_cursor() const;
  void load_cursor();

  const SpoolSettings settings_;
  const base::Log log_;
  std::deque<Segment> segments_;  // the last one is written to, unless it was found at the start
  std::uint64_t last_number_ = 0;
  std::int64_t bytes_ = 0;
  int writing_ = -1;                // the last segment, where this process has begun it
  int reading_ = -1;                // the first one
  std::int64_t offset_ = 0;         // in the first one: what was removed
  std::vector<std::int64_t> ends_;  // of the records that peek() gave last
};

inline constexpr std::int64_t kSegmentBytes = 8 << 20;
// An outcome and what is said about a full spool find room also when output has used it up.
inline constexpr std::int64_t kReserve = 16 << 20;
// The largest record: an outcome with its result and the last output, as JSON, is below 4 MiB.
inline constexpr std::uint32_t kRecordLimit = 16 << 20;

}  // namespace mainspring::remote
