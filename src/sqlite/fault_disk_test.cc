// FaultDisk itself. What the store makes of it is told in trouble_test.cc and crash_test.cc.
#include "sqlite/fault_disk.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <vector>

#include "sqlite/database.h"
#include "sqlite/test_directory.h"

namespace mainspring::sqlite {
namespace {

constexpr std::int64_t kPageBytes = 4096;
constexpr const char* kName = "fault-disk";

// A change of a file that no sync has made safe yet.
struct Pending {
  std::int64_t offset = 0;
  std::string before;  // what stood there; a size of its own where the file ended earlier
  std::string after;
  std::int64_t size_before = 0;
  bool is_truncation = false;  // to `offset`
};

void put(std::string& file, std::int64_t offset, std::string_view bytes) {
  const auto at = static_cast<std::size_t>(offset);
  if (file.size() < at + bytes.size()) file.resize(at + bytes.size());
  file.replace(at, bytes.size(), bytes);
}

std::string load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

struct FaultDisk::State {
  sqlite3_vfs vfs{};
  sqlite3_vfs* real = nullptr;
  Trouble trouble = Trouble::none;
  std::int64_t room = INT64_MAX;
  std::int64_t spoiled_page = 0;
  std::int64_t writes = 0;
  std::int64_t crash_at = INT64_MAX;
  int last_errno = 0;
  std::map<std::string, std::vector<Pending>> pending;  // by path

  bool has_crashed() const { return writes >= crash_at; }

