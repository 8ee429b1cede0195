#include "backup/make.h"

#include <unistd.h>

#include <filesystem>

#include <fmt/core.h>

#include "system/file_lock.h"

namespace mainspring::backup {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::Result;

std::string directory_of(const std::string& path) {
  const std::string parent = fs::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

std::uint64_t size_of(const std::string& path) {
  std::error_code missing;
  const auto size = fs::file_size(path, missing);
  return missing ? 0 : size;
}

// The log counts: what stands in it may be new pages.
Result<void> check_room(const MakeRequest& request) {
  const std::uint64_t need =
      size_of(request.database) + size_of(request.database + "-wal") + kRoomLeft;
  const auto room = system::load_free_space(directory_of(request.file));
  if (!room) return base::fail(room.error());
  if (*room >= need) return {};
  return base::fail(Code::storage_full,
                    fmt::format("{} has {} MiB left, and the backup may need {}; free some space "
                                "or name another directory",
                                directory_of(request.file), *room >> 20, need >> 20));
}

Result<void> check_paths(const MakeRequest& request) {
  std::error_code ignored;
  if (!fs::exists(request.database, ignored)) {
    return base::fail(Code::not_found, fmt::format("there is no database {}", request.database));
  }
  if (request.existing == system::Existing::refuse && fs::exists(request.file, ignored)) {
    return base::fail(Code::conflict,
                      fmt::format("{} exists; name another file, or say --force", request.file));
  }
  return {};
}

}  // namespace

Result<void> make(const MakeRequest& request) {
  if (auto paths = check_paths(request); !paths) return paths;
  if (auto room = check_room(request); !room) return room;
  const std::string part = request.file + ".part";
  // The lock tells a backup under way from one that was killed: only the second is cleared away.
  auto lock = system::FileLock::take(part + ".lock");
  if (!lock) return base::fail(std::move(lock.error()));
  for (const char* suffix : {"", "-wal", "-shm", "-journal"})
    ::unlink((part + suffix).c_str());
  auto made = sqlite::copy_database({request.database, part, request.watch});
  if (made) made = system::rename_durably({part, request.file}, request.existing);
  if (!made) ::unlink(part.c_str());
  ::unlink((part + ".lock").c_str());
  return made;
}

}  // namespace mainspring::backup
