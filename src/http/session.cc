#include "http/session.h"

#include <algorithm>

#include <fmt/core.h>

#include "http/head.h"
#include "http/sse.h"
#include "http/writer.h"

namespace mainspring::http {
namespace {

using base::Code;

// Each such piece of a body earns the time of Limits::body_read again, so that a slow client with
// a large body is served and one that trickles is not.
constexpr std::size_t kBodyWindow = 256 * 1024;

// Longer ones are not taken over from a client; they end up in logs and answers.
constexpr std::size_t kLongestRequestId = 64;

constexpr char kTlsHandshake = 22;  // the first byte of RFC 8446's first message; no method's

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= kLongestRequestId && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

bool wants_close(const Response& response) {
  const auto value = response.headers.find("Connection");
  return value && equal_ignoring_case(*value, "close");
}

bool has_no_body(int status) { return status == 204 || status == 304; }

}  // namespace

Session::Session(const Limits& limits, Peer peer, const Now& now)
    : limits_(limits),
      peer_(std::move(peer)),
      phase_deadline_(now.moment + limits.idle),
      progress_at_(now.moment) {}

void Session::receive(std::string_view bytes, const Now& now) {
  if (phase_ == Phase::closing || phase_ == Phase::closed || peer_ended_) return;
  input_ += bytes;
  advance(now);
}

void Session::receive_end(const Now& now) {
  peer_ended_ = true;
  const bool owes = phase_ == Phase::answering || unsent_ > 0;
  if (phase_ == Phase::streaming || !owes) {
    phase_ = Phase::closed;
  } else if (phase_ != Phase::answering) {
    close_gracefully(now);
  }
}

void Session::sent(std::size_t bytes, const Now& now) {
  unsent_ -= std::min(bytes, unsent_);
  progress_at_ = now.moment;
  if (unsent_ > 0) return;
  if (phase_ == Phase::closing) close_gracefully(now);
  advance(now);
}

void Session::wake(const Now& now) {
  if (now.moment < deadline()) return;
  const bool stalled = unsent_ > 0 && now.moment >= progress_at_ + limits_.write_stall;
  if (stalled || phase_ == Phase::idle || phase_ == Phase::closing) {
    phase_ = Phase::closed;
  } else if (phase_ == Phase::head) {
    refuse({408, Code::timed_out, "the headers of the request did not arrive in time"}, now);
  } else if (phase_ == Phase::body) {
    refuse({408, Code::timed_out, "the body of the request did not arrive in time"}, now);
  }
}

Moment Session::deadline() const {
  const Moment stall = unsent_ > 0 ? progress_at_ + limits_.write_stall : Moment::max();
  switch (phase_) {
    case Phase::idle:
    case Phase::head:
    case Phase::body:
      return std::min(phase_deadline_, stall);
    case Phase::closing:
      return unsent_ > 0 ? stall : phase_deadline_;
    case Phase::answering:
    case Phase::streaming:
      return stall;
    case Phase::closed:
      break;
  }
  return Moment::max();
}

Actions Session::take_actions() {
  if (phase_ == Phase::closed) actions_.ending = Ending::close;
  const bool ahead = phase_ == Phase::answering || phase_ == Phase::streaming || unsent_ > 0;
  actions_.read = !peer_ended_ && phase_ != Phase::closed &&
                  (!ahead || input_.size() < limits_.pipelined_bytes);
  return std::exchange(actions_, {});
}

void Session::advance(const Now& now) {
  while (step(now)) {
  }
}

bool Session::step(const Now& now) {
  switch (phase_) {
    case Phase::idle:
      return begin_head(now);
    case Phase::head:
      return read_head(now);
    case Phase::body:
      return read_body(now);
    default:
      return false;
  }
}

bool Session::begin_head(const Now& now) {
  if (unsent_ > 0) return false;  // a client that does not read its answers gets no more of them
  while (input_.starts_with("\r\n"))
    input_.erase(0, 2);  // RFC 9112, 2.2: old clients send one after a body
  if (input_.empty() || input_ == "\r") return false;
  phase_ = Phase::head;
  phase_deadline_ = now.moment + limits_.head_read;
  scanned_ = 0;
  keep_alive_ = true;
  version_1_0_ = head_only_ = false;
  request_id_.clear();
  if (input_.front() != kTlsHandshake) return true;
  // Its first message has no end of a head in it: both sides would wait.
  refuse({400, Code::invalid_argument,
          "the client began TLS, and this port speaks plain HTTP; write http:// in the address"},
         now);
  return false;
}

bool Session::read_head(const Now& now) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  const std::string_view allowed = std::string_view{input_}.substr(0, limits_.head_bytes);
  const std::size_t end = allowed.find(kEnd, scanned_);
  if (end == std::string_view::npos) {
    scanned_ = allowed.size() - std::min(allowed.size(), kEnd.size() - 1);
    if (allowed.size() < limits_.head_bytes) return false;
    const bool in_line = !allowed.contains('\n');
    refuse(
        {in_line ? 414 : 431, Code::too_large,
         fmt::format("the request line and headers have more than {} bytes", limits_.head_bytes)},
        now);
    return false;
  }
  auto head = parse_head(allowed.substr(0, end + kEnd.size()), limits_);
  if (!head) {
    refuse(head.error(), now);
    return false;
  }
  input_.erase(0, end + kEnd.size());
  accept_head(std::move(*head), now);
  return true;
}

