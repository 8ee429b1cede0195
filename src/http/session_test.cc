// Longer than usual: every case drives the same bench, so they stay together.
#include "http/session.h"

#include <doctest/doctest.h>

#include <random>

#include <fmt/core.h>

#include "http/writer.h"

namespace mainspring::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Drives a session as a server would, with a clock of its own; every byte sent "leaves" at once
// unless the test stalls it.
struct Bench {
  explicit Bench(Limits with = {}) : limits(with), session(with, {"peer", "c1"}, now) {}

  void absorb() {
    while (true) {
      Actions actions = session.take_actions();
      output += actions.send;
      if (actions.ending != Ending::open) ending = actions.ending;
      reading = actions.read;
      if (actions.request) requests.push_back(std::move(*actions.request));
      if (actions.send.empty() || stalled) return;
      session.sent(actions.send.size(), now);
    }
  }
  void feed(std::string_view bytes) {
    session.receive(bytes, now);
    absorb();
  }
  void end_input() {
    session.receive_end(now);
    absorb();
  }
  void respond(Response response) {
    session.respond(std::move(response), now);
    absorb();
  }
  void pass(milliseconds time) {
    now.moment += time;
    session.wake(now);
    absorb();
  }
  std::string take_output() { return std::exchange(output, {}); }

