// MysqlLink: one connection to a MySQL or MariaDB server over libmariadb, whose calls are split so
// that none of them blocks: whoever made the link says how to wait. The look-up of the host's name
// alone blocks.
//
// Threads: that of the attempt. Errors: SqlFault; after one with is_lost the link is only closed.
#pragma once

#include <mariadb/mysql.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/sql/database.h"

namespace mainspring::runner {

class MysqlLink {
 public:
  // What happened: a set of MYSQL_WAIT_..., MYSQL_WAIT_TIMEOUT to give up.
  using Waiter = std::function<int(int wanted)>;

  explicit MysqlLink(const SqlAddress& address);  // borrowed until connect() has come back
  ~MysqlLink();
  MysqlLink(const MysqlLink&) = delete;
  MysqlLink& operator=(const MysqlLink&) = delete;

  void wait_with(Waiter waiter) { waiter_ = std::move(waiter); }

  SqlResult<> connect();
  SqlResult<> query(std::string_view text);

  // Calls start(&result), then go_on(&result, what happened), until it needs to wait no more.
  template <class T, class Start, class GoOn>
  T drive(Start start, GoOn go_on) {
    T result{};
    for (int wanted = start(&result); wanted != 0;)
      wanted = go_on(&result, waiter_(wanted));
    return result;
  }

  MYSQL* handle() { return &handle_; }
  int socket();                     // -1: none
  unsigned timeout_milliseconds();  // where a waiter was asked for MYSQL_WAIT_TIMEOUT
  void sever();                     // whatever waits for the server comes back with a loss
  bool is_in_transaction();
  SqlFault fault();  // of the last call
  SqlFault fault(MYSQL_STMT* statement);

 private:
  SqlResult<> set_options();
  SqlResult<> set_tls();
  SqlFault make(unsigned number, const char* state, const char* text);

  const SqlAddress& address_;
  MYSQL handle_{};
  Waiter waiter_;
  bool is_severed_ = false;
};

}  // namespace mainspring::runner