void Session::accept_head(Head head, const Now& now) {
  request_ = std::move(head.request);
  request_id_ = next_request_id(request_.headers);
  request_.request_id = request_id_;
  request_.peer = peer_.address;
  request_.is_encrypted = peer_.is_encrypted;
  keep_alive_ = request_.keep_alive;
  version_1_0_ = head.version_1_0;
  head_only_ = request_.method == Method::head;
  body_left_ = head.content_length.value_or(0);
  chunks_.reset();
  if (head.chunked) chunks_.emplace();
  if (body_left_ == 0 && !chunks_) return dispatch();
  phase_ = Phase::body;
  phase_deadline_ = now.moment + limits_.body_read;
  body_mark_ = kBodyWindow;
  if (head.expects_continue && input_.empty()) emit("HTTP/1.1 100 Continue\r\n\r\n", now);
}

bool Session::read_body(const Now& now) {
  if (chunks_) {
    auto taken = chunks_->read(input_, request_.body, limits_);
    if (!taken) {
      refuse(taken.error(), now);
      return false;
    }
    input_.erase(0, *taken);
  } else {
    const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, input_.size()));
    request_.body.append(input_, 0, taken);
    input_.erase(0, taken);
    body_left_ -= taken;
  }
  if (request_.body.size() >= body_mark_) {
    body_mark_ = request_.body.size() + kBodyWindow;
    phase_deadline_ = now.moment + limits_.body_read;
  }
  if (chunks_ ? chunks_->done() : body_left_ == 0) dispatch();
  return false;
}

void Session::dispatch() {
  phase_ = Phase::answering;
  actions_.request = std::exchange(request_, {});
}

std::string Session::next_request_id(const Headers& headers) {
  ++requests_;
  const auto given = headers.find("X-Request-Id");
  if (given && is_request_id(*given)) return std::string{*given};
  return fmt::format("{}-{}", peer_.connection_id, requests_);
}

void Session::refuse(const Refusal& refusal, const Now& now) {
  if (request_id_.empty()) request_id_ = next_request_id({});
  keep_alive_ = false;
  emit_answer(make_problem(refusal, request_id_), now);
  close_gracefully(now);
}

void Session::turn_away(const Now& now) {
  request_id_ = next_request_id({});
  refuse_for_now("the server has as many connections as it accepts; try again", now);
}

void Session::refuse_plain(const Now& now) {
  refuse({400, Code::invalid_argument,
          "this port speaks HTTPS, and the request came without encryption; write https:// in the "
          "address"},
         now);
}

void Session::shed(const Now& now) {
  if (phase_ != Phase::body) return;
  request_.body = {};
  refuse_for_now("other large bodies are being sent, more than the server holds; try again", now);
}

