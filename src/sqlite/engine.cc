#include "sqlite/engine.h"

#include "sqlite/migrations.h"

namespace mainspring::sqlite {
namespace {

// Larger logs make checkpoints rarer and longer; 16 MiB of pages keeps one under 100 ms on a disk
// that writes 200 MB/s.
constexpr const char* kSettings =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = OFF;"
    "PRAGMA wal_autocheckpoint = 4000;"
    "PRAGMA journal_size_limit = 67108864;"
    "PRAGMA cache_size = -65536;"
    "PRAGMA mmap_size = 0;"  // an unreadable page is an error, not a SIGBUS: decision 0010
    "PRAGMA temp_store = MEMORY;";

}  // namespace

WritableFile::WritableFile(const std::string& path)
    : connection(path, Database::Access::write), turns(connection) {
  migrate(connection);
  connection.execute(kSettings);
}

}  // namespace mainspring::sqlite
