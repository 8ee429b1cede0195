#include "runner/log_buffer.h"

#include <doctest/doctest.h>

#include <map>

#include "env/testing.h"

namespace mainspring::runner {
namespace {

using base::Duration;
using model::LogStream;

struct Fixture {
  env::ManualClock clock{base::from_millis(1'000)};
  LogBuffer buffer{clock, 1'000'000};
};

TEST_CASE_FIXTURE(Fixture, "chunks carry stream, time and a number without gaps") {
  buffer.append(LogStream::out, "a");
  clock.advance(Duration{10});
  buffer.append(LogStream::err, "b");
  buffer.append(LogStream::err, "c");
  const auto chunks = buffer.take();
  REQUIRE_EQ(chunks.size(), 2);
  CHECK_EQ(chunks[0].seq, 1);
  CHECK(chunks[0].stream == LogStream::out);
  CHECK_EQ(base::to_millis(chunks[0].at), 1'000);
  CHECK_EQ(chunks[1].seq, 2);
  CHECK_EQ(chunks[1].bytes.bytes, "bc");
  CHECK_EQ(base::to_millis(chunks[1].at), 1'010);
  buffer.append(LogStream::out, "d");
  CHECK_EQ(buffer.take().at(0).seq, 3);
  CHECK(buffer.take().empty());
}

TEST_CASE_FIXTURE(Fixture, "it is due after half a second or at 64 KiB") {
  CHECK_FALSE(buffer.due_at().has_value());
  clock.advance(Duration{7});
  buffer.append(LogStream::out, "a");
  CHECK_EQ(buffer.due_at(), Duration{507});
  clock.advance(Duration{499});
  CHECK_FALSE(buffer.is_due());
  clock.advance(Duration{1});
  CHECK(buffer.is_due());
  buffer.take();
  CHECK_FALSE(buffer.is_due());
  buffer.append(LogStream::out, std::string(kChunkLimit, 'x'));
  CHECK(buffer.is_due());
}

TEST_CASE_FIXTURE(Fixture, "any sizes in any order come out byte for byte, in bounded chunks") {
  constexpr std::uint64_t kSeed = 20260329;
  CAPTURE(kSeed);
  env::SeededRandom random{kSeed};
  std::map<LogStream, std::string> sent;
  std::map<LogStream, std::string> got;
  std::int64_t last_seq = 0;
  for (int i = 0; i < 2'000; ++i) {
    const auto stream = random_below(random, 2) == 0 ? LogStream::out : LogStream::err;
    const std::size_t size = random_below(random, i % 100 == 0 ? 200'000 : 50);
    std::string bytes(size, '\0');
    random.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    bytes.resize(std::min<std::size_t>(bytes.size(), 900'000 - sent[stream].size() / 2));
    if (sent[LogStream::out].size() + sent[LogStream::err].size() + bytes.size() > 1'000'000) break;
    sent[stream] += bytes;
    buffer.append(stream, bytes);
    if (random_below(random, 200) != 0) continue;
    for (const model::LogChunk& chunk : buffer.take()) {
      CHECK_EQ(chunk.seq, ++last_seq);
      CHECK(chunk.bytes.bytes.size() <= kChunkLimit);
      got[chunk.stream] += chunk.bytes.bytes;
    }
  }
  for (const model::LogChunk& chunk : buffer.take())
    got[chunk.stream] += chunk.bytes.bytes;
  CHECK(got[LogStream::out] == sent[LogStream::out]);
  CHECK(got[LogStream::err] == sent[LogStream::err]);
}

TEST_CASE_FIXTURE(Fixture, "streams that alternate without end make a bounded number of chunks") {
  for (int i = 0; i < 10'000; ++i)
    buffer.append(i % 2 == 0 ? LogStream::out : LogStream::err, "x");
  CHECK_EQ(buffer.take().size(), kMaxPieces);
}

TEST_CASE("a flood is cut at the limit, with a mark there and a count at the end") {
  const env::ManualClock clock{base::from_millis(0)};
  LogBuffer buffer{clock, 10};
  buffer.append(LogStream::out, "12345678");
  buffer.append(LogStream::out, "90abc");
  buffer.append(LogStream::err, "defg");
  buffer.finish();
  const auto chunks = buffer.take();
  REQUIRE_EQ(chunks.size(), 2);
  CHECK_EQ(chunks[0].bytes.bytes, "1234567890");
  CHECK(chunks[1].stream == LogStream::system);
  CHECK_EQ(chunks[1].bytes.bytes,
           "log cut here: the attempt wrote more than 10 bytes\n"
           "7 bytes of output were not kept\n");
}

}  // namespace
}  // namespace mainspring::runner
