// The frames of a container engine, cut where the fuzzer likes (pieces.h): each stream comes out
// the same however the bytes were cut, and no byte comes out that did not go in.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "pieces.h"
#include "runner/container/frames.h"

namespace fuzz = mainspring::fuzz;
namespace runner = mainspring::runner;

namespace {

struct Read {
  std::array<std::string, 3> streams;
  bool is_right = true;
  bool is_whole = false;

  friend bool operator==(const Read&, const Read&) = default;
};

Read read(const std::vector<std::string_view>& pieces) {
  runner::FrameParser parser;
  Read out;
  for (const std::string_view piece : pieces) {
    const auto fed = parser.feed(piece, [&](runner::FrameStream stream, std::string_view bytes) {
      CHECK(!bytes.empty());
      out.streams[static_cast<std::size_t>(stream)] += bytes;
    });
    out.is_right = out.is_right && fed.has_value();
  }
  out.is_whole = parser.is_whole();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto pieces = fuzz::split_pieces({reinterpret_cast<const char*>(bytes), size});
  const std::string whole = fuzz::join_pieces(pieces);
  const Read found = read(pieces);
  CHECK(found == read({whole}));
  std::size_t total = 0;
  for (const std::string& stream : found.streams)
    total += stream.size();
  CHECK(total <= whole.size());
  return 0;
}
