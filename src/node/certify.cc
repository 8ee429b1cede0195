#include "node/certify.h"

#include <sys/stat.h>

#include <cstdio>
#include <filesystem>

#include <fmt/core.h>

#include "crypto/certificate.h"
#include "system/files.h"
#include "system/host.h"
#include "system/real_clock.h"

namespace mainspring::node {
namespace {

using base::Code;

constexpr std::size_t kPemLimit = 64 * 1024;

struct Files {
  std::string certificate;
  std::string key;
};

struct Made {
  bool has_new_authority = false;
  Files authority;
  Files server;
  base::Instant ends_at;
};

// "*.jobs.example" -> "_.jobs.example.crt": no shell takes it for a pattern.
Files files_of(const std::string& directory, std::string name) {
  if (name.starts_with('*')) name.front() = '_';
  for (char& c : name)
    c = c == ':' ? '-' : c;
  return {fmt::format("{}/{}.crt", directory, name), fmt::format("{}/{}.key", directory, name)};
}

// Alone or by a crash between the two, a key is of no use: it is written first.
base::Result<void> store(const Files& files, const crypto::CertifiedKey& made) {
  if (auto stored = system::write_private_file(files.key, made.key); !stored) return stored;
  return system::write_private_file(files.certificate, made.certificate);
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

base::Result<crypto::CertifiedKey> load_authority(const Files& files) {
  auto certificate = system::read_small_file(files.certificate, kPemLimit);
  if (!certificate) return base::fail(std::move(certificate.error()));
  auto key = system::read_small_file(files.key, kPemLimit);
  if (!key) {
    key.error().message = fmt::format(
        "{}. It was moved away, as is wise: bring it back to make a certificate by the authority "
        "that is trusted already, or name another directory to make a new one.",
        key.error().message);
    return base::fail(std::move(key.error()));
  }
  return crypto::CertifiedKey{std::move(*certificate), std::move(*key)};
}

std::vector<std::string> names_of(const CertifyOptions& options) {
  if (!options.names.empty()) return options.names;
  return {system::load_hostname(), "localhost", "127.0.0.1", "::1"};
}

base::Result<Made> make_files(const std::string& directory, const CertifyOptions& options) {
  const std::vector<std::string> names = names_of(options);
  if (auto made = system::make_private_directory(directory); !made)
    return base::fail(std::move(made.error()));
  Made made{.authority = {directory + "/ca.crt", directory + "/ca.key"},
            .server = files_of(directory, names.front())};
  if (exists(made.server.certificate) && !options.renew) {
    return base::fail(Code::conflict, fmt::format("'{}' exists already. Add --renew to replace it.",
                                                  made.server.certificate));
  }
  made.has_new_authority = !exists(made.authority.certificate);
  const base::Instant now = system::SystemClock{}.now();
  const auto authority =
      made.has_new_authority ? crypto::make_authority(now) : load_authority(made.authority);
  if (!authority) return base::fail(authority.error());
  const auto server = crypto::issue_certificate({names, now}, *authority);
  if (!server) return base::fail(server.error());
  if (made.has_new_authority) {
    if (auto stored = store(made.authority, *authority); !stored)
      return base::fail(std::move(stored.error()));
  }
  if (auto stored = store(made.server, *server); !stored)
    return base::fail(std::move(stored.error()));
  made.ends_at = *crypto::find_expiry(server->certificate);
  return made;
}

void print(const Made& made) {
  if (made.has_new_authority) {
    fmt::print(
        "{}\n  The authority, good for ten years. Copy it to every machine from which jobctl "
        "or a\n  browser comes; it is no secret.\n",
        made.authority.certificate);
    fmt::print(
        "{}\n  Signs further certificates, and whoever has it can pass for your nodes: keep "
        "it away\n  from other machines, best on none.\n",
        made.authority.key);
  }
  fmt::print(
      "{}\n{}\n  The node's certificate and its key. It ends at {}; the same command with\n"
      "  --renew makes the next one, and a reload (SIGHUP) takes it.\n\n",
      made.server.certificate, made.server.key, base::format_instant(made.ends_at));
  fmt::print(
      "Settings of the node:\n  tls_certificate: {}\n  tls_key: {}\n  listen: 0.0.0.0:7070\n",
      made.server.certificate, made.server.key);
  fmt::print(
      "Elsewhere, with a copy of ca.crt:\n  jobctl --ca ca.crt --server https://NAME:7070 "
      "status\n");
}

}  // namespace

int run_certify(const CertifyOptions& options) {
  const std::string directory =
      options.directory.empty() ? options.data_dir + "/tls" : options.directory;
  const auto absolute = std::filesystem::absolute(directory).string();
  const auto made = make_files(absolute, options);
  if (made) {
    print(*made);
    return 0;
  }
  fmt::print(stderr, "mainspring: {}\n", base::to_text(made.error()));
  return base::code_row(made.error().code).exit_code;
}

}  // namespace mainspring::node
