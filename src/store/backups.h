// Backups: copies of the store that a node makes of itself, as the API and jobctl see them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "json/describe.h"

namespace mainspring::store {

// What a copy was found to hold.
struct BackupContents {
  std::int64_t jobs = 0;  // that are not deleted
  std::int64_t schedules = 0;
  std::int64_t runs_open = 0;
  std::int64_t runs_ended = 0;
  std::int64_t occurrences = 0;
  std::int64_t events = 0;
  std::int64_t last_event = 0;  // its position
  std::string definitions;      // SHA-256 over jobs, queues, calendars and connections, in hex

  friend bool operator==(const BackupContents&, const BackupContents&) = default;
  static const json::StructTable& described();
};

enum class BackupState { making, made, verified, damaged };
const json::EnumTable& described(BackupState);

struct Backup {
  std::string name;  // of the file in the directory
  BackupState state = BackupState::making;
  base::Instant made_at;  // the instant that it holds, or soon before
  std::int64_t bytes = 0;
  int schema = 0;                            // of the database; 0 before it is known
  std::optional<base::Instant> verified_at;  // when it was last restored to the side and read
  std::string problem;                       // why it cannot be used
  std::optional<BackupContents> contents;    // once it was verified

  static const json::StructTable& described();
};

struct BackupList {
  std::string directory;
  std::optional<base::Duration> every;  // absent: only when somebody asks
  std::vector<Backup> items;            // newest first
  std::optional<base::Instant> last_made_at;
  std::optional<base::Instant> last_proven_at;  // the last time that a restore was proven
  std::string problem;                          // why the last attempt failed; "" when it did not

  static const json::StructTable& described();
};

// What a node offers of it. Threads: any; calls do not wait for a backup.
class Backups {
 public:
  virtual ~Backups() = default;
  // Starts one and returns it in state `making`. Errors: conflict (one is being made).
  virtual base::Result<Backup> start() = 0;
  // Errors: permission_denied, unavailable (the directory cannot be read).
  virtual base::Result<BackupList> list() = 0;
};

}  // namespace mainspring::store
