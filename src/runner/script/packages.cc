#include "runner/script/packages.h"

#include <fcntl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>
#include <openssl/sha.h>

#include "json/codec.h"
#include "runner/process/fd.h"

namespace mainspring::runner {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::Result;

constexpr std::string_view kFile = "file:";
constexpr std::string_view kManifest = "package.json";
constexpr std::string_view kPackageLock = "package-lock.json";

Result<std::string> load_text(const std::string& path) {
  const Fd in{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  std::error_code error;
  if (!in.is_open() || !fs::is_regular_file(path, error)) {
    const int reason = in.is_open() ? EINVAL : errno;
    return base::fail(reason == ENOENT ? Code::not_found : Code::unavailable,
                      fmt::format("cannot read the lock_file's '{}': {}", path,
                                  std::generic_category().message(reason)));
  }
  std::string text;
  char buffer[64 << 10];
  while (text.size() <= kLockFileLimit) {
    const ssize_t size = read(in.get(), buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(size));
  }
  return base::fail(Code::too_large,
                    fmt::format("'{}' has more than {} bytes", path, kLockFileLimit));
}

Result<void> store_text(const std::string& path, std::string_view text) {
  const Fd out{open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
  while (out.is_open() && !text.empty()) {
    const ssize_t size = write(out.get(), text.data(), text.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) break;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  if (text.empty() && out.is_open()) return {};
  return base::fail(Code::unavailable, fmt::format("cannot write '{}': {}", path,
                                                   std::generic_category().message(errno)));
}

// The file of this machine that an entry of package-lock.json stands for, from its directory on;
// "" where it is one of a registry.
std::string local_file_of(const json::Value& entry) {
  if (!entry.is_object()) return {};
  const json::Value* resolved = entry.get_object().if_contains("resolved");
  if (resolved == nullptr || !resolved->is_string()) return {};
  const std::string text{std::string_view{resolved->get_string()}};
  if (text.starts_with(kFile)) return text.substr(kFile.size());
  const json::Value* link = entry.get_object().if_contains("link");
  return link != nullptr && link->is_bool() && link->get_bool() ? text : "";
}

Result<void> link_local(const LockFile& lock, const std::string& directory,
                        const std::string& name) {
  const fs::path relative = fs::path{name}.lexically_normal();
  if (relative.is_absolute()) return {};
  if (*relative.begin() == "..") {
    return base::fail(Code::invalid_argument,
                      fmt::format("'{}' names '{}', which lies outside of its own directory; put "
                                  "it beside the lock file",
                                  lock.path, name));
  }
  const fs::path at = fs::path{directory} / relative;
  std::error_code error;
  fs::create_directories(at.parent_path(), error);
  if (!error && !fs::is_symlink(at, error)) {
    fs::create_symlink(fs::path{lock.directory()} / relative, at, error);
  }
  if (!error || error == std::errc::no_such_file_or_directory) return {};
  return base::fail(Code::unavailable,
                    fmt::format("cannot make the link '{}': {}", at.string(), error.message()));
}

}  // namespace

std::string LockFile::directory() const { return fs::path{path}.parent_path(); }

Result<LockFile> load_requirements(const std::string& path) {
  auto text = load_text(path);
  if (!text) return base::fail(std::move(text.error()));
  return LockFile{path, std::move(*text), ""};
}

Result<LockFile> load_package_lock(const std::string& path) {
  auto lock = load_requirements(path);
  if (!lock) return lock;
  auto manifest = load_text(fmt::format("{}/{}", lock->directory(), kManifest));
  if (!manifest) return base::fail(std::move(manifest.error()));
  lock->manifest = std::move(*manifest);
  return lock;
}

std::string make_set_key(const SetIdentity& identity, const LockFile& lock) {
  utsname machine{};
  uname(&machine);
  std::string bytes;
  for (const std::string_view part :
       {identity.tenant, identity.interpreter, std::string_view{machine.sysname},
        std::string_view{machine.machine}, std::string_view{lock.text},
        std::string_view{lock.manifest}}) {
    bytes += fmt::format("{}:", part.size());
    bytes += part;
  }
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  std::string key;
  for (const unsigned char byte : std::span{digest}.first(16))
    key += fmt::format("{:02x}", byte);
  return key;
}

Program make_pip(const std::string& python, const LockFile& lock, const std::string& directory) {
  constexpr const char* kSteps =
      "\"$1\" -m venv \"$2\" && exec \"$2/bin/python\" -m pip --require-virtualenv "
      "--disable-pip-version-check --no-input install -r \"$3\"";
  return {.argv = {"/bin/sh", "-c", kSteps, "install", python, directory, lock.path}};
}

Result<void> lay_out_for_npm(const LockFile& lock, const std::string& directory) {
  const auto document = json::parse_json(lock.text, {.max_bytes = kLockFileLimit});
  if (!document || !document->value.is_object()) {
    return base::fail(Code::invalid_argument,
                      fmt::format("'{}' is no package-lock.json: {}", lock.path,
                                  document ? "no object" : base::to_text(document.error())));
  }
  for (const auto& [name, text] :
       {std::pair{kPackageLock, &lock.text}, std::pair{kManifest, &lock.manifest}}) {
    if (auto stored = store_text(fmt::format("{}/{}", directory, name), *text); !stored)
      return stored;
  }
  const json::Value* entries = document->value.get_object().if_contains("packages");
  if (entries == nullptr || !entries->is_object()) return {};
  for (const auto& [place, entry] : entries->get_object()) {
    const std::string file = local_file_of(entry);
    if (file.empty()) continue;
    if (auto linked = link_local(lock, directory, file); !linked) return linked;
  }
  return {};
}

Program make_npm(const std::string& npm, const std::string& search_path) {
  return {.argv = {npm, "ci", "--omit=dev", "--no-audit", "--no-fund", "--no-update-notifier"},
          .variables = {{"PATH", search_path}}};
}

}  // namespace mainspring::runner
