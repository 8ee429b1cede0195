// The schema's history: numbered files in migrations/, forward only. The number of the last one
// applied stands in the file as PRAGMA user_version; each runs in a transaction of its own.
#pragma once

#include <span>
#include <stdexcept>
#include <string_view>

namespace mainspring::sqlite {

class Database;

struct Migration {
  std::string_view name;  // "0001_first": the number is its place in the list
  std::string_view sql;
};
std::span<const Migration> migrations();

// The file cannot be this program's memory; what() is the end of a sentence that says why.
class NotOurs : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// "MSPR" in PRAGMA application_id: the file is one of ours.
inline constexpr int kApplicationId = 0x4D535052;

// Brings the open database to the newest schema. Throws NotOurs for a file of another program or
// one written by a newer Mainspring.
void migrate(Database& database);

}  // namespace mainspring::sqlite