void Session::refuse_for_now(std::string_view detail, const Now& now) {
  keep_alive_ = false;
  Response response = make_problem({503, Code::unavailable, std::string{detail}}, request_id_);
  response.headers.add("Retry-After", "1");
  emit_answer(response, now);
  close_gracefully(now);
}

void Session::respond(Response response, const Now& now) {
  if (phase_ != Phase::answering) return;
  if (!is_sendable(response)) {
    response = make_problem(
        {500, Code::internal, "the answer had a header that must not be sent; this is a defect"},
        request_id_);
  }
  if (wants_close(response)) keep_alive_ = false;
  emit_answer(response, now);
  finish_answer(now);
}

void Session::begin_stream(const Response& head, const Now& now) {
  if (phase_ != Phase::answering) return;
  if (!is_sendable(head) || has_no_body(head.status))
    return respond({.status = 0, .headers = {}, .body = {}}, now);
  const bool until_close = version_1_0_ && !head_only_;
  if (wants_close(head) || until_close || draining_ || peer_ended_) keep_alive_ = false;
  std::string out;
  append_head(out, {.status = head.status, .headers = head.headers, .body = {}},
              {.framing = version_1_0_ ? Framing::until_close : Framing::chunked,
               .persistence = !keep_alive_   ? Persistence::close
                              : version_1_0_ ? Persistence::keep_1_0
                                             : Persistence::keep,
               .now = now.instant,
               .request_id = request_id_});
  emit(out, now);
  phase_ = Phase::streaming;
  event_stream_ = head.headers.find("Content-Type").value_or("").starts_with(kEventStreamType);
  if (head_only_) finish_answer(now);
}

void Session::write_stream(std::string_view bytes, const Now& now) {
  if (phase_ != Phase::streaming || bytes.empty()) return;
  if (version_1_0_) return emit(bytes, now);
  std::string chunk;
  append_chunk(chunk, bytes);
  emit(chunk, now);
}

void Session::end_stream(const Now& now) {
  if (phase_ != Phase::streaming) return;
  if (!version_1_0_) emit(kLastChunk, now);
  finish_answer(now);
}

void Session::abort_stream(const Now& now) {
  if (phase_ == Phase::streaming) close_gracefully(now);
}

void Session::drain(const Now& now) {
  draining_ = true;
  // An event stream has no end of its own; a download ended early would look whole.
  if (phase_ == Phase::streaming && event_stream_) end_stream(now);
  if (phase_ != Phase::idle) return;
  if (unsent_ > 0) {
    close_gracefully(now);
  } else {
    phase_ = Phase::closed;
  }
}

void Session::emit(std::string_view bytes, const Now& now) {
  if (unsent_ == 0) progress_at_ = now.moment;
  unsent_ += bytes.size();
  actions_.send += bytes;
}

void Session::emit_answer(const Response& response, const Now& now) {
  if (draining_ || peer_ended_) keep_alive_ = false;
  std::string out;
  append_head(out, response,
              {.framing = has_no_body(response.status) ? Framing::none : Framing::length,
               .persistence = !keep_alive_   ? Persistence::close
                              : version_1_0_ ? Persistence::keep_1_0
                                             : Persistence::keep,
               .now = now.instant,
               .request_id = request_id_});
  if (!head_only_ && !has_no_body(response.status)) out += response.body;
  emit(out, now);
}

void Session::finish_answer(const Now& now) {
  if (!keep_alive_ || draining_) return close_gracefully(now);
  phase_ = Phase::idle;
  phase_deadline_ = now.moment + limits_.idle;
}

// Everything is sent first; then our direction ends, and the client's end is waited for. Closing
// at once would reset the connection under unread input and destroy the answer.
void Session::close_gracefully(const Now& now) {
  phase_ = Phase::closing;
  input_.clear();
  if (unsent_ > 0) return;
  if (peer_ended_) {
    phase_ = Phase::closed;
  } else {
    actions_.ending = Ending::shut_sending;
    phase_deadline_ = now.moment + limits_.linger;
  }
}

}  // namespace mainspring::http
