// FaultDisk: SQLite's file system for as long as the object lives, over the real one, with trouble
// on demand. For tests of this module.
//
// It fails calls, has only so much room, spoils what is read, and crashes: from some write on
// nothing reaches the disk any more. lose_unsynced() then leaves what a loss of power would: of the
// writes since a file's last sync any may be there, missing, or cut. A sync costs no real one.
//
// Threads: one at a time. One object at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace mainspring::sqlite {

enum class Trouble { none, write_error, short_write, sync_error, read_error, full, read_only };

class FaultDisk {
 public:
  FaultDisk();
  ~FaultDisk();  // the real file system is SQLite's again
  FaultDisk(const FaultDisk&) = delete;
  FaultDisk& operator=(const FaultDisk&) = delete;

  void set(Trouble trouble);
  // Files may grow by so many bytes in all; then the disk is full.
  void set_room(std::int64_t bytes);
  // What reads at a page of this number (the first is 1) of the main database finds is noise.
  void spoil_page(std::int64_t page);

  // The write with this number, counted from now, is the last that may reach the disk.
  void crash_at(std::int64_t write);
  bool has_crashed() const;
  std::int64_t writes() const;  // so far
  // After a crash, with every connection closed. The disk works again.
  void lose_unsynced(std::uint64_t seed);

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace mainspring::sqlite
