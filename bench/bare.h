// What the store is measured beside: the least that durable writing can cost.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace mainspring::bench {

// A file to which many threads append. One thread writes what waits with one write and one
// fdatasync, and then lets those who asked go on.
class AppendLog {
 public:
  explicit AppendLog(const std::string& path);
  ~AppendLog();
  AppendLog(const AppendLog&) = delete;
  AppendLog& operator=(const AppendLog&) = delete;

  // Any thread. Returns when the bytes are on the disk.
  void append(std::string_view bytes);

 private:
  void run();

  int file_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::condition_variable written_;
  std::string waiting_;
  std::uint64_t asked_ = 0;  // groups taken and the one that gathers
  std::uint64_t done_ = 0;
  bool is_ending_ = false;
  std::thread thread_;
};

// The rows of whole lives, written by plain prepared statements into a database with the schema of
// the store: no rules, no live index, no replies. One thread.
class BareStore {
 public:
  // The database has been made by the store, with one job (key 1) and one worker (key 1).
  explicit BareStore(const std::string& path);
  ~BareStore();
  BareStore(const BareStore&) = delete;
  BareStore& operator=(const BareStore&) = delete;

  // `count` runs are added in one transaction, claimed in one, and finished in one.
  void live(int count);

 private:
  struct Close {
    void operator()(sqlite3_stmt* statement) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Close>;

  Statement prepare(const char* sql);
  void execute(const char* sql);
  void step(sqlite3_stmt* statement);
  void tell(const std::string& run, std::string_view type);
  void add(const std::string& run);
  void claim(const std::string& run);
  void finish(const std::string& run);

  sqlite3* database_ = nullptr;
  Statement insert_, event_, claim_, attempt_, done_, erase_;
  std::uint64_t ids_ = 0;
};

}  // namespace mainspring::bench
