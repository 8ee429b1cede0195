#include "net/answer.h"

#include <doctest/doctest.h>

namespace mainspring::net {
namespace {

using Kind = StreamState::Kind;

// Streams of a server whose edge thread never looks: what is written stays.
struct Standing {
  http::Limits limits{.stream_buffer_bytes = 1'000,
                      .event_buffer_bytes = 100,
                      .all_event_buffer_bytes = 200,
                      .least_event_buffer_bytes = 10};
  std::shared_ptr<EventRoom> room = std::make_shared<EventRoom>(limits);
  std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>([] {});

  ~Standing() { mailbox->close(); }  // letters about streams keep these
  std::shared_ptr<StreamState> open(Kind kind) {
    auto turn = std::make_shared<Turn>();
    turn->mailbox = mailbox;
    turn->stream_buffer_bytes = limits.stream_buffer_bytes;
    turn->event_room = room;
    return std::make_shared<StreamState>(turn, kind);
  }
  std::vector<std::shared_ptr<StreamState>> open_events(int count) {
    std::vector<std::shared_ptr<StreamState>> all;
    for (int i = 0; i < count; ++i)
      all.push_back(open(Kind::events));
    return all;
  }
};

std::string bytes(std::size_t count) { return std::string(count, 'x'); }

// How many bytes it takes one by one.
std::size_t fill(StreamState& stream) {
  std::size_t taken = 0;
  while (stream.write(bytes(1)))
    ++taken;
  return taken;
}

TEST_CASE("the more event streams are open, the less each may hold, down to the least") {
  Standing server;
  const auto few = server.open_events(2);
  CHECK_EQ(fill(*few[0]), 100);
  {
    const auto some = server.open_events(2);
    CHECK_EQ(fill(*some[0]), 50);
    const auto many = server.open_events(100);
    CHECK_EQ(fill(*many[0]), 10);
    CHECK_EQ(fill(*few[1]), 10);
    some[1]->end();
    some[1]->end();  // leaves once
    CHECK_EQ(server.room->each(), 10);
  }
  server.mailbox->take();
  CHECK_EQ(server.room->each(), 100);
}

TEST_CASE("a message above its stream's share is taken when nothing waits before it") {
  Standing server;
  const auto many = server.open_events(20);
  CHECK(many[0]->write(bytes(90)));
  CHECK_FALSE(many[0]->write(bytes(1)));
  CHECK(many[1]->write(bytes(1)));
  CHECK_FALSE(many[1]->write(bytes(90)));
  CHECK_FALSE(many[2]->write(bytes(101)));  // above what any stream may hold
}

TEST_CASE("downloads take nothing from event streams, and have their own room") {
  Standing server;
  const auto download = server.open(Kind::download);
  CHECK_EQ(server.room->each(), 100);
  CHECK_EQ(fill(*download), 1'000);
}

TEST_CASE("bulk letters are read behind all others") {
  Mailbox mailbox([] {});
  std::string order;
  mailbox.post_bulk([&order] { order += 'b'; });
  mailbox.post([&order] { order += 'a'; });
  auto mail = mailbox.take();
  REQUIRE_EQ(mail.letters.size(), 1);
  REQUIRE_EQ(mail.bulk.size(), 1);
  mail.letters.front()();
  mail.bulk.front()();
  CHECK_EQ(order, "ab");
  mailbox.close();
  CHECK_FALSE(mailbox.post_bulk([] {}));
}

}  // namespace
}  // namespace mainspring::net
