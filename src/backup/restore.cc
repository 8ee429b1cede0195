#include "backup/restore.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "backup/make.h"
#include "system/file_lock.h"
#include "system/files.h"

namespace mainspring::backup {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::Result;

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

// "mainspring.db.before-20261122T043359Z"
std::string name_aside(const RestoreRequest& request) {
  std::string stamp;
  for (const char c : base::format_instant(request.now)) {
    if (c == '.') break;
    if (c != '-' && c != ':') stamp += c;
  }
  return fmt::format("{}.before-{}Z", request.database, stamp);
}

Result<void> link_to(const std::string& from, const std::string& to) {
  if (::link(from.c_str(), to.c_str()) == 0) return {};
  return base::fail(Code::unavailable,
                    fmt::format("cannot keep {} as {}: {}; nothing was changed", from, to,
                                std::generic_category().message(errno)));
}

// A second name for the old database, with its log where that could not be written back: a damaged
// one is kept as it is. Until the new one takes its place the old one keeps its own name.
Result<std::string> keep_old(const RestoreRequest& request) {
  if (!exists(request.database)) return std::string{};
  // The error of a damaged database is no reason to stop: it is being replaced.
  const bool is_flushed = sqlite::flush_log(request.database).has_value();
  const std::string aside = name_aside(request);
  if (auto linked = link_to(request.database, aside); !linked) {
    return base::fail(std::move(linked.error()));
  }
  const std::string log = request.database + "-wal";
  if (!is_flushed && exists(log)) {
    if (auto linked = link_to(log, aside + "-wal"); !linked) {
      return base::fail(std::move(linked.error()));
    }
  }
  return aside;
}

Result<void> check_place(const RestoreRequest& request) {
  if (!exists(request.database) || request.over == RestoreRequest::Over::old_database) return {};
  return base::fail(
      Code::conflict,
      fmt::format("there is a database {}; --force moves it aside and keeps it", request.database));
}

Result<Restored> put_in_place(const RestoreRequest& request, const std::string& incoming) {
  const auto position = sqlite::open_new_history(
      {incoming, std::filesystem::path{request.file}.filename(), request.now});
  if (!position) return base::fail(position.error());
  auto aside = keep_old(request);
  if (!aside) return base::fail(std::move(aside.error()));
  // A log that lies beside a database belongs to it: the old one must not meet the new file.
  for (const char* suffix : {"-wal", "-shm"})
    ::unlink((request.database + suffix).c_str());
  auto placed = system::rename_durably({incoming, request.database}, system::Existing::replace);
  if (!placed) return base::fail(std::move(placed.error()));
  return Restored{std::move(*aside), *position};
}

}  // namespace

Result<Restored> restore(const RestoreRequest& request) {
  const auto schema = sqlite::check_database(request.file, sqlite::Depth::full);
  if (!schema) {
    return base::fail(schema.error().code,
                      fmt::format("{}; nothing was changed", schema.error().message));
  }
  if (auto made = system::make_private_directory(request.directory); !made) {
    return base::fail(std::move(made.error()));
  }
  const auto lock = system::FileLock::take(request.lock);
  if (!lock) return base::fail(lock.error());
  if (auto place = check_place(request); !place) return base::fail(std::move(place.error()));
  const std::string incoming = request.database + ".incoming";
  auto copied = make({request.file, incoming, system::Existing::replace, request.watch});
  if (!copied) return base::fail(std::move(copied.error()));
  auto restored = put_in_place(request, incoming);
  if (!restored) ::unlink(incoming.c_str());
  return restored;
}

}  // namespace mainspring::backup
