// Values: what a manifest only names, read for one attempt: secrets of the worker's store, and
// files of its machine. What was read is remembered, so that no log of the attempt shows it.
//
// Threads: one attempt, one thread. Errors of load(), naming what the value is for and where it
// should be: not_found, permission_denied, too_large (kSecretLimit), invalid_argument (no regular
// file, or a zero byte in it), unavailable; unsupported (this worker has no store of secrets).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "execution/secrets.h"
#include "model/connection.h"
#include "model/work.h"

namespace mainspring::runner {

inline constexpr std::size_t kSecretLimit = 64 << 10;  // a key or a token has a few KiB

class Values {
 public:
  // `secrets` may be null. Both are borrowed.
  Values(std::string_view tenant, execution::Secrets* secrets)
      : tenant_(tenant), secrets_(secrets) {}

  // `purpose` begins a sentence: "the password of the connection 'warehouse'".
  base::Result<std::string> load(std::string_view purpose, const model::SecretRef& from);
  // The same, or the literal.
  base::Result<std::string> load(std::string_view purpose, const model::EnvironmentValue& from);

  // What is secret beside what was loaded, such as a token that was got with it.
  void keep_secret(std::string value) { secret_.push_back(std::move(value)); }

  const std::vector<std::string>& secret() const { return secret_; }
  const std::vector<std::string>& notes() const { return notes_; }  // those that cannot be masked

 private:
  const std::string_view tenant_;
  execution::Secrets* const secrets_;
  std::vector<std::string> secret_;
  std::vector<std::string> notes_;
};

// The password of a connection of another type than http; "" where it names none. Errors: those of
// Values::load().
base::Result<std::string> load_password(const model::ConnectionSpec& connection, Values& values);

// The text of a file, one newline at its end left out. `begin` begins the message of an error, in
// which a verb follows: "the password of X takes its value from the file '/etc/x', which". Errors
// as above but for unsupported.
base::Result<std::string> load_secret_file(const std::string& path, std::string_view begin);

}  // namespace mainspring::runner
