#include <doctest/doctest.h>

#include <random>

#include "store/log_lines.h"

namespace mainspring::store {
namespace {

using model::LogStream;

struct Piece {
  LogStream stream;
  std::string bytes;
};

std::vector<std::string> lines_of(const std::vector<Piece>& pieces) {
  std::vector<std::string> out;
  std::optional<PlacedChunk> before;
  LineScanner scanner(1);
  const auto emit = [&](const LineBlock& block) {
    each_line(block, [&](const FoundLine& line) {
      CHECK_EQ(line.number, std::ssize(out) + 1);
      out.emplace_back(line.text);
      return Next::go_on;
    });
  };
  for (const Piece& piece : pieces) {
    before = PlacedChunk{place_lines(before, piece.stream, piece.bytes), piece.stream};
    scanner.feed({.seq = 1, .stream = piece.stream, .at = {}, .bytes = {piece.bytes}}, emit);
  }
  scanner.finish(emit);
  if (before) CHECK_EQ(before->lines.last, std::ssize(out));
  return out;
}

TEST_CASE("a line goes over several chunks and ends with its break or with the log") {
  CHECK(lines_of({{LogStream::out, "a"}, {LogStream::out, "b\nc"}, {LogStream::out, "\n\nd"}}) ==
        std::vector<std::string>{"ab", "c", "", "d"});
}

TEST_CASE("a line ends where another stream speaks") {
  CHECK(lines_of({{LogStream::out, "a"}, {LogStream::err, "x\n"}, {LogStream::out, "b\n"}}) ==
        std::vector<std::string>{"a", "x", "b"});
}

TEST_CASE("chunks cut anywhere give the same lines, and the store's numbers are the reader's") {
  const std::uint64_t seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (std::uint64_t i = random() % 60; i > 0; --i)
      text += random() % 4 == 0 ? '\n' : static_cast<char>('a' + random() % 3);
    if (text.empty()) continue;
    std::vector<Piece> pieces;
    for (std::size_t from = 0; from < text.size();) {
      const std::size_t size = 1 + random() % 9;
      pieces.push_back({LogStream::out, text.substr(from, size)});
      from += size;
    }
    CHECK(lines_of(pieces) == lines_of({{LogStream::out, text}}));
  }
}

}  // namespace
}  // namespace mainspring::store
