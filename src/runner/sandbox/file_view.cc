#include "runner/sandbox/file_view.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "runner/process/fd.h"

namespace mainspring::runner {
namespace {

using base::Code;
using base::Result;

// Rights that came after the headers of Debian 12.
constexpr std::uint64_t kRefer = 1ULL << 13;     // version 2
constexpr std::uint64_t kTruncate = 1ULL << 14;  // version 3

constexpr std::uint64_t kWriteFirst =
    LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
    LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
    LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
    LANDLOCK_ACCESS_FS_MAKE_SYM;

constexpr std::array kDevices{"/dev/null",   "/dev/zero",    "/dev/full",
                              "/dev/random", "/dev/urandom", "/dev/tty"};

std::unexpected<base::Error> fail(std::string_view what, int code) {
  const Code kind =
      code == EPERM || code == ENOSYS || code == EOPNOTSUPP ? Code::unsupported : Code::unavailable;
  return base::fail(kind, fmt::format("{}: {}", what, std::generic_category().message(code)));
}

std::uint64_t write_rights(int version) {
  return kWriteFirst | (version >= 2 ? kRefer : 0) | (version >= 3 ? kTruncate : 0);
}

struct Held {
  std::string path;
  Fd directory;
};

// Before anything is mounted over them.
Result<std::vector<Held>> hold(const std::vector<std::string>& kept) {
  std::vector<Held> held;
  for (const std::string& path : kept) {
    Fd directory{::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
    if (!directory.is_open())
      return fail(fmt::format("cannot keep the directory '{}'", path), errno);
    held.push_back({path, std::move(directory)});
  }
  return held;
}

Result<void> cover(const std::string& path, const char* options) {
  if (::access(path.c_str(), F_OK) != 0) return {};
  if (::mount("tmpfs", path.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options) == 0) return {};
  return fail(fmt::format("cannot mount an empty directory over '{}'", path), errno);
}

// Where it went with what covers it, it is made again; else it lies there still.
Result<void> bring_back(const Held& held) {
  std::error_code error;
  std::filesystem::create_directories(held.path, error);
  const std::string from = fmt::format("/proc/self/fd/{}", held.directory.get());
  if (::mount(from.c_str(), held.path.c_str(), nullptr, MS_BIND | MS_REC, nullptr) == 0) return {};
  return fail(fmt::format("cannot keep the directory '{}'", held.path), errno);
}

bool lies_below(const std::string& path, const std::string& top) {
  return path == top || path.starts_with(top + "/");
}

Result<void> allow(int ruleset, const std::string& path, std::uint64_t rights) {
  const Fd place{::open(path.c_str(), O_PATH | O_CLOEXEC)};
  if (!place.is_open()) return {};  // a machine without that device
  landlock_path_beneath_attr rule{};
  rule.parent_fd = place.get();
  rule.allowed_access = rights;
  if (::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0)
    return {};
  return fail(fmt::format("cannot let the program write to '{}'", path), errno);
}

}  // namespace

int landlock_version() {
  const long version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version > 0 ? static_cast<int>(version) : 0;
}

Result<void> cover_directories(const std::vector<std::string>& covered,
                               const std::vector<std::string>& kept) {
  // What is mounted here stays here.
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return fail("cannot have mounts of its own", errno);
  auto held = hold(kept);
  if (!held) return base::fail(std::move(held.error()));
  std::vector<std::string> places = covered;
  places.emplace_back("/tmp");
  for (const std::string& place : places)
    if (auto done = cover(place, place == "/tmp" ? "mode=1777" : "mode=0755"); !done) return done;
  for (const Held& each : *held) {
    bool is_covered = false;
    for (const std::string& place : places)
      is_covered |= lies_below(each.path, place);
    if (!is_covered) continue;
    if (auto done = bring_back(each); !done) return done;
  }
  return {};
}

Result<void> forbid_writing(const std::vector<std::string>& writable) {
  const int version = landlock_version();
  landlock_ruleset_attr handled{};
  handled.handled_access_fs = write_rights(version);
  const Fd ruleset{
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0))};
  if (!ruleset.is_open()) return fail("cannot make a set of rules of Landlock", errno);
  std::vector<std::string> places = writable;
  places.emplace_back("/tmp");
  for (const std::string& place : places)
    if (auto done = allow(ruleset.get(), place, handled.handled_access_fs); !done) return done;
  for (const char* device : kDevices)
    if (auto done = allow(ruleset.get(), device,
                          handled.handled_access_fs & (LANDLOCK_ACCESS_FS_WRITE_FILE | kTruncate));
        !done)
      return done;
  if (::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) == 0) return {};
  return fail("cannot put the rules of Landlock in force", errno);
}

}  // namespace mainspring::runner