  int fail(int code, int reason) {
    last_errno = reason;
    return code;
  }
  // Whether a change of a file by `growth` bytes may go on; else SQLite's code.
  int check_write(std::int64_t growth) {
    if (has_crashed()) return fail(SQLITE_IOERR_WRITE, EIO);
    ++writes;
    if (trouble == Trouble::write_error) return fail(SQLITE_IOERR_WRITE, EIO);
    if (trouble == Trouble::read_only) return fail(SQLITE_IOERR_WRITE, EROFS);
    if (trouble == Trouble::full || growth > room) return fail(SQLITE_FULL, ENOSPC);
    room -= std::max<std::int64_t>(growth, 0);
    return SQLITE_OK;
  }
};

namespace {

using State = FaultDisk::State;

struct FaultFile {
  sqlite3_file base;
  State* state;
  sqlite3_file* real;  // behind this struct
  std::string* path;   // owned
  bool is_main;
};

FaultFile& own(sqlite3_file* file) { return *reinterpret_cast<FaultFile*>(file); }
sqlite3_file* real(sqlite3_file* file) { return own(file).real; }
State& state_of(sqlite3_vfs* vfs) { return *static_cast<State*>(vfs->pAppData); }

std::int64_t size_of(sqlite3_file* file) {
  sqlite3_int64 size = 0;
  real(file)->pMethods->xFileSize(real(file), &size);
  return size;
}

std::string read_up_to(sqlite3_file* file, std::int64_t offset, std::int64_t count) {
  const std::int64_t there = std::clamp<std::int64_t>(size_of(file) - offset, 0, count);
  std::string out(static_cast<std::size_t>(there), '\0');
  if (there > 0) {
    real(file)->pMethods->xRead(real(file), out.data(), static_cast<int>(there), offset);
  }
  return out;
}

int close_file(sqlite3_file* file) {
  const int status = real(file)->pMethods->xClose(real(file));
  delete own(file).path;
  return status;
}

int read_file(sqlite3_file* file, void* out, int count, sqlite3_int64 offset) {
  State& state = *own(file).state;
  if (state.trouble == Trouble::read_error) return state.fail(SQLITE_IOERR_READ, EIO);
  const int status = real(file)->pMethods->xRead(real(file), out, count, offset);
  const bool is_spoiled = own(file).is_main && state.spoiled_page > 0 &&
                          offset / kPageBytes == state.spoiled_page - 1 && count >= 100;
  if (is_spoiled) {
    std::mt19937 noise(static_cast<std::uint32_t>(state.spoiled_page));
    auto* bytes = static_cast<unsigned char*>(out);
    for (int i = offset == 0 ? 100 : 0; i < count; ++i)  // the header of the file stays
      bytes[i] = static_cast<unsigned char>(noise());
  }
  return status;
}

int write_file(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  State& state = *own(file).state;
  const std::int64_t size = size_of(file);
  if (const int status = state.check_write(offset + count - size); status != SQLITE_OK) {
    return status;
  }
  const std::string_view after{static_cast<const char*>(bytes), static_cast<std::size_t>(count)};
  state.pending[*own(file).path].push_back(
      {offset, read_up_to(file, offset, count), std::string{after}, size, false});
  if (state.trouble == Trouble::short_write) {
    real(file)->pMethods->xWrite(real(file), bytes, count / 2, offset);
    return state.fail(SQLITE_IOERR_WRITE, EIO);
  }
  return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  State& state = *own(file).state;
  if (const int status = state.check_write(0); status != SQLITE_OK) return status;
  const std::int64_t before = size_of(file);
  state.pending[*own(file).path].push_back(
      {size, read_up_to(file, size, before - size), {}, before, true});
  return real(file)->pMethods->xTruncate(real(file), size);
}

int sync_file(sqlite3_file* file, int) {
  State& state = *own(file).state;
  if (state.has_crashed()) return state.fail(SQLITE_IOERR_FSYNC, EIO);
  if (state.trouble == Trouble::sync_error) return state.fail(SQLITE_IOERR_FSYNC, EIO);
  state.pending.erase(*own(file).path);
  return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}
int lock_file(sqlite3_file* file, int level) {
  return real(file)->pMethods->xLock(real(file), level);
}
int unlock_file(sqlite3_file* file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}
int check_lock(sqlite3_file* file, int* out) {
  return real(file)->pMethods->xCheckReservedLock(real(file), out);
}
int control_file(sqlite3_file* file, int what, void* argument) {
  if (what == SQLITE_FCNTL_LAST_ERRNO) {
    *static_cast<int*>(argument) = own(file).state->last_errno;
    return SQLITE_OK;
  }
  if (what == SQLITE_FCNTL_SIZE_HINT || what == SQLITE_FCNTL_MMAP_SIZE) return SQLITE_NOTFOUND;
  return real(file)->pMethods->xFileControl(real(file), what, argument);
}
int sector_size(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int characteristics(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void barrier_shared(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int unmap_shared(sqlite3_file* file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), remove);
}

// Version 2: without xFetch, so that every read comes through read_file().
constexpr sqlite3_io_methods kMethods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_lock,
    .xFileControl = control_file,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = map_shared,
    .xShmLock = lock_shared,
    .xShmBarrier = barrier_shared,
    .xShmUnmap = unmap_shared,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

// tidy: SQLite's signature
int open_file(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out) {
  State& state = state_of(vfs);
  FaultFile& self = own(file);
  self.base.pMethods = nullptr;
  self.state = &state;
  self.real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(FaultFile));
  self.is_main = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  const bool is_refused = state.has_crashed() || (state.trouble == Trouble::read_only &&
                                                  (flags & SQLITE_OPEN_READWRITE) != 0);
  if (is_refused) return state.fail(SQLITE_CANTOPEN, state.has_crashed() ? EIO : EROFS);
  const int status = state.real->xOpen(state.real, name, self.real, flags, out);
  if (self.real->pMethods == nullptr) return status;
  self.path = new std::string(name != nullptr ? name : "");
  self.base.pMethods = &kMethods;
  return status;
}

int remove_file(sqlite3_vfs* vfs, const char* name, int sync) {
  State& state = state_of(vfs);
  if (state.has_crashed()) return state.fail(SQLITE_IOERR_DELETE, EIO);
  if (state.trouble == Trouble::read_only) return state.fail(SQLITE_IOERR_DELETE, EROFS);
  state.pending.erase(name);
  return state.real->xDelete(state.real, name, sync);
}

int last_error(sqlite3_vfs* vfs, int, char*) { return state_of(vfs).last_errno; }

// The file as it may be found: each change made, left out, or made in part.
std::string lose_some(std::string file, const std::vector<Pending>& changes,
                      std::mt19937_64& dice) {
  for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
    if (change->is_truncation) file.resize(static_cast<std::size_t>(change->offset));
    put(file, change->offset, change->before);
    file.resize(static_cast<std::size_t>(change->size_before));
  }
  for (const Pending& change : changes) {
    const auto fate = dice() % 4;
    if (fate == 0) continue;
    if (change.is_truncation) {
      file.resize(static_cast<std::size_t>(change.offset));
      continue;
    }
    const auto cut = fate == 1 ? dice() % change.after.size() : change.after.size();
    put(file, change.offset, std::string_view{change.after}.substr(0, cut));
  }
  return file;
}

}  // namespace

FaultDisk::FaultDisk() : state_(std::make_unique<State>()) {
  state_->real = sqlite3_vfs_find(nullptr);
  state_->vfs = *state_->real;
  state_->vfs.pNext = nullptr;
  state_->vfs.zName = kName;
  state_->vfs.pAppData = state_.get();
  state_->vfs.szOsFile = static_cast<int>(sizeof(FaultFile)) + state_->real->szOsFile;
  state_->vfs.xOpen = open_file;
  state_->vfs.xDelete = remove_file;
  state_->vfs.xGetLastError = last_error;
  sqlite3_vfs_register(&state_->vfs, 1);
}

FaultDisk::~FaultDisk() {
  sqlite3_vfs_unregister(&state_->vfs);
  sqlite3_vfs_register(state_->real, 1);
}

void FaultDisk::set(Trouble trouble) { state_->trouble = trouble; }
void FaultDisk::set_room(std::int64_t bytes) { state_->room = bytes; }
void FaultDisk::spoil_page(std::int64_t page) { state_->spoiled_page = page; }
void FaultDisk::crash_at(std::int64_t write) { state_->crash_at = state_->writes + write; }
bool FaultDisk::has_crashed() const { return state_->has_crashed(); }
std::int64_t FaultDisk::writes() const { return state_->writes; }

void FaultDisk::lose_unsynced(std::uint64_t seed) {
  std::mt19937_64 dice(seed);
  for (const auto& [path, changes] : state_->pending) {
    if (!std::filesystem::exists(path)) continue;
    const std::string left = lose_some(load(path), changes, dice);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << left;
  }
  state_->pending.clear();
  state_->crash_at = INT64_MAX;
}

namespace {

TEST_CASE("a disk without trouble keeps what is written to it") {
  TestDirectory directory;
  const FaultDisk disk;
  const std::string path = directory.path() + "/m.db";
  {
    Database database(path, Database::Access::write);
    database.execute("PRAGMA journal_mode = WAL; CREATE TABLE t(x); INSERT INTO t VALUES (7)");
  }
  Database database(path, Database::Access::read);
  sql::Rows rows = database.query("SELECT x FROM t");
  REQUIRE(rows.next());
  std::int64_t value = 0;
  rows.read(value);
  CHECK(value == 7);
}

TEST_CASE("what was not synced may be lost, what was synced is not") {
  TestDirectory directory;
  const std::string path = directory.path() + "/m.db";
  int lost = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    std::filesystem::remove(path);
    FaultDisk disk;
    {
      Database database(path, Database::Access::write);
      database.execute("CREATE TABLE t(x); INSERT INTO t VALUES (1)");
      database.execute("PRAGMA synchronous = OFF; INSERT INTO t VALUES (2)");
      disk.crash_at(0);
    }
    disk.lose_unsynced(seed);
    Database database(path, Database::Access::write);
    sql::Rows rows = database.query("SELECT count(*) FROM t WHERE x = 1");
    REQUIRE(rows.next());
    std::int64_t kept = 0;
    rows.read(kept);
    REQUIRE(kept == 1);
    rows = database.query("SELECT count(*) FROM t");
    REQUIRE(rows.next());
    rows.read(kept);
    lost += kept == 1 ? 1 : 0;
  }
  CHECK(lost > 0);
}

}  // namespace
}  // namespace mainspring::sqlite
