// Database: one SQLite connection and its prepared statements, behind the face of sql/database.h,
// which says what applies. Nothing comes later than the statement here. Internal to this module.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "sql/database.h"

struct sqlite3;

namespace mainspring::sqlite {

class Prepared;

class Database final : public sql::Database {
 public:
  enum class Access { write, read };

  Database(const std::string& path, Access access);
  ~Database() override;

  void execute(const std::string& sql) override;
  void begin(Purpose purpose) override;
  void commit() override;
  void roll_back() noexcept override;
  void save() override;
  void undo_to_save() override;
  void release_save() override;
  void sync() override {}
  std::int64_t write_count() const override;

  bool is_in_transaction() const;
  std::vector<std::string> prepared_texts() const;  // for the test of query plans
  sqlite3* handle() { return handle_; }

 private:
  sql::Statement& prepared(sql::Sql sql) override;

  sqlite3* handle_ = nullptr;
  std::unordered_map<const char*, std::unique_ptr<Prepared>> statements_;
};

}  // namespace mainspring::sqlite
