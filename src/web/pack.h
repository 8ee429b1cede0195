// The pack: every built file of the UI, as the build of ui/ compressed it. Immutable; any thread.
// Source: ui/tools/pack.js writes ui_rows.inc and ui_bytes.bin.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace mainspring::web {

struct File {
  std::string_view path;        // "/assets/index-B1xy9_2a.js", "/index.html"
  std::string_view media_type;  // "text/html; charset=utf-8"
  std::string_view digest;      // of the plain bytes
  bool never_changes = false;   // its name has a digest
  std::string_view brotli;
  std::string_view gzip;
  std::size_t plain_size = 0;
};

// By path; empty where the program was built without the UI.
std::span<const File> files();

// The first segments of the paths that the UI shows something at: "jobs", "runs" ...
std::span<const std::string_view> page_names();

}  // namespace mainspring::web
