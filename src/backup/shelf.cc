#include "backup/shelf.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include <fmt/core.h>

#include "json/codec.h"
#include "system/files.h"

namespace mainspring::backup {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::Result;
using store::Backup;
using store::BackupState;

constexpr std::string_view kPrefix = "mainspring-";
constexpr std::string_view kSuffix = ".db";
constexpr std::size_t kRecordLimit = 64 << 10;

bool is_whole(const Backup& backup) {
  return backup.state == BackupState::made || backup.state == BackupState::verified;
}

// The time in a name; records may be lost, and the times of files change when they are copied.
std::optional<base::Instant> parse_name(std::string_view name) {
  if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) return std::nullopt;
  const std::string_view t =
      name.substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size());
  if (t.size() != 19) return std::nullopt;  // 20261122T043359123Z
  const std::string text =
      fmt::format("{}-{}-{}T{}:{}:{}.{}Z", t.substr(0, 4), t.substr(4, 2), t.substr(6, 2),
                  t.substr(9, 2), t.substr(11, 2), t.substr(13, 2), t.substr(15, 3));
  const auto instant = base::parse_instant(text);
  if (!instant) return std::nullopt;
  return *instant;
}

Backup read_record(const std::string& path, const std::string& name, base::Instant made_at) {
  Backup plain{.name = name, .state = BackupState::made, .made_at = made_at};
  const auto text = system::read_small_file(path + ".json", kRecordLimit);
  if (!text) return plain;
  const auto document = json::parse_json(*text);
  if (!document) return plain;
  auto decoded = json::decode<Backup>(*document);
  if (!decoded) return plain;
  decoded->name = name;
  return *decoded;
}

}  // namespace

std::string Shelf::path_of(std::string_view name) const {
  return fmt::format("{}/{}", directory_, name);
}

std::string Shelf::name_for(base::Instant made_at) {
  std::string out{kPrefix};
  for (const char c : base::format_instant(made_at))
    if (c != '-' && c != ':' && c != '.') out += c;
  return out + std::string{kSuffix};
}

bool Shelf::is_name(std::string_view name) { return parse_name(name).has_value(); }

Result<std::vector<Backup>> Shelf::list() const {
  std::vector<Backup> found;
  std::error_code trouble;
  fs::directory_iterator files(directory_, trouble);
  if (trouble == std::errc::no_such_file_or_directory) return found;
  for (; !trouble && files != fs::directory_iterator{}; files.increment(trouble)) {
    const std::string name = files->path().filename().string();
    const auto made_at = parse_name(name);
    if (!made_at) continue;
    Backup backup = read_record(files->path().string(), name, *made_at);
    std::error_code gone;
    const auto bytes = files->file_size(gone);
    if (gone) continue;
    backup.bytes = static_cast<std::int64_t>(bytes);
    found.push_back(std::move(backup));
  }
  if (trouble) {
    const auto code =
        trouble == std::errc::permission_denied ? Code::permission_denied : Code::unavailable;
    return base::fail(code, fmt::format("cannot read the directory of backups {}: {}", directory_,
                                        trouble.message()));
  }
  std::ranges::sort(found, std::greater{}, &Backup::name);
  return found;
}

Result<void> Shelf::record(const Backup& backup) const {
  return system::write_private_file(path_of(backup.name) + ".json",
                                    json::encode_text(backup) + "\n");
}

Result<std::vector<std::string>> Shelf::remove_old(std::size_t keep) const {
  auto all = list();
  if (!all) return base::fail(std::move(all.error()));
  const auto proven = std::ranges::find(*all, BackupState::verified, &Backup::state);
  const std::string_view precious = proven == all->end() ? std::string_view{} : proven->name;
  std::vector<std::string> removed;
  std::size_t seen = 0;
  for (const Backup& backup : *all) {
    if (!is_whole(backup) || ++seen <= keep || backup.name == precious) continue;
    ::unlink(path_of(backup.name).c_str());
    ::unlink((path_of(backup.name) + ".json").c_str());
    removed.push_back(backup.name);
  }
  return removed;
}

const Backup* find_newest(const std::vector<Backup>& newest_first) {
  const auto found = std::ranges::find_if(newest_first, is_whole);
  return found == newest_first.end() ? nullptr : &*found;
}

std::optional<base::Instant> last_proven(const std::vector<Backup>& backups) {
  std::optional<base::Instant> last;
  for (const Backup& backup : backups)
    if (backup.verified_at && (!last || *last < *backup.verified_at)) last = backup.verified_at;
  return last;
}

}  // namespace mainspring::backup
