// Engine: sql::Engine on one SQLite file that nobody else writes to, with every setting in place
// and the newest schema. Internal to this module, its tests and those of the whole program.
#pragma once

#include <string>

#include "sql/engine.h"
#include "sqlite/database.h"

namespace mainspring::sqlite {

// What the engine works on; a base, so that it stands before the engine does.
struct WritableFile {
  explicit WritableFile(const std::string& path);

  Database connection;
  sql::OwnTurns turns;
};

class Engine : private WritableFile, public sql::Engine {
 public:
  // Throws Unavailable, NotOurs.
  explicit Engine(const std::string& path)
      : WritableFile(path), sql::Engine(WritableFile::connection, WritableFile::turns) {}

  Database& database() { return connection; }
};

}  // namespace mainspring::sqlite
