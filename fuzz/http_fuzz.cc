// The bytes of one HTTP connection, cut where the fuzzer likes (pieces.h).
//
// First as a patient client sends them: the requests that come out and the answers that go back are
// the same however the bytes were cut. Then as a rough one does: bytes 0xF8 to 0xFE make the socket
// write only in part, time pass, the client go, the server stop and streams begin and end, and the
// session keeps its promises all the same.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "http/session.h"
#include "pieces.h"

namespace base = mainspring::base;
namespace fuzz = mainspring::fuzz;
namespace http = mainspring::http;

namespace {

// Small enough that short inputs reach every limit.
http::Limits short_limits() {
  http::Limits limits;
  limits.head_bytes = 512;
  limits.header_count = 8;
  limits.query_count = 4;
  limits.body_bytes = 256;
  limits.chunk_line_bytes = 24;
  limits.trailer_bytes = 32;
  limits.pipelined_bytes = 64;
  return limits;
}

http::Now at(std::chrono::milliseconds time) {
  return {http::Moment{time}, base::Instant{std::chrono::milliseconds{1'774'747'800'000}}};
}

void check_request(const http::Request& request) {
  CHECK(request.path == "*" || request.path.starts_with('/'));
  CHECK(!request.path.contains('\0') && !request.request_id.empty());
  CHECK(request.body.size() <= short_limits().body_bytes);
  CHECK(request.headers.size() <= short_limits().header_count);
  for (const auto& [name, value] : request.parameters)
    CHECK(!name.contains('\0') && !value.contains('\0'));
}

std::string shown(const http::Request& request) {
  std::string out{http::to_text(request.method)};
  out += ' ' + request.target + '\n';
  for (const http::Header& header : request.headers)
    out += header.name + ": " + header.value + '\n';
  return out + '\n' + request.body + '\n';
}

// Every request is answered with itself.
std::string converse(const std::vector<std::string_view>& pieces) {
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  const http::Now now = at({});
  http::Session session{short_limits(), {"127.0.0.1:1", "c"}, now};
  std::string out;
  for (const std::string_view piece : pieces) {
    session.receive(piece, now);
    while (true) {
      http::Actions actions = session.take_actions();
      // Whether a client waits for it can only be guessed from what has come.
      const bool is_invited = actions.send.starts_with(kContinue);
      out += actions.send.substr(is_invited ? kContinue.size() : 0);
      if (!actions.request && actions.send.empty()) break;
      session.sent(actions.send.size(), now);
      if (!actions.request) continue;
      check_request(*actions.request);
      session.respond({200, {{"Content-Type", "text/plain"}}, shown(*actions.request)}, now);
    }
  }
  return out;
}

// A connection on which everything happens in any order.
class RoughConnection {
 public:
  void receive(std::string_view bytes) {
    session_.receive(bytes, now());
    act();
  }
  void carry_out(unsigned char order) {
    switch (order) {
      case 0xFE:
        session_.sent(std::min<std::size_t>(unsent_, 7), now());
        unsent_ -= std::min<std::size_t>(unsent_, 7);
        break;
      case 0xFD:
        session_.sent(std::exchange(unsent_, 0), now());
        break;
      case 0xFC:
        time_ += std::chrono::seconds{20};
        if (now().moment >= session_.deadline()) session_.wake(now());
        break;
      case 0xFB:
        session_.respond({200, {}, "answer"}, now());
        break;
      case 0xFA:
        session_.begin_stream({200, {{"Content-Type", "text/event-stream"}}, ""}, now());
        session_.write_stream("data: x\n\n", now());
        break;
      case 0xF9:
        ++streams_ % 2 == 0 ? session_.abort_stream(now()) : session_.end_stream(now());
        break;
      default:
        ++ends_ % 2 == 0 ? session_.drain(now()) : session_.receive_end(now());
    }
    act();
  }

 private:
  http::Now now() const { return at(time_); }

  void act() {
    const http::Actions actions = session_.take_actions();
    CHECK(!(session_.is_answering() && session_.is_streaming()));
    if (is_closed_) CHECK(actions.send.empty() && !actions.request && !actions.read);
    if (actions.request) {
      check_request(*actions.request);
      CHECK(session_.is_answering());
    }
    unsent_ += actions.send.size();
    is_closed_ = actions.ending == http::Ending::close;
  }

  std::chrono::milliseconds time_{0};
  http::Session session_{short_limits(), {"unix", "c"}, at({})};
  std::size_t unsent_ = 0;
  int streams_ = 0;
  int ends_ = 0;
  bool is_closed_ = false;
};

void run_roughly(std::string_view bytes) {
  constexpr unsigned char kFirstOrder = 0xF8;
  RoughConnection connection;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (byte < kFirstOrder) continue;
    connection.receive(bytes.substr(begin, i - begin));
    if (byte != 0xFF) connection.carry_out(byte);
    begin = i + 1;
  }
  connection.receive(bytes.substr(begin));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  const auto pieces = fuzz::split_pieces(text);
  CHECK(converse(pieces) == converse({fuzz::join_pieces(pieces)}));
  run_roughly(text);
  return 0;
}
