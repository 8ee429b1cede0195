#include "sqlite/transfer_ends.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include <fmt/core.h>

#include "sqlite/copy.h"
#include "sqlite/engine.h"
#include "sqlite/migrations.h"

namespace mainspring::sqlite {
namespace {

using base::Code;

class FileSource final : public sql::TransferSource {
 public:
  explicit FileSource(const std::string& path) : connection_(path, Database::Access::read) {
    connection_.begin(sql::Database::Purpose::read);
  }
  ~FileSource() override { connection_.roll_back(); }

  sql::Database& database() override { return connection_; }
  std::int64_t last_position() override {
    sql::Rows rows = connection_.query("SELECT coalesce(max(position), 0) FROM events");
    std::int64_t out = 0;
    if (rows.next()) rows.read(out);
    return out;
  }

 private:
  Database connection_;
};

// Nobody reads the file before it is complete, so nothing waits for the disk before the end.
class FileTarget final : public sql::TransferTarget {
 public:
  explicit FileTarget(const std::string& path) : file_(path) {
    file_.connection.execute("PRAGMA synchronous = OFF");
    file_.connection.begin(sql::Database::Purpose::write);
    file_.connection.run("DELETE FROM tenants");
  }

  sql::Database& database() override { return file_.connection; }
  void relieve() override {
    file_.connection.commit();
    file_.connection.begin(sql::Database::Purpose::write);
  }
  void finish(std::int64_t) override {  // the newest event is there, and the next comes after it
    Database& database = file_.connection;
    database.commit();
    database.execute("PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE);");
  }

 private:
  WritableFile file_;
};

template <class End, class Face>
base::Result<std::unique_ptr<Face>> make(const std::string& path) {
  try {
    return std::make_unique<End>(path);
  } catch (const NotOurs& problem) {
    return base::fail(
        Code::unsupported,
        fmt::format("{} is not a database that this program can use: {}", path, problem.what()));
  } catch (const store::Unavailable& problem) {
    return base::fail(problem.code(), problem.what());
  }
}

}  // namespace

base::Result<std::unique_ptr<sql::TransferSource>> open_source(const std::string& path) {
  const auto schema = check_database(path, Depth::quick);
  if (!schema) return base::fail(schema.error());
  if (*schema != newest_schema()) {
    return base::fail(
        Code::unsupported,
        fmt::format("{} has the schema {}, and only {} can be copied; start a node of "
                    "this version on it once",
                    path, *schema, newest_schema()));
  }
  return make<FileSource, sql::TransferSource>(path);
}

base::Result<std::unique_ptr<sql::TransferTarget>> make_target(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return base::fail(
        errno == ENOSPC ? Code::storage_full : Code::unavailable,
        fmt::format("cannot make {}: {}", path, std::generic_category().message(errno)));
  }
  ::close(descriptor);
  return make<FileTarget, sql::TransferTarget>(path);
}

}  // namespace mainspring::sqlite
