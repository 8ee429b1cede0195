#include "runner/container/frames.h"

#include <doctest/doctest.h>

#include <string>

namespace mainspring::runner {
namespace {

std::string frame(int stream, std::string_view payload) {
  std::string out{static_cast<char>(stream), 0, 0, 0};
  for (const int shift : {24, 16, 8, 0})
    out += static_cast<char>(payload.size() >> shift & 0xFF);
  return out.append(payload);
}

struct Streams {
  std::string out, err, engine;

  FrameParser::Sink sink() {
    return [this](FrameStream stream, std::string_view bytes) {
      (stream == FrameStream::out ? out : stream == FrameStream::err ? err : engine) += bytes;
    };
  }
};

TEST_CASE("wherever the bytes are cut, both streams come out as they went in") {
  const std::string binary{"\0\xFF\x01\x00 \n", 6};
  const std::string big(70'000, 'x');
  const std::string all = frame(1, "one") + frame(2, binary) + frame(1, "") + frame(1, big) +
                          frame(3, "stopped") + frame(2, "end");
  for (const std::size_t step : {1UL, 2UL, 7UL, 8UL, 9UL, 4096UL, 1UL << 20}) {
    CAPTURE(step);
    Streams found;
    FrameParser parser;
    for (std::size_t at = 0; at < all.size(); at += step)
      REQUIRE(parser.feed(std::string_view{all}.substr(at, step), found.sink()));
    CHECK_EQ(found.out, "one" + big);
    CHECK_EQ(found.err, binary + "end");
    CHECK_EQ(found.engine, "stopped");
    CHECK(parser.is_whole());
  }
}

TEST_CASE("a connection that ends within a frame is told from one that ends behind it") {
  Streams found;
  FrameParser parser;
  const std::string all = frame(1, "cut");
  REQUIRE(parser.feed(std::string_view{all}.substr(0, 5), found.sink()));
  CHECK_FALSE(parser.is_whole());
  REQUIRE(parser.feed(std::string_view{all}.substr(5, 4), found.sink()));
  CHECK_FALSE(parser.is_whole());
  REQUIRE(parser.feed(std::string_view{all}.substr(9), found.sink()));
  CHECK(parser.is_whole());
}

TEST_CASE("bytes that are no frame are an error, and nothing after them is believed") {
  for (const char* text : {"\x04\0\0\0\0\0\0\1x", "\1\1\0\0\0\0\0\1x", "HTTP/1.1 "}) {
    Streams found;
    FrameParser parser;
    CHECK_FALSE(parser.feed({text, 9}, found.sink()));
    CHECK_FALSE(parser.feed(frame(1, "late"), found.sink()));
    CHECK_EQ(found.out, "");
  }
}

}  // namespace
}  // namespace mainspring::runner
