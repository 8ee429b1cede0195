#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netdb.h>
#include <poll.h>

#include <cerrno>
#include <map>
#include <memory>

#include <fmt/core.h>

#include "runner/connection/tries.h"

namespace mainspring::runner {
namespace {

using base::Code;
using base::Result;

// libpq knows the system's own authorities by no name before version 16.
constexpr const char* kSystemAuthorities = "/etc/ssl/certs/ca-certificates.crt";

struct Close {
  void operator()(PGconn* handle) const { PQfinish(handle); }
  void operator()(PGresult* result) const { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, Close>;
using Answer = std::unique_ptr<PGresult, Close>;
using Parameters = std::map<std::string, std::string>;

// Nothing: the system does not know the name, and libpq will say so.
std::optional<std::string> find_address(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return std::nullopt;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, freeaddrinfo);
  char text[NI_MAXHOST];
  const int failure =
      getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  if (failure != 0) return std::nullopt;
  return text;
}

void add_tls(const model::TlsSpec& tls, Parameters& out) {
  const bool is_checked = tls.verify != model::TlsVerify::none;
  out["sslmode"] = tls.verify == model::TlsVerify::full ? "verify-full"
                   : is_checked                         ? "verify-ca"
                                                        : "require";
  if (is_checked) out["sslrootcert"] = tls.ca.empty() ? kSystemAuthorities : tls.ca;
  if (!tls.certificate.empty()) out["sslcert"] = tls.certificate;
  if (!tls.key.empty()) out["sslkey"] = tls.key;
  if (tls.server_name.empty()) return;
  // The name is for the certificate, the address is where the bytes go.
  if (auto address = find_address(out["host"])) out["hostaddr"] = *std::move(address);
  out["host"] = tls.server_name;
}

Parameters parameters_of(const model::ConnectionSpec& spec, const std::string& password) {
  Parameters out = spec.options;
  out["fallback_application_name"] = "mainspring";
  out["host"] = spec.host;
  out["dbname"] = spec.database;
  if (spec.port) out["port"] = std::to_string(*spec.port);
  if (!spec.user.empty()) out["user"] = spec.user;
  if (!password.empty()) out["password"] = password;
  if (spec.tls) add_tls(*spec.tls, out);
  return out;
}

Connection start(const Parameters& parameters) {
  std::vector<const char*> keys;
  std::vector<const char*> values;
  for (const auto& [key, value] : parameters) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  Connection out(PQconnectStartParams(keys.data(), values.data(), 0));
  // Notices are for people at a terminal; libpq would print them.
  if (out) PQsetNoticeProcessor(out.get(), [](void*, const char*) {}, nullptr);
  return out;
}

// False: the time is over.
bool wait(PGconn* handle, short events, const Deadline& deadline) {
  while (!deadline.is_over()) {
    pollfd waited{PQsocket(handle), events, 0};
    const int ready = poll(&waited, 1, static_cast<int>(deadline.left().count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return true;  // libpq will find out
  }
  return false;
}

std::unexpected<base::Error> out_of_time() {
  return base::fail(Code::timed_out, "the server did not answer in time");
}

std::unexpected<base::Error> refuse(PGconn* handle) {
  const std::string text = one_line(PQerrorMessage(handle));
  const bool is_denied = PQconnectionNeedsPassword(handle) == 1 ||
                         text.contains("authentication failed") || text.contains("pg_hba.conf") ||
                         text.contains("no password supplied");
  return base::fail(is_denied ? Code::permission_denied : Code::unavailable, text);
}

Result<void> sign_in(PGconn* handle, const Deadline& deadline) {
  if (PQstatus(handle) == CONNECTION_BAD) return refuse(handle);
  PostgresPollingStatusType next = PGRES_POLLING_WRITING;
  while (next != PGRES_POLLING_OK) {
    if (!wait(handle, next == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline))
      return out_of_time();
    next = PQconnectPoll(handle);
    if (next == PGRES_POLLING_FAILED) return refuse(handle);
  }
  return {};
}

Result<std::string> ask_version(PGconn* handle, const Deadline& deadline) {
  if (PQsendQuery(handle, "SELECT version()") != 1) return refuse(handle);
  while (PQisBusy(handle) == 1) {
    if (!wait(handle, POLLIN, deadline)) return out_of_time();
    if (PQconsumeInput(handle) != 1) return refuse(handle);
  }
  const Answer answer(PQgetResult(handle));
  if (PQresultStatus(answer.get()) != PGRES_TUPLES_OK || PQntuples(answer.get()) != 1)
    return refuse(handle);
  return one_line(PQgetvalue(answer.get(), 0, 0));
}

}  // namespace

Result<std::string> try_postgres(const Try& attempt) {
  const auto password = attempt.load_password();
  if (!password) return password;
  const Connection handle = start(parameters_of(attempt.spec, *password));
  if (!handle) return base::fail(Code::unavailable, "no memory for a connection");
  if (auto done = sign_in(handle.get(), attempt.deadline); !done)
    return base::fail(std::move(done.error()));
  return ask_version(handle.get(), attempt.deadline);
}

}  // namespace mainspring::runner
