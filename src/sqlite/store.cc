#include "sqlite/store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "sql/writer.h"
#include "sqlite/engine.h"
#include "sqlite/migrations.h"
#include "sqlite/reads.h"

namespace mainspring::sqlite {
namespace {

base::Error trouble(const std::string& path, int number) {
  const auto code = number == ENOSPC ? base::Code::storage_full : base::Code::unavailable;
  return {code, fmt::format("cannot open {}: {}", path, std::strerror(number)), {}};
}

base::Result<void> make_directory(const std::filesystem::path& directory) {
  if (directory.empty() || std::filesystem::exists(directory)) return {};
  auto parent = make_directory(directory.parent_path());
  if (!parent) return parent;
  if (::mkdir(directory.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return base::fail(trouble(directory.string(), errno));
}

// Owns the lock that keeps a second process out. The lock ends with the process, however it ends.
class FileLock {
 public:
  static base::Result<FileLock> take(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return base::fail(trouble(path, errno));
    FileLock lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
    return base::fail(base::Code::conflict,
                      fmt::format("another Mainspring has this database open ({} is locked); stop "
                                  "it first, or give this one another directory",
                                  path));
  }
  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// SQLite gives the log and the index beside a file that file's mode, so it is made before.
base::Result<void> make_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return base::fail(trouble(path, errno));
  ::close(descriptor);
  return {};
}

class SqliteStore final : public store::Store {
 public:
  SqliteStore(const Settings& settings, FileLock lock)
      : path_(settings.path),
        lock_(std::move(lock)),
        engine_(path_),
        writer_(engine_, {settings.log, settings.observe}) {}

  store::Writer& writer() override { return writer_; }
  std::unique_ptr<store::Reads> open_reads() override {
    return std::make_unique<Reads>(path_, engine_.counts());
  }

 private:
  std::string path_;
  FileLock lock_;
  Engine engine_;
  sql::GroupWriter writer_;
};

}  // namespace

base::Result<std::unique_ptr<store::Store>> open(const Settings& settings) {
  auto directory = make_directory(std::filesystem::path(settings.path).parent_path());
  if (!directory) return base::fail(std::move(directory.error()));
  auto lock = FileLock::take(settings.path + ".lock");
  if (!lock) return base::fail(std::move(lock.error()));
  auto file = make_file(settings.path);
  if (!file) return base::fail(std::move(file.error()));
  try {
    return std::make_unique<SqliteStore>(settings, std::move(*lock));
  } catch (const NotOurs& problem) {
    return base::fail(base::Code::unsupported,
                      fmt::format("{} is not a database that this program can use: {}",
                                  settings.path, problem.what()));
  } catch (const store::Unavailable& problem) {
    return base::fail(problem.code(), problem.what());
  }
}

}  // namespace mainspring::sqlite
