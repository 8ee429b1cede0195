// Small files and directories for the node's own user alone: tokens, configuration, state.
//
// Threads: any; two writers of one path each win whole, in some order.
// Errors: not_found, permission_denied, too_large, storage_full, conflict where said, else
// unavailable. Each message names the path and the reason.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace mainspring::system {

// Replaces the file by one of mode 0600 with these bytes. Once this returns they survive a crash
// of the machine; until then the old file does. A symbolic link at `path` is replaced, not
// followed. The directory must exist.
base::Result<void> write_private_file(const std::string& path, std::string_view bytes);

// The whole file. too_large when it has more than `limit` bytes.
base::Result<std::string> read_small_file(const std::string& path, std::size_t limit);

// Makes the directory (0700) and those above it that are missing. One that is there already is
// accepted if it is a directory of this user that nobody else may write to, else: conflict.
base::Result<void> make_private_directory(const std::string& path);

// Renames a file within its directory, durably. With Existing::refuse one that is there already is
// left as it is: conflict.
enum class Existing { refuse, replace };
struct Rename {
  std::string from;
  std::string to;
};
base::Result<void> rename_durably(const Rename& rename, Existing existing);

// Removes a file; once this returns it stays away, over a crash of the machine too.
base::Result<void> remove_durably(const std::string& path);

// Bytes that this user may still write to the file system of a directory. Errors: as above.
base::Result<std::uint64_t> load_free_space(const std::string& directory);

}  // namespace mainspring::system
