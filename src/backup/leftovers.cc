#include "backup/leftovers.h"

#include <unistd.h>

#include <filesystem>
#include <string_view>

#include "backup/shelf.h"
#include "system/file_lock.h"

namespace mainspring::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPart = ".part";
constexpr std::string_view kLock = ".lock";
constexpr std::string_view kProof = ".proof";
constexpr std::string_view kRecord = ".json";

std::vector<fs::path> files_of(const fs::path& directory) {
  std::vector<fs::path> found;
  std::error_code trouble;
  fs::directory_iterator files(directory, trouble);
  for (; !trouble && files != fs::directory_iterator{}; files.increment(trouble))
    found.push_back(files->path());
  return found;
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

class Clearance {
 public:
  void remove(const std::string& path) {
    std::error_code trouble;
    if (fs::remove_all(path, trouble) > 0 && !trouble) cleared_.push_back(path);
  }
  std::vector<std::string> take() { return std::move(cleared_); }

 private:
  std::vector<std::string> cleared_;
};

// The lock file itself goes last, while it is held.
void clear_part(const std::string& part, Clearance& clearance) {
  const std::string lock_path = part + std::string{kLock};
  const auto lock = system::FileLock::take(lock_path);
  if (!lock) return;  // somebody makes it right now
  for (const char* suffix : {"", "-wal", "-shm", "-journal"})
    clearance.remove(part + suffix);
  ::unlink(lock_path.c_str());
}

void clear_proof(const std::string& side, Clearance& clearance) {
  const auto lock = system::FileLock::take(side + "/lock");
  if (lock) clearance.remove(side);
}

// "B.part.lock" -> "B", if that is the name of a backup of a shelf.
std::string backup_of(std::string_view name, std::string_view suffix) {
  if (!name.ends_with(suffix)) return {};
  name.remove_suffix(suffix.size());
  return Shelf::is_name(name) ? std::string{name} : std::string{};
}

}  // namespace

std::vector<std::string> clear_restore_leftovers(const std::string& database) {
  Clearance clearance;
  const std::string incoming = database + ".incoming";
  for (const char* suffix : {"", "-wal", "-shm", "-journal"})
    clearance.remove(incoming + suffix);
  const std::string part = incoming + std::string{kPart};
  if (exists(part) || exists(part + std::string{kLock})) clear_part(part, clearance);
  const std::string aside = fs::path(database).filename().string() + ".before-";
  for (const fs::path& file : files_of(fs::path(database).parent_path())) {
    std::error_code trouble;
    if (!file.filename().string().starts_with(aside)) continue;
    if (!fs::equivalent(file, database, trouble) || trouble) continue;
    const std::string log = file.string() + "-wal";
    if (exists(log) && !exists(database + "-wal")) fs::rename(log, database + "-wal", trouble);
    clearance.remove(log);
    clearance.remove(file.string());
  }
  return clearance.take();
}

std::vector<std::string> clear_shelf_leftovers(const std::string& directory) {
  Clearance clearance;
  const Shelf shelf(directory);
  for (const fs::path& file : files_of(directory)) {
    const std::string name = file.filename().string();
    for (const std::string& suffix : {std::string{kPart}, std::string{kPart} + std::string{kLock}})
      if (const std::string backup = backup_of(name, suffix); !backup.empty())
        clear_part(shelf.path_of(backup) + std::string{kPart}, clearance);
    if (!backup_of(name, kProof).empty()) clear_proof(file.string(), clearance);
    const std::string recorded = backup_of(name, kRecord);
    if (!recorded.empty() && !exists(shelf.path_of(recorded))) clearance.remove(file.string());
  }
  return clearance.take();
}

}  // namespace mainspring::backup
