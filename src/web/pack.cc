#include "web/pack.h"

#include <array>

namespace mainspring::web {
namespace {

struct Row {
  std::string_view path, media_type, digest;
  bool never_changes;
  std::size_t brotli_at, brotli_size, gzip_size, plain_size;  // gzip follows brotli
};

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"
constexpr unsigned char kBytes[] = {
#embed "web/ui_bytes.bin" suffix(, ) if_empty()
    0};
#pragma clang diagnostic pop

// Defines kRows (the last one empty) and kPageNames.
#include "web/ui_rows.inc"

}  // namespace

std::span<const File> files() {
  static const auto all = [] {
    std::array<File, std::size(kRows) - 1> made;
    const char* bytes = reinterpret_cast<const char*>(kBytes);
    for (std::size_t i = 0; i < made.size(); ++i) {
      const Row& row = kRows[i];
      const char* at = bytes + row.brotli_at;
      made[i] = {.path = row.path,
                 .media_type = row.media_type,
                 .digest = row.digest,
                 .never_changes = row.never_changes,
                 .brotli = {at, row.brotli_size},
                 .gzip = {at + row.brotli_size, row.gzip_size},
                 .plain_size = row.plain_size};
    }
    return made;
  }();
  return all;
}

std::span<const std::string_view> page_names() {
  return std::span{kPageNames}.first(std::size(kPageNames) - 1);
}

}  // namespace mainspring::web
