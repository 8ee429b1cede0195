#include "postgres/open.h"

#include <fstream>
#include <iterator>

namespace mainspring::postgres {
namespace {

base::Result<std::string> read_password(const std::string& path) {
  if (path.empty()) return std::string{};
  std::ifstream file(path);
  std::string password{std::istreambuf_iterator<char>(file), {}};
  while (password.ends_with('\n') || password.ends_with('\r'))
    password.pop_back();
  if (!file.eof() && !file) password.clear();
  if (!password.empty()) return password;
  return base::fail(base::Code::invalid_argument,
                    fmt::format("no password can be read from {}", path));
}

}  // namespace

base::Result<Address> find_address(const Settings& settings) {
  auto password = read_password(settings.password_file);
  if (!password) return base::fail(std::move(password.error()));
  return parse_address(settings.url, *password);
}

}  // namespace mainspring::postgres