  Now now{Moment{} + seconds{1000}, base::from_millis(784'111'777'000)};
  Limits limits;
  Session session;
  std::string output;
  std::vector<Request> requests;
  Ending ending = Ending::open;
  bool reading = true;
  bool stalled = false;
};

int status_of(std::string_view output) {
  if (!output.starts_with("HTTP/1.1 ")) return 0;
  return std::stoi(std::string{output.substr(9, 3)});
}

int status_for(std::string_view bytes, const Limits& limits = {}) {
  Bench bench(limits);
  bench.feed(bytes);
  const bool refused = !bench.output.empty() && bench.requests.empty();
  if (refused) {
    CHECK(bench.output.contains("application/problem+json"));
    CHECK(bench.output.contains("Connection: close"));
    CHECK(bench.ending == Ending::shut_sending);
  }
  return refused ? status_of(bench.output) : 0;
}

constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

TEST_CASE("a request is split into its parts and its answer is framed by its length") {
  Bench bench;
  bench.feed("POST /jobs/a%20b?x=1&y=%2B+&x HTTP/1.1\r\nHost: h\r\ncontent-LENGTH: 5\r\n\r\nhello");
  REQUIRE_EQ(bench.requests.size(), 1);
  const Request& request = bench.requests[0];
  CHECK(request.method == Method::post);
  CHECK_EQ(request.path, "/jobs/a b");
  CHECK_EQ(request.query, "x=1&y=%2B+&x");
  CHECK(request.parameters == Parameters{{"x", "1"}, {"y", "+ "}, {"x", ""}});
  CHECK_EQ(request.headers.find("Content-Length"), "5");
  CHECK_EQ(request.body, "hello");
  CHECK_EQ(request.peer, "peer");
  CHECK_EQ(request.request_id, "c1-1");
  CHECK(bench.session.deadline() == Moment::max());

  bench.respond({.status = 201, .headers = {{"Content-Type", "text/plain"}}, .body = "made"});
  CHECK_EQ(bench.output,
           "HTTP/1.1 201 Created\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nX-Request-Id: c1-1\r\n"
           "Content-Type: text/plain\r\nContent-Length: 4\r\n\r\nmade");
  CHECK(bench.ending == Ending::open);
  CHECK(bench.reading);
}

// What a client and an application see of one connection, as text.
std::string transcript(std::string_view bytes, const std::vector<std::size_t>& cuts) {
  Limits limits;
  limits.body_bytes = 100;
  Bench bench(limits);
  std::size_t at = 0;
  std::size_t answered = 0;
  const auto answer_all = [&] {
    for (; answered < bench.requests.size(); ++answered) {
      bench.respond({.status = 200, .headers = {}, .body = bench.requests[answered].target});
    }
  };
  for (const std::size_t cut : cuts) {
    bench.feed(bytes.substr(at, cut - at));
    answer_all();
    at = cut;
  }
  bench.feed(bytes.substr(at));
  answer_all();
  std::string out = bench.output + fmt::format("|{}|", static_cast<int>(bench.ending));
  for (const Request& request : bench.requests) {
    out += fmt::format("{} {} {} {};", to_text(request.method), request.path, request.body,
                       request.headers.size());
  }
  return out;
}

TEST_CASE("the same bytes give the same result however they are split") {
  const std::string_view streams[] = {
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
      "\r\nabcGET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /4 HTTP/1.1\r\n\r\n",
      "PUT /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0A\r\n"
      "0123456789\r\n0\r\nTrailer: t\r\n\r\nGET /d HTTP/1.1\r\nHost: x\r\n\r\n",
      "PUT /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "PUT /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
      "PUT /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n60\r\n",
      "PUT /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n65\r\nabc",
      "GET /bad HTTP/1.1\r\nHost : x\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "GET /1 HTTP/1.0\r\n\r\nGET /2 HTTP/1.1\r\n\r\n",
  };
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  for (const std::string_view stream : streams) {
    CAPTURE(stream);
    const std::string whole = transcript(stream, {});
    std::vector<std::size_t> every;
    for (std::size_t i = 1; i < stream.size(); ++i)
      every.push_back(i);
    CHECK_EQ(transcript(stream, every), whole);
    for (int round = 0; round < 50; ++round) {
      std::vector<std::size_t> cuts;
      for (const std::size_t cut : every) {
        if (random() % 8 == 0) cuts.push_back(cut);
      }
      CAPTURE(cuts.size());
      CHECK_EQ(transcript(stream, cuts), whole);
    }
  }
}

TEST_CASE("a request that two readers could read in two ways is refused") {
  const auto post = [](std::string_view headers) {
    return status_for(fmt::format("POST / HTTP/1.1\r\nHost: x\r\n{}\r\n0\r\n\r\n", headers));
  };
  CHECK_EQ(post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400);
  CHECK_EQ(post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400);
  CHECK_EQ(post("Content-Length: 5\r\nContent-Length: 5\r\n"), 400);
  CHECK_EQ(post("Content-Length: 5, 5\r\n"), 400);
  CHECK_EQ(post("Content-Length: +5\r\n"), 400);
  CHECK_EQ(post("Content-Length: 5 5\r\n"), 400);
  CHECK_EQ(post("Content-Length: 0x5\r\n"), 400);
  CHECK_EQ(post("Content-Length: -1\r\n"), 400);
  CHECK_EQ(post("Content-Length: 99999999999999999999\r\n"), 400);
  CHECK_EQ(post("Content-Length:\r\n"), 400);
  CHECK_EQ(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400);
  CHECK_EQ(post("Transfer-Encoding: chunked, chunked\r\n"), 501);
  CHECK_EQ(post("Transfer-Encoding: gzip, chunked\r\n"), 501);
  CHECK_EQ(post("Transfer-Encoding: xchunked\r\n"), 501);
  CHECK_EQ(post("Transfer-Encoding: identity\r\n"), 501);
  CHECK_EQ(post("Transfer-Encoding : chunked\r\n"), 400);
  CHECK_EQ(post("X: a\r\n Transfer-Encoding: chunked\r\n"), 400);
  CHECK_EQ(post("X: a\nTransfer-Encoding: chunked\r\n"), 400);
  CHECK_EQ(post("X: a\rTransfer-Encoding: chunked\r\n"), 400);
  CHECK_EQ(post(std::string_view{"X: a\0b\r\n", 8}), 400);
  CHECK_EQ(post("Host: y\r\n"), 400);
  CHECK_EQ(status_for("GET / HTTP/1.1\r\nX: y\r\n\r\n"), 400);
  CHECK_EQ(status_for("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

TEST_CASE("a chunked body must be exact") {
  const auto chunks = [](std::string_view body) {
    return status_for(
        fmt::format("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{}", body));
  };
  CHECK_EQ(chunks("3\r\nabc\r\n0\r\n\r\n"), 0);
  CHECK_EQ(chunks("3\nabc\r\n0\r\n\r\n"), 400);
  CHECK_EQ(chunks("3\r\nabc\n0\r\n\r\n"), 400);
  CHECK_EQ(chunks("3\r\nabcx\r\n"), 400);
  CHECK_EQ(chunks(" 3\r\nabc\r\n"), 400);
  CHECK_EQ(chunks("0x3\r\nabc\r\n"), 400);
  CHECK_EQ(chunks("-3\r\nabc\r\n"), 400);
  CHECK_EQ(chunks("\r\n"), 400);
  CHECK_EQ(chunks("11111111111111111\r\n"), 400);
  CHECK_EQ(chunks("fffffffffffffff0\r\n"), 413);
  CHECK_EQ(chunks("1;" + std::string(300, 'x')), 400);
  CHECK_EQ(chunks("0\r\nA: " + std::string(5000, 'x')), 431);
}

TEST_CASE("what is not well-formed, not known or not spoken is refused") {
  CHECK_EQ(status_for("GET / HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n"), 400);
  CHECK_EQ(status_for("GET /\r\n\r\n"), 400);
  CHECK_EQ(status_for("GET  / HTTP/1.1\r\nHost: x\r\n\r\n"), 400);
  CHECK_EQ(status_for("GET / HTTQ/1.1\r\nHost: x\r\n\r\n"), 400);
  CHECK_EQ(status_for("GET / HTTP/1.2\r\nHost: x\r\n\r\n"), 505);
  CHECK_EQ(status_for("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
  CHECK_EQ(status_for("BREW / HTTP/1.1\r\nHost: x\r\n\r\n"), 501);
  CHECK_EQ(status_for("CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n"), 501);
  CHECK_EQ(status_for("get / HTTP/1.1\r\nHost: x\r\n\r\n"), 501);
  CHECK_EQ(status_for("PUT / HTTP/1.1\r\nHost: x\r\nExpect: magic\r\n\r\n"), 417);
}

TEST_CASE("a target is a path, an absolute URL, or an asterisk for OPTIONS") {
  const auto target = [](std::string_view text) {
    return status_for(fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", text));
  };
  for (const std::string_view good : {"/", "/a%2Fb", "/%C3%A9?q=%C3%A9", "/a?b?c", "//a"}) {
    CAPTURE(good);
    CHECK_EQ(target(good), 0);
  }
  for (const std::string_view bad :
       {"a", "*", "/%", "/%4", "/%zz", "/%00", "/%0a", "/%7f", "/%ff", "/%c0%af", "/%ed%a0%80",
        "/..", "/a/../b", "/%2e%2e/b", "/./a", "/a#b", "/?x=%00", "/?x=%f5%80%80%80"}) {
    CAPTURE(bad);
    CHECK_EQ(target(bad), 400);
  }
  Bench bench;
  bench.feed("GET http://host:80?q HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE_EQ(bench.requests.size(), 1);
  CHECK_EQ(bench.requests[0].path, "/");
  CHECK_EQ(bench.requests[0].target, "/?q");
  Bench options;
  options.feed("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE_EQ(options.requests.size(), 1);
  CHECK_EQ(options.requests[0].path, "*");
}

TEST_CASE("sizes over a limit are refused at the limit, and at it are served") {
  Limits limits;
  limits.head_bytes = 64;
  limits.header_count = 3;
  limits.query_count = 2;
  limits.body_bytes = 8;
  const std::string_view head = "GET / HTTP/1.1\r\nHost: x\r\n";
  const auto padded = [&](std::size_t size) {
    std::string text{head};
    text += "A: " + std::string(size - text.size() - 7, 'a');
    return text + "\r\n\r\n";
  };
  CHECK_EQ(status_for(padded(64), limits), 0);
  CHECK_EQ(status_for(padded(65), limits), 431);
  CHECK_EQ(status_for("GET /" + std::string(64, 'a'), limits), 414);
  CHECK_EQ(status_for(fmt::format("{}A:\r\nB:\r\n\r\n", head), limits), 0);
  CHECK_EQ(status_for(fmt::format("{}A:\r\nB:\r\nC:\r\n\r\n", head), limits), 431);
  CHECK_EQ(status_for("GET /?a&b HTTP/1.1\r\nHost: x\r\n\r\n", limits), 0);
  CHECK_EQ(status_for("GET /?a&b&c HTTP/1.1\r\nHost: x\r\n\r\n", limits), 400);
  CHECK_EQ(status_for(fmt::format("{}Content-Length: 8\r\n\r\n12345678", head), limits), 0);
  CHECK_EQ(status_for(fmt::format("{}Content-Length: 9\r\n\r\n", head), limits), 413);
  limits.head_bytes = 100;
  const std::string chunked = fmt::format("{}Transfer-Encoding: chunked\r\n\r\n", head);
  CHECK_EQ(status_for(chunked + "8\r\n12345678\r\n0\r\n\r\n", limits), 0);
  CHECK_EQ(status_for(chunked + "8\r\n12345678\r\n1\r\n", limits), 413);
}

TEST_CASE("a slow request is answered 408, an idle connection is closed without a word") {
  Bench head;
  head.feed("GET / HT");
  head.pass(head.limits.head_read - milliseconds{1});
  head.feed("TP");  // trickling earns no time
  CHECK(head.output.empty());
  head.pass(milliseconds{1});
  CHECK_EQ(status_of(head.output), 408);

  Bench body;
  body.feed("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 600000\r\n\r\n");
  body.pass(body.limits.body_read - milliseconds{1});
  body.feed(std::string(300'000, 'x'));  // a good piece does
  body.pass(body.limits.body_read - milliseconds{1});
  CHECK(body.output.empty());
  body.pass(milliseconds{1});
  CHECK_EQ(status_of(body.output), 408);

  Bench idle;
  idle.feed(kGet);
  idle.respond({});
  idle.take_output();
  idle.pass(idle.limits.idle - milliseconds{1});
  CHECK(idle.ending == Ending::open);
  idle.pass(milliseconds{1});
  CHECK(idle.output.empty());
  CHECK(idle.ending == Ending::close);
}

TEST_CASE("a client that takes nothing of its answer is cut, one that takes a little is not") {
  Bench bench;
  bench.stalled = true;
  bench.feed(kGet);
  bench.respond({.status = 200, .headers = {}, .body = std::string(1000, 'x')});
  bench.pass(bench.limits.write_stall - milliseconds{1});
  bench.session.sent(1, bench.now);
  bench.pass(bench.limits.write_stall - milliseconds{1});
  CHECK(bench.ending == Ending::open);
  bench.pass(milliseconds{1});
  CHECK(bench.ending == Ending::close);
}

TEST_CASE("requests are worked on one at a time, and reading pauses behind an answer") {
  Bench bench;
  bench.feed(std::string{kGet} + std::string{kGet});
  CHECK_EQ(bench.requests.size(), 1);
  CHECK(bench.reading);  // so that a client that leaves is noticed
  bench.feed(std::string(bench.limits.pipelined_bytes, 'x'));
  CHECK_FALSE(bench.reading);
  bench.stalled = true;
  bench.respond({});
  CHECK_EQ(bench.requests.size(), 1);
  bench.session.sent(bench.output.size(), bench.now);
  bench.absorb();
  CHECK_EQ(bench.requests.size(), 2);
  CHECK_EQ(bench.requests[1].request_id, "c1-2");
}

TEST_CASE("a connection is kept or closed as the client and the application wish") {
  const auto ending = [](std::string_view request, const Headers& headers) {
    Bench bench;
    bench.feed(request);
    bench.respond({.status = 200, .headers = headers, .body = {}});
    CHECK_EQ(bench.output.contains("Connection: close"), bench.ending != Ending::open);
    return bench.ending;
  };
  CHECK(ending(kGet, {}) == Ending::open);
  CHECK(ending(kGet, {{"connection", "Close"}}) == Ending::shut_sending);
  CHECK(ending("GET / HTTP/1.1\r\nHost: x\r\nConnection: x, close\r\n\r\n", {}) ==
        Ending::shut_sending);
  CHECK(ending("GET / HTTP/1.0\r\n\r\n", {}) == Ending::shut_sending);
  CHECK(ending("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", {}) == Ending::open);
}

TEST_CASE("after the last answer the client has a moment to end its side") {
  Bench bench;
  bench.feed("GET / HTTP/1.0\r\n\r\n");
  bench.respond({});
  CHECK(bench.ending == Ending::shut_sending);
  bench.feed("more that nobody reads");
  CHECK(bench.reading);
  SUBCASE("it does") { bench.end_input(); }
  SUBCASE("it does not") { bench.pass(bench.limits.linger); }
  CHECK(bench.ending == Ending::close);
  CHECK_EQ(bench.requests.size(), 1);
}

TEST_CASE("a client that ended its side still gets the answer it waits for") {
  Bench bench;
  bench.feed(kGet);
  bench.end_input();
  CHECK(bench.ending == Ending::open);
  bench.respond({});
  CHECK_EQ(status_of(bench.output), 200);
  CHECK(bench.ending == Ending::close);
}

TEST_CASE("HEAD has the headers of GET and no body; 204 and 304 have no length") {
  Bench bench;
  bench.feed("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  bench.respond({.status = 200, .headers = {}, .body = "12345"});
  const std::string head = bench.take_output();
  CHECK(head.contains("Content-Length: 5\r\n"));
  CHECK(head.ends_with("\r\n\r\n"));
  for (const int status : {204, 304}) {
    bench.feed(kGet);
    bench.respond({.status = status, .headers = {}, .body = "dropped"});
    const std::string output = bench.take_output();
    CHECK_FALSE(output.contains("Content-Length"));
    CHECK(output.ends_with("\r\n\r\n"));
  }
}

TEST_CASE("100 Continue is sent when the client waits for it, and only then") {
  const std::string_view head =
      "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n";
  Bench waits;
  waits.feed(head);
  CHECK_EQ(waits.take_output(), "HTTP/1.1 100 Continue\r\n\r\n");
  waits.feed("ab");
  CHECK_EQ(waits.requests.size(), 1);
  Bench hurries;
  hurries.feed(std::string{head} + "ab");
  CHECK(hurries.output.empty());
  CHECK_EQ(hurries.requests.size(), 1);
}

TEST_CASE("a header that would be more than one header is never sent") {
  for (const Header& bad :
       {Header{"X", "a\r\nSet-Cookie: b"}, Header{"X", "a\n"}, Header{"X", {"a\0b", 3}},
        Header{"X: y\r\nZ", "a"}, Header{"", "a"}, Header{"X Y", "a"}}) {
    Bench bench;
    bench.feed(kGet);
    bench.respond({.status = 200, .headers = {bad}, .body = {}});
    CHECK_EQ(status_of(bench.output), 500);
    CHECK_FALSE(bench.output.contains("Set-Cookie"));
  }
}

TEST_CASE("framing headers of the application are replaced by true ones") {
  Bench bench;
  bench.feed("GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine-1\r\n\r\n");
  bench.respond(
      {.status = 200,
       .headers = {{"content-length", "7777"}, {"Transfer-Encoding", "x"}, {"Date", "no"}},
       .body = "ab"});
  CHECK(bench.output.contains("Content-Length: 2\r\n"));
  CHECK(bench.output.contains("X-Request-Id: mine-1\r\n"));
  CHECK_FALSE(bench.output.contains("7777"));
  CHECK_FALSE(bench.output.contains("Transfer-Encoding"));
  CHECK_FALSE(bench.output.contains("no\r\n"));
}

TEST_CASE("a request id of the client that could forge a log line is not taken over") {
  Bench bench;
  bench.feed("GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: a b\r\n\r\n");
  CHECK_EQ(bench.requests.at(0).request_id, "c1-1");
}

TEST_CASE("a stream is sent in chunks, and the connection serves on after it") {
  Bench bench;
  bench.feed(kGet);
  bench.session.begin_stream({.status = 200, .headers = {{"A", "b"}}, .body = {}}, bench.now);
  bench.absorb();
  CHECK(bench.take_output().ends_with("A: b\r\nTransfer-Encoding: chunked\r\n\r\n"));
  CHECK(bench.session.is_streaming());
  CHECK(bench.session.deadline() == Moment::max());
  bench.session.write_stream("0123456789abcdef", bench.now);
  bench.session.write_stream("", bench.now);
  bench.session.end_stream(bench.now);
  bench.absorb();
  CHECK_EQ(bench.take_output(), "10\r\n0123456789abcdef\r\n0\r\n\r\n");
  bench.feed(kGet);
  CHECK_EQ(bench.requests.size(), 2);
}

TEST_CASE("a stream to HTTP/1.0 ends with its connection, one for HEAD at once") {
  Bench old;
  old.feed("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  old.session.begin_stream({}, old.now);
  old.session.write_stream("abc", old.now);
  old.session.end_stream(old.now);
  old.absorb();
  CHECK(old.output.ends_with("Connection: close\r\n\r\nabc"));
  CHECK(old.ending == Ending::shut_sending);
  Bench head;
  head.feed("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  head.session.begin_stream({}, head.now);
  CHECK_FALSE(head.session.is_streaming());
  head.session.write_stream("abc", head.now);
  head.absorb();
  CHECK(head.output.ends_with("\r\n\r\n"));
  CHECK(head.ending == Ending::open);
}

TEST_CASE("a stream that is broken off, or left by its client, gets no end and no successor") {
  Bench bench;
  bench.feed(kGet);
  bench.session.begin_stream({}, bench.now);
  bench.session.write_stream("abc", bench.now);
  bench.absorb();
  SUBCASE("broken off") {
    bench.session.abort_stream(bench.now);
    bench.absorb();
    CHECK(bench.ending == Ending::shut_sending);
  }
  SUBCASE("left") {
    bench.end_input();
    CHECK(bench.ending == Ending::close);
  }
  CHECK(bench.output.ends_with("3\r\nabc\r\n"));
  bench.feed(kGet);
  CHECK_EQ(bench.requests.size(), 1);
}

TEST_CASE("draining closes what is idle and finishes what was begun") {
  Bench idle;
  idle.session.drain(idle.now);
  idle.absorb();
  CHECK(idle.ending == Ending::close);

  Bench busy;
  busy.feed(kGet);
  busy.session.drain(busy.now);
  busy.absorb();
  CHECK(busy.ending == Ending::open);
  busy.respond({});
  CHECK(busy.output.contains("Connection: close"));
  CHECK(busy.ending == Ending::shut_sending);

  Bench stream;
  stream.feed(kGet);
  stream.session.begin_stream({.status = 200,
                               .headers = {{"Content-Type", "text/event-stream; charset=utf-8"}},
                               .body = {}},
                              stream.now);
  stream.session.drain(stream.now);
  stream.absorb();
  CHECK(stream.output.ends_with("0\r\n\r\n"));
  CHECK(stream.ending == Ending::shut_sending);

  Bench download;
  download.feed(kGet);
  download.session.begin_stream({}, download.now);
  download.session.drain(download.now);
  download.absorb();
  CHECK(download.session.is_streaming());
  download.session.end_stream(download.now);
  download.absorb();
  CHECK(download.output.ends_with("0\r\n\r\n"));
  CHECK(download.ending == Ending::shut_sending);
}

TEST_CASE("a connection over the limit is told so and may try again") {
  Bench bench;
  bench.session.turn_away(bench.now);
  bench.absorb();
  CHECK_EQ(status_of(bench.output), 503);
  CHECK(bench.output.contains("Retry-After: "));
  CHECK(bench.ending == Ending::shut_sending);
}

TEST_CASE("who begins TLS where plain HTTP is spoken is answered at once, after any request") {
  Bench bench;
  bench.feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  bench.respond({});
  bench.take_output();
  bench.feed("\x16\3\1\2");
  CHECK_EQ(status_of(bench.output), 400);
  CHECK(bench.output.contains("http://"));
  CHECK(bench.ending == Ending::shut_sending);
}

TEST_CASE("who speaks HTTP where TLS was to begin is told which address to use") {
  Bench bench;
  bench.session.refuse_plain(bench.now);
  bench.absorb();
  CHECK_EQ(status_of(bench.output), 400);
  CHECK(bench.output.contains("this port speaks HTTPS"));
  CHECK(bench.output.contains("https://"));
  CHECK(bench.ending == Ending::shut_sending);
}

TEST_CASE("a body for which there is no room is given up, and one that is whole is not") {
  Bench bench;
  bench.feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
  CHECK_EQ(bench.session.body_bytes(), 4);
  bench.session.shed(bench.now);
  bench.absorb();
  CHECK_EQ(status_of(bench.output), 503);
  CHECK(bench.output.contains("Retry-After: "));
  CHECK_EQ(bench.session.body_bytes(), 0);
  CHECK(bench.requests.empty());

  Bench whole;
  whole.feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nfull");
  whole.session.shed(whole.now);
  whole.absorb();
  CHECK(whole.output.empty());
  CHECK_EQ(whole.requests.size(), 1);
}

}  // namespace
}  // namespace mainspring::http
