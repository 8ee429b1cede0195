// Reads: sql::Reads on a read-only connection of its own to an SQLite file. Internal to this
// module, its tests and those of the whole program; belongs to one thread.
#pragma once

#include <string>

#include "sql/reads.h"
#include "sqlite/database.h"

namespace mainspring::sqlite {

// What the questions are asked on; a base, so that it stands before they do.
struct ReadableFile {
  explicit ReadableFile(const std::string& path) : connection(path, Database::Access::read) {
    connection.execute("PRAGMA mmap_size = 0; PRAGMA cache_size = -8192;");
  }

  Database connection;
};

class Reads final : private ReadableFile, public sql::Reads {
 public:
  // `counts` must outlive this. Throws Unavailable.
  Reads(const std::string& path, const sql::LiveCounts& counts)
      : ReadableFile(path), sql::Reads(ReadableFile::connection, counts) {}

  Database& database() { return connection; }  // for the test of query plans
};

}  // namespace mainspring::sqlite
