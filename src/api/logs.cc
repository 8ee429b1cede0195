// Handlers of logs: chunks as JSON, and the bytes as they were written.
#include <charconv>
#include <climits>

#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/messages.h"

namespace mainspring::api {
namespace {

constexpr std::int64_t kMostLogBytes = 8 << 20;  // of one page

// A cursor is "<attempt>.<seq>" of the last chunk read.
base::Result<void> read_cursor(std::string_view text, store::LogQuery& query) {
  if (text.empty()) return {};
  const char* end = text.data() + text.size();
  const auto attempt = std::from_chars(text.data(), end, query.after_attempt);
  if (attempt.ec == std::errc{} && attempt.ptr != end && *attempt.ptr == '.') {
    const auto seq = std::from_chars(attempt.ptr + 1, end, query.after_seq);
    if (seq.ec == std::errc{} && seq.ptr == end) return {};
  }
  return base::fail(base::Code::invalid_argument,
                    fmt::format("cursor: '{}' is not one that a log page gave", text));
}

base::Result<store::LogQuery> read_query(const Call& call, base::RunId run_id) {
  store::LogQuery query;
  query.run_id = run_id;
  const auto attempt = call.query_integer("attempt");
  if (!attempt) return base::fail(attempt.error());
  if (*attempt && (**attempt < 1 || **attempt > INT_MAX))
    return base::fail(base::Code::invalid_argument,
                      fmt::format("attempt: {} is no attempt; they count from 1", **attempt));
  if (*attempt) query.attempt = static_cast<int>(**attempt);
  const auto limit = call.query_integer("limit_bytes");
  if (!limit) return base::fail(limit.error());
  query.limit_bytes = limit->value_or(query.limit_bytes);
  if (query.limit_bytes < 1 || query.limit_bytes > kMostLogBytes) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("limit_bytes: give 1 to {}", kMostLogBytes));
  }
  if (auto cursor = read_cursor(call.query("cursor"), query); !cursor) {
    return base::fail(std::move(cursor.error()));
  }
  return query;
}

bool is_utf8(std::string_view bytes) {
  std::size_t i = 0;
  while (i < bytes.size()) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    const int more = lead < 0x80                   ? 0
                     : lead >= 0xc2 && lead < 0xe0 ? 1
                     : (lead & 0xf0) == 0xe0       ? 2
                     : lead >= 0xf0 && lead < 0xf5 ? 3
                                                   : -1;
    if (more < 0 || i + static_cast<std::size_t>(more) >= bytes.size()) return false;
    std::uint32_t point = more == 0 ? lead : lead & (0x3fU >> more);
    for (int k = 1; k <= more; ++k) {
      const auto next = static_cast<unsigned char>(bytes[i + static_cast<std::size_t>(k)]);
      if ((next & 0xc0) != 0x80) return false;
      point = (point << 6) | (next & 0x3fU);
    }
    const bool surrogate = point >= 0xd800 && point < 0xe000;
    const bool overlong = (more == 2 && point < 0x800) || (more == 3 && point < 0x10000);
    if (surrogate || overlong || point > 0x10ffff) return false;
    i += static_cast<std::size_t>(more) + 1;
  }
  return true;
}

LogPiece make_piece(store::StoredLogChunk stored) {
  LogPiece piece{.attempt = stored.attempt,
                 .seq = stored.chunk.seq,
                 .stream = stored.chunk.stream,
                 .at = stored.chunk.at,
                 .text = std::nullopt,
                 .base64 = std::nullopt};
  if (is_utf8(stored.chunk.bytes.bytes)) {
    piece.text = std::move(stored.chunk.bytes.bytes);
  } else {
    piece.base64 = std::move(stored.chunk.bytes);
  }
  return piece;
}

// Sends a whole log piece by piece, at the client's pace: a piece is read only when there is room.
class Download : public std::enable_shared_from_this<Download> {
 public:
  Download(CallPtr call, store::LogQuery query, std::optional<model::LogStream> only)
      : call_(std::move(call)), query_(query), only_(only) {}

  void start() {
    http::Response head{.status = 200, .headers = {}, .body = {}};
    head.headers.set("Content-Type", "application/octet-stream");
    head.headers.set("Content-Disposition",
                     fmt::format("attachment; filename=\"{}.log\"", query_.run_id.text()));
    head.headers.set("Cache-Control", "no-store");
    stream_ = call_->exchange().start_stream(std::move(head));
    auto self = shared_from_this();
    stream_->on_writable([self] { self->schedule(); });
    stream_->on_closed([self] { self->finish(); });
    schedule();
  }

 private:
  static constexpr std::int64_t kPiece = 256 << 10;  // well below a stream's buffer

  void schedule() {
    auto self = shared_from_this();
    call_->core().post([self](store::Reads& reads) { self->send(reads); });
  }

  void send(store::Reads& reads) {
    if (!pending_.empty()) {
      if (!stream_->write(pending_)) return;
      pending_.clear();
    }
    query_.limit_bytes = kPiece;
    while (true) {
      const auto chunks = reads.runs().log(query_);
      if (chunks.empty()) return stream_->close();
      for (const store::StoredLogChunk& stored : chunks) {
        query_.after_attempt = stored.attempt;
        query_.after_seq = stored.chunk.seq;
        if (!only_ || stored.chunk.stream == *only_) pending_ += stored.chunk.bytes.bytes;
      }
      if (pending_.empty()) continue;
      if (!stream_->write(pending_)) return;  // on_writable comes back here
      pending_.clear();
    }
  }

  // The stream's callbacks hold this object: letting go of them lets go of it.
  void finish() { stream_->on_writable({}); }

  CallPtr call_;
  store::LogQuery query_;
  std::optional<model::LogStream> only_;
  std::shared_ptr<http::Stream> stream_;
  std::string pending_;
};

}  // namespace

void get_log(const CallPtr& call) {
  const std::int64_t since = call->core().hub().version();
  const auto run = find_run(*call, call->path(0));
  if (!run) return call->fail(run.error());
  const auto query = read_query(*call, run->summary.id);
  if (!query) return call->fail(query.error());
  auto chunks = call->reads().runs().log(*query);
  const bool is_over = model::is_final(run->summary.state);
  if (chunks.empty() && !is_over && call->may_wait()) {
    return call->core().hub().wait({.run_id = run->summary.id.text(),
                                    .since = since,
                                    .deadline = *call->wait_until(),
                                    .resume = [call] { call->core().dispatch(call); }});
  }
  LogPage page{
      .items = {}, .next_cursor = call->query("cursor"), .complete = is_over && chunks.empty()};
  for (store::StoredLogChunk& stored : chunks) {
    page.next_cursor = fmt::format("{}.{}", stored.attempt, stored.chunk.seq);
    page.items.push_back(make_piece(std::move(stored)));
  }
  call->answer(json::encode(page));
}

void download_log(const CallPtr& call) {
  const auto run = find_run(*call, call->path(0));
  if (!run) return call->fail(run.error());
  const auto query = read_query(*call, run->summary.id);
  if (!query) return call->fail(query.error());
  std::optional<model::LogStream> only;
  if (const std::string name = call->query("stream"); !name.empty()) {
    const auto stream = json::parse_enum<model::LogStream>(name);
    if (!stream) return call->fail(at_parameter("stream", stream.error()));
    only = *stream;
  }
  std::make_shared<Download>(call, *query, only)->start();
}

}  // namespace mainspring::api
