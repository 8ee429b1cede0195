#include "node/secret_command.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <vector>

#include <fmt/core.h>

#include "base/text.h"
#include "base/time.h"
#include "model/names.h"
#include "node/identity.h"
#include "node/secret_input.h"
#include "system/files.h"

namespace mainspring::node {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::Result;

int report(const base::Error& error) {
  fmt::print(stderr, "mainspring: {}\n", base::to_text(error));
  return base::code_row(error.code).exit_code;
}

std::string directory_of(const SecretOptions& options) {
  return fmt::format("{}/{}", Layout{options.data_dir}.secrets(), options.tenant);
}

std::string path_of(const SecretOptions& options) {
  return fmt::format("{}/{}", directory_of(options), options.name);
}

// Names become parts of a path.
Result<void> check_name(std::string_view what, std::string_view name) {
  if (model::kNameRule.accepts(name)) return {};
  const std::string near = model::correct_name(name);
  return base::fail(
      Code::invalid_argument,
      fmt::format("'{}' is no name of a {}: {}{}", name, what, model::kNameRule.sentence,
                  near.empty() ? "" : fmt::format(". Did you mean '{}'?", near)));
}

Result<void> check_names(const SecretOptions& options) {
  if (auto checked = check_name("tenant", options.tenant); !checked) return checked;
  return check_name("secret", options.name);
}

// What another user stores here, the node could not read.
Result<void> check_owner(const std::string& root) {
  struct stat found{};
  if (::stat(root.c_str(), &found) != 0 || found.st_uid == ::geteuid()) return {};
  const passwd* owner = ::getpwuid(found.st_uid);
  const std::string user =
      owner != nullptr ? std::string{owner->pw_name} : fmt::format("#{}", found.st_uid);
  return base::fail(Code::permission_denied,
                    fmt::format("'{}' belongs to the user {}, who must be able to read the secret: "
                                "run this as that user, such as with sudo -u {}",
                                root, user, user));
}

// Under a name that no secret can have first, so that what a crash leaves is not taken for one.
Result<void> store_value(const SecretOptions& options, std::string_view value) {
  if (auto owner = check_owner(options.data_dir); !owner) return owner;
  const std::string secrets = Layout{options.data_dir}.secrets();
  for (const std::string& path : {options.data_dir, secrets, directory_of(options)}) {
    if (auto made = system::make_private_directory(path); !made) return made;
  }
  for (const std::string& path : {secrets, directory_of(options)})
    ::chmod(path.c_str(), 0700);  // it is ours
  const std::string fresh = fmt::format("{}/.{}", directory_of(options), options.name);
  // What reads it leaves one newline at the end out, as every file of a secret may have one.
  if (auto written = system::write_private_file(fresh, fmt::format("{}\n", value)); !written)
    return written;
  return system::rename_durably({fresh, path_of(options)}, system::Existing::replace);
}

std::unexpected<base::Error> no_directory(const SecretOptions& options) {
  return base::fail(Code::not_found,
                    fmt::format("there is no data directory '{}'; say with --data-dir which one "
                                "is the node's or the worker's",
                                options.data_dir));
}

struct Stored {
  std::string name;
  base::Instant changed_at;
};

// Errors: not_found (no data directory), permission_denied.
Result<std::vector<Stored>> load_stored(const SecretOptions& options) {
  std::error_code failure;
  if (!fs::is_directory(options.data_dir, failure)) return no_directory(options);
  const std::string directory = directory_of(options);
  fs::directory_iterator entries(directory, failure);
  if (failure == std::errc::no_such_file_or_directory) return std::vector<Stored>{};
  if (failure)
    return base::fail(Code::permission_denied,
                      fmt::format("cannot list '{}': {}", directory, failure.message()));
  std::vector<Stored> out;
  for (const fs::directory_entry& entry : entries) {
    struct stat found{};
    const std::string name = entry.path().filename().string();
    if (!model::kNameRule.accepts(name) || ::stat(entry.path().c_str(), &found) != 0) continue;
    if (S_ISREG(found.st_mode))
      out.push_back({name, base::Instant{std::chrono::seconds{found.st_mtim.tv_sec}}});
  }
  std::ranges::sort(out, {}, &Stored::name);
  return out;
}

Result<void> remove_stored(const SecretOptions& options) {
  if (auto names = check_names(options); !names) return names;
  const auto stored = load_stored(options);
  if (!stored) return base::fail(stored.error());
  if (std::ranges::count(*stored, options.name, &Stored::name) > 0)
    return system::remove_durably(path_of(options));
  std::vector<std::string_view> known;
  for (const Stored& each : *stored)
    known.push_back(each.name);
  const std::string near = base::find_closest(options.name, known);
  return base::fail(
      Code::not_found,
      fmt::format("there is no secret '{}' in '{}'{}", options.name, directory_of(options),
                  near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

}  // namespace

int run_secret_set(const SecretOptions& options) {
  if (auto names = check_names(options); !names) return report(names.error());
  if (auto owner = check_owner(options.data_dir); !owner) return report(owner.error());
  const auto value = read_secret_value(options.name);
  if (!value) return report(value.error());
  if (auto stored = store_value(options, *value); !stored) return report(stored.error());
  fmt::print("Stored in {}; attempts that start from now on get it.\n", path_of(options));
  return 0;
}

int run_secret_list(const SecretOptions& options) {
  if (auto tenant = check_name("tenant", options.tenant); !tenant) return report(tenant.error());
  const auto stored = load_stored(options);
  if (!stored) return report(stored.error());
  if (stored->empty()) fmt::print(stderr, "There is none in {}.\n", directory_of(options));
  for (const Stored& each : *stored)
    fmt::print("{:<32} {}\n", each.name, base::format_instant(each.changed_at));
  return 0;
}

int run_secret_remove(const SecretOptions& options) {
  if (auto removed = remove_stored(options); !removed) return report(removed.error());
  fmt::print("Removed.\n");
  return 0;
}

}  // namespace mainspring::node
