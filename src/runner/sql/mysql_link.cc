#include "runner/sql/mysql_link.h"

#include <mariadb/errmsg.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <mutex>

#include <fmt/core.h>

namespace mainspring::runner {
namespace {

using model::TlsVerify;

// Bounds what one row may take here; the server's own limit is 16 MiB unless it was raised.
constexpr unsigned long kPacketLimit = 64UL << 20;

void start_library() {
  static std::once_flag once;
  std::call_once(once, [] { mysql_library_init(0, nullptr, nullptr); });
}

const char* or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

// A connection that breaks without a word is noticed within half a minute.
void keep_alive(int socket) {
  const int on = 1;
  const int idle_seconds = 15;
  const int interval_seconds = 5;
  const int count = 3;
  const unsigned most_milliseconds = 30'000;
  ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &idle_seconds, sizeof idle_seconds);
  ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &interval_seconds, sizeof interval_seconds);
  ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
  ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &most_milliseconds, sizeof most_milliseconds);
}

}  // namespace

MysqlLink::MysqlLink(const SqlAddress& address) : address_(address) {
  start_library();
  if (mysql_init(&handle_) == nullptr) throw std::bad_alloc{};
}

MysqlLink::~MysqlLink() {
  // Its last word to the server must not wait for it.
  if (is_severed_) sever();
  mysql_close(&handle_);
}

int MysqlLink::socket() { return static_cast<int>(mysql_get_socket(&handle_)); }

unsigned MysqlLink::timeout_milliseconds() { return mysql_get_timeout_value_ms(&handle_); }

void MysqlLink::sever() {
  is_severed_ = true;
  if (const int fd = socket(); fd >= 0) ::shutdown(fd, SHUT_RDWR);
}

bool MysqlLink::is_in_transaction() {
  unsigned status = 0;
  mariadb_get_infov(&handle_, MARIADB_CONNECTION_SERVER_STATUS, &status);
  return (status & SERVER_STATUS_IN_TRANS) != 0;
}

SqlFault MysqlLink::make(unsigned number, const char* state, const char* text) {
  SqlFault fault = make_mysql_fault(number, state, text);
  fault.is_lost = number == CR_SERVER_LOST || number == CR_SERVER_GONE_ERROR || number == 1927 ||
                  number == 1053 || is_severed_;
  return fault;
}

SqlFault MysqlLink::fault() {
  return make(mysql_errno(&handle_), mysql_sqlstate(&handle_), mysql_error(&handle_));
}

SqlFault MysqlLink::fault(MYSQL_STMT* statement) {
  return make(mysql_stmt_errno(statement), mysql_stmt_sqlstate(statement),
              mysql_stmt_error(statement));
}

SqlResult<> MysqlLink::set_tls() {
  if (!address_.connection.tls) return {};
  const model::TlsSpec& tls = *address_.connection.tls;
  if (!tls.server_name.empty())
    return std::unexpected(make_fault(
        sql_fault::kStatement,
        "tls.server_name is not offered for connections of type mysql; name the server as its "
        "certificate does"));
  const my_bool on = 1;
  // The library has no check that leaves the name out: `ca` asks as much as `full`.
  const my_bool is_verified = tls.verify == TlsVerify::none ? 0 : 1;
  mysql_options(&handle_, MYSQL_OPT_SSL_ENFORCE, &on);
  mysql_options(&handle_, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &is_verified);
  std::string authorities = tls.ca;
  const char* const system = "/etc/ssl/certs/ca-certificates.crt";
  if (authorities.empty() && is_verified != 0 && ::access(system, R_OK) == 0) authorities = system;
  mysql_ssl_set(&handle_, or_null(tls.key), or_null(tls.certificate), or_null(authorities), nullptr,
                nullptr);
  return {};
}

SqlResult<> MysqlLink::set_options() {
  mysql_options(&handle_, MYSQL_OPT_NONBLOCK, nullptr);
  const auto seconds = static_cast<unsigned>(kConnectTimeout.count());
  mysql_options(&handle_, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
  mysql_options(&handle_, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  // Without this word "localhost" is a socket, wherever the library believes that to be.
  const unsigned protocol =
      address_.connection.host.starts_with('/') ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
  mysql_options(&handle_, MYSQL_OPT_PROTOCOL, &protocol);
  // A server could ask for files of this machine.
  const unsigned off = 0;
  mysql_options(&handle_, MYSQL_OPT_LOCAL_INFILE, &off);
  mysql_options(&handle_, MYSQL_OPT_MAX_ALLOWED_PACKET, &kPacketLimit);
  mysql_options4(&handle_, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name",
                 address_.application.c_str());
  return set_tls();
}

SqlResult<> MysqlLink::connect() {
  if (auto set = set_options(); !set) return set;
  const model::ConnectionSpec& to = address_.connection;
  const bool is_socket = to.host.starts_with('/');
  const unsigned long flags = address_.form == SqlForm::script ? CLIENT_MULTI_STATEMENTS : 0;
  MYSQL* const connected = drive<MYSQL*>(
      [&](MYSQL** result) {
        return mysql_real_connect_start(result, &handle_, is_socket ? nullptr : to.host.c_str(),
                                        or_null(to.user), address_.password.c_str(),
                                        to.database.c_str(),
                                        static_cast<unsigned>(to.port.value_or(0)),
                                        is_socket ? to.host.c_str() : nullptr, flags);
      },
      [&](MYSQL** result, int happened) {
        return mysql_real_connect_cont(result, &handle_, happened);
      });
  if (connected == nullptr) return std::unexpected(fault());
  if (!is_socket) keep_alive(socket());
  return {};
}

SqlResult<> MysqlLink::query(std::string_view text) {
  const int failed = drive<int>(
      [&](int* result) {
        return mysql_real_query_start(result, &handle_, text.data(), text.size());
      },
      [&](int* result, int happened) { return mysql_real_query_cont(result, &handle_, happened); });
  if (failed != 0) return std::unexpected(fault());
  return {};
}

}  // namespace mainspring::runner
