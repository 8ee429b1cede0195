#include <mysql.h>

#include <memory>
#include <mutex>

#include <fmt/core.h>

#include "runner/connection/tries.h"

namespace mainspring::runner {
namespace {

using base::Code;
using base::Result;

struct Close {
  void operator()(MYSQL* handle) const { mysql_close(handle); }
  void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
};
using Connection = std::unique_ptr<MYSQL, Close>;
using Answer = std::unique_ptr<MYSQL_RES, Close>;

constexpr unsigned kAccessDenied = 1045;
constexpr unsigned kDatabaseDenied = 1044;
constexpr int kUsualPort = 3306;

// mysql_init() is safe on several threads only after this.
bool prepare_library() {
  static std::once_flag once;
  static bool is_ready = false;
  std::call_once(once, [] { is_ready = mysql_server_init(0, nullptr, nullptr) == 0; });
  return is_ready;
}

const char* or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

// The library tells a name that the certificate is not for from one that it is for only together
// with the rest: `ca` asks as much as `full` here.
void set_tls(MYSQL* handle, const model::TlsSpec& tls) {
  const my_bool is_checked = tls.verify == model::TlsVerify::none ? 0 : 1;
  const my_bool is_forced = 1;
  mysql_ssl_set(handle, or_null(tls.key), or_null(tls.certificate), or_null(tls.ca), nullptr,
                nullptr);
  mysql_options(handle, MYSQL_OPT_SSL_ENFORCE, &is_forced);
  mysql_options(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &is_checked);
}

void set_limits(MYSQL* handle, const Deadline& deadline) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(deadline.left()).count();
  const unsigned limit = std::max(1U, static_cast<unsigned>(seconds));
  for (const auto option :
       {MYSQL_OPT_CONNECT_TIMEOUT, MYSQL_OPT_READ_TIMEOUT, MYSQL_OPT_WRITE_TIMEOUT})
    mysql_options(handle, option, &limit);
}

std::unexpected<base::Error> refuse(MYSQL* handle) {
  const unsigned code = mysql_errno(handle);
  const bool is_denied = code == kAccessDenied || code == kDatabaseDenied;
  return base::fail(is_denied ? Code::permission_denied : Code::unavailable,
                    fmt::format("{} (error {})", one_line(mysql_error(handle)), code));
}

}  // namespace

Result<std::string> try_mysql(const Try& attempt) {
  const model::ConnectionSpec& spec = attempt.spec;
  const auto password = attempt.load_password();
  if (!password) return password;
  const Connection handle(prepare_library() ? mysql_init(nullptr) : nullptr);
  if (!handle) return base::fail(Code::unavailable, "no memory for a connection");
  const bool is_socket = spec.host.starts_with('/');
  // Without this word "localhost" is a socket, wherever the library believes that to be.
  const unsigned protocol = is_socket ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
  mysql_options(handle.get(), MYSQL_OPT_PROTOCOL, &protocol);
  mysql_options(handle.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
  set_limits(handle.get(), attempt.deadline);
  if (spec.tls) set_tls(handle.get(), *spec.tls);
  const auto* done = mysql_real_connect(
      handle.get(), is_socket ? nullptr : spec.host.c_str(), or_null(spec.user), password->c_str(),
      spec.database.c_str(), static_cast<unsigned>(spec.port.value_or(kUsualPort)),
      is_socket ? spec.host.c_str() : nullptr, 0);
  if (done == nullptr) return refuse(handle.get());
  if (mysql_query(handle.get(), "SELECT version()") != 0) return refuse(handle.get());
  const Answer answer(mysql_store_result(handle.get()));
  const MYSQL_ROW row = answer ? mysql_fetch_row(answer.get()) : nullptr;
  if (row == nullptr || row[0] == nullptr) return refuse(handle.get());
  const std::string version = one_line(row[0]);
  return fmt::format("{} {}", version.contains("MariaDB") ? "MariaDB" : "MySQL", version);
}

}  // namespace mainspring::runner
