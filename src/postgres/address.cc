#include "postgres/address.h"

#include <libpq-fe.h>

#include <algorithm>
#include <map>
#include <memory>

#include <fmt/core.h>

#include "postgres/store.h"

namespace mainspring::postgres {
namespace {

using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

// What a node wants where the address does not say. A server that is gone must be noticed well
// within a lease (10 s), not after the two hours that TCP takes by itself.
const std::map<std::string, std::string> kDefaults = {
    {"application_name", "mainspring"},
    {"connect_timeout", "3"},
    {"keepalives_idle", "2"},
    {"keepalives_interval", "1"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "5000"},
    {"target_session_attrs", "read-write"},  // of several hosts, the primary
    {"client_encoding", "UTF8"},
};

std::string describe(const std::map<std::string, std::string>& values) {
  const auto value = [&](const char* key) {
    const auto found = values.find(key);
    return found == values.end() ? std::string{} : found->second;
  };
  std::string name = value("dbname");
  if (name.empty()) name = value("user");
  std::string host = value("host").empty() ? value("hostaddr") : value("host");
  if (host.empty()) host = "the local socket";
  const std::string port = value("port").empty() ? "5432" : value("port");
  return name.empty() ? fmt::format("at {}:{}", host, port)
                      : fmt::format("{} at {}:{}", name, host, port);
}

}  // namespace

base::Result<Address> parse_address(const std::string& url, const std::string& password) {
  char* complaint = nullptr;
  const Options parsed(PQconninfoParse(url.c_str(), &complaint), &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> text(complaint, &PQfreemem);
  // What libpq says may quote the address, and with it the password.
  if (!parsed) {
    return base::fail(base::Code::invalid_argument,
                      "the address of the PostgreSQL database cannot be read; it looks like "
                      "postgresql://USER@HOST:PORT/DATABASE?sslmode=verify-full, with special "
                      "characters percent-encoded");
  }
  std::map<std::string, std::string> values = kDefaults;
  for (const PQconninfoOption* each = parsed.get(); each->keyword != nullptr; ++each)
    if (each->val != nullptr) values[each->keyword] = each->val;
  if (!password.empty()) values["password"] = password;
  Address out;
  out.shown = describe(values);
  out.parameters.assign(values.begin(), values.end());
  return out;
}

// By its shape alone, so that it hides what is in an address that cannot be read, too.
std::string hide_password(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t start = scheme == std::string_view::npos ? 0 : scheme + 3;
  const std::size_t end = std::min(url.find_first_of("/?", start), url.size());
  std::string out{url.substr(0, start)};
  std::string_view authority = url.substr(start, end - start);
  // A password may hold '@' although it should not.
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = authority.substr(0, at);
    out += user.substr(0, user.find(':'));
    if (user.contains(':')) out += ":***";
    authority.remove_prefix(at);
  }
  out += authority;
  std::string_view rest = url.substr(end);
  // password=..., sslpassword=...
  while (true) {
    const std::size_t key = rest.find("password=");
    if (key == std::string_view::npos) return out.append(rest);
    const std::size_t value = key + std::string_view{"password="}.size();
    out.append(rest.substr(0, value)).append("***");
    rest.remove_prefix(std::min(rest.find('&', value), rest.size()));
  }
}

}  // namespace mainspring::postgres
