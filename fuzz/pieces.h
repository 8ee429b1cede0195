// How a fuzz target says where its bytes are cut: a byte 0xFF, which neither HTTP nor an event
// stream holds in a way that matters, ends a piece. So the fuzzer moves a cut like any other byte,
// and a corpus stays readable.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace mainspring::fuzz {

inline constexpr char kCut = '\xFF';

inline std::vector<std::string_view> split_pieces(std::string_view bytes) {
  std::vector<std::string_view> pieces;
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, bytes.find(kCut));
    bytes.remove_prefix(std::min(bytes.size(), piece.size() + 1));
    if (!piece.empty()) pieces.push_back(piece);
  }
  return pieces;
}

inline std::string join_pieces(const std::vector<std::string_view>& pieces) {
  std::string whole;
  for (const std::string_view piece : pieces)
    whole += piece;
  return whole;
}

}  // namespace mainspring::fuzz
