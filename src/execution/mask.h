// Masking: no secret value leaves a runner in a log. Every occurrence of every secret in a stream
// of bytes becomes `***`; occurrences that overlap become one. All other bytes stay as they are.
//
// A secret may come in pieces. What may be the beginning of one is held back until the next bytes
// tell, the stream ends, or it has waited long enough and is too short to give much away; never
// more than the longest secret has.
//
// Pure. Threads: MaskPatterns never changes; a MaskStream belongs to one thread.
// Source: Aho and Corasick, "Efficient string matching", CACM 18(6), 1975.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mainspring::execution {

inline constexpr std::string_view kMask = "***";
// A shorter one is in many innocent words, and masking it would tell where.
inline constexpr std::size_t kShortestSecret = 4;  // bytes

class MaskPatterns {
 public:
  // Besides each value, each of its lines is a secret: a log may indent or prefix them. Values and
  // lines that are too short are left out.
  explicit MaskPatterns(const std::vector<std::string>& values);

  bool empty() const { return nodes_.size() == 1; }

 private:
  friend class MaskStream;
  using State = std::uint32_t;  // an index of nodes_; 0: no secret has begun

  // A prefix of a secret, in a tree of all of them.
  struct Node {
    State first_child = 0;
    State next_sibling = 0;
    State fallback = 0;         // the longest proper suffix that is a prefix too
    std::uint32_t depth = 0;    // bytes of the prefix
    std::uint32_t longest = 0;  // bytes of the longest secret that ends here; 0: none does
    char byte = 0;              // its last
  };

  void add(std::string_view secret);
  void link();
  State find_child(State parent, char byte) const;
  State next(State state, char byte) const;

  std::vector<Node> nodes_;
  std::array<State, 256> roots_{};  // by the first byte
};

class MaskStream {
 public:
  explicit MaskStream(const MaskPatterns& patterns) : patterns_(patterns) {}  // borrowed

  // What is certain by now, masked. Valid until the next call, and as long as `bytes`.
  std::string_view write(std::string_view bytes);

  // What was held back, if less than kShortestSecret bytes of a secret may have come. The rest of a
  // secret that began there is still masked when it comes.
  std::string_view flush_short();

  // All that was held back. The stream is at its end.
  std::string_view finish();

 private:
  using Position = std::uint64_t;  // in the stream, from its beginning
  struct Span {
    Position begin = 0;
    Position end = 0;
  };

  void scan(std::string_view bytes);
  void cover(Span found);
  void emit_until(Position limit);
  void emit_raw(Position limit);
  std::string_view take_output();

  const MaskPatterns& patterns_;
  MaskPatterns::State state_ = 0;
  Position read_ = 0;          // bytes that have come
  Position told_ = 0;          // bytes that have been passed on, or masked
  Position masked_until_ = 0;  // the end of the secret whose mask has been passed on
  std::vector<Span> found_;    // secrets not passed on yet; in order, none overlaps another
  std::string held_;           // the bytes from held_from_ to read_
  Position held_from_ = 0;     // told_, but for a moment
  std::string output_;
};

// A text as a whole.
std::string mask(const MaskPatterns& patterns, std::string_view text);

}  // namespace mainspring::execution
