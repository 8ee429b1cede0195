#include "runner/attempt/account.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <system_error>
#include <vector>

#include <fmt/core.h>

namespace mainspring::runner {
namespace {

constexpr std::size_t kRowLimit = 16 << 10;  // of one row of the account data base
constexpr int kGroupLimit = 65'536;          // NGROUPS_MAX of Linux

std::vector<gid_t> load_groups(const passwd& row) {
  std::vector<gid_t> groups(64);
  int count = static_cast<int>(groups.size());
  while (getgrouplist(row.pw_name, row.pw_gid, groups.data(), &count) < 0 && count <= kGroupLimit) {
    groups.resize(static_cast<std::size_t>(count));
  }
  groups.resize(static_cast<std::size_t>(std::min<int>(count, static_cast<int>(groups.size()))));
  return groups;
}

}  // namespace

base::Result<Account> load_account(const std::string& name) {
  passwd row{};
  passwd* found = nullptr;
  std::vector<char> texts(kRowLimit);
  const int reason = name.empty()
                         ? getpwuid_r(geteuid(), &row, texts.data(), texts.size(), &found)
                         : getpwnam_r(name.c_str(), &row, texts.data(), texts.size(), &found);
  if (found == nullptr && name.empty()) return Account{"", "/", std::nullopt};
  if (found == nullptr && reason == 0) {
    return base::fail(base::Code::not_found,
                      fmt::format("there is no user '{}' on this machine", name));
  }
  if (found == nullptr) {
    return base::fail(base::Code::unavailable,
                      fmt::format("cannot look up the user '{}': {}", name,
                                  std::generic_category().message(reason)));
  }
  Account account{row.pw_name, row.pw_dir, std::nullopt};
  if (row.pw_uid != geteuid()) account.identity = {row.pw_uid, row.pw_gid, load_groups(row)};
  return account;
}

}  // namespace mainspring::runner
