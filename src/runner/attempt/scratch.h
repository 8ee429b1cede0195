// Scratch: the private directory of one attempt, through which it gets its input and gives its
// result, output lines and progress. Removed with the object, whatever the program put there.
//
// The program may have turned a file into a link, a pipe or a directory, and may run as another
// user: files are opened by name under the open directory, links are not followed, only regular
// files are read, and never past a limit.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "runner/process/fd.h"
#include "runner/process/process_spec.h"

namespace mainspring::runner {

class Scratch {
 public:
  // Under `root`, with `name` in its name; of mode 0700, owned by `owner` where one is given (who
  // must be able to reach `root`). Errors: unavailable, storage_full.
  static base::Result<Scratch> make(const std::string& root, std::string_view name,
                                    const std::optional<Identity>& owner);
  Scratch(Scratch&&) noexcept;
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch();

  const std::string& path() const { return path_; }
  std::string path_of(std::string_view file) const;

  base::Result<void> write_file(const char* file, std::string_view bytes) const;

  // Nothing when the file is not there or is empty. Errors: too_large, invalid_argument (it is no
  // regular file).
  base::Result<std::optional<std::string>> read_file(const char* file, std::size_t limit) const;

  // Bytes from `offset` on, at most `limit`; "" when there are none or the file cannot be read.
  std::string read_from(const char* file, off_t offset, std::size_t limit) const;

 private:
  Scratch(std::string path, Fd directory);

  std::string path_;  // "" once moved from
  Fd directory_;
  std::optional<Identity> owner_;
};

}  // namespace mainspring::runner
