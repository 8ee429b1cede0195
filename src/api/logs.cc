// Handlers of logs: chunks as JSON, and the bytes as they were written.
#include <charconv>
#include <climits>

#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/messages.h"
#include "base/text.h"

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

LogPiece make_piece(store::StoredLogChunk stored) {
  LogPiece piece{.attempt = stored.attempt,
                 .seq = stored.chunk.seq,
                 .stream = stored.chunk.stream,
                 .at = stored.chunk.at,
                 .text = std::nullopt,
                 .base64 = std::nullopt};
  if (base::is_utf8(stored.chunk.bytes.bytes)) {
    piece.text = std::move(stored.chunk.bytes.bytes);
  } else {
    piece.base64 = std::move(stored.chunk.bytes);
  }
  return piece;
}

// Bytes that are not UTF-8 become U+FFFD, one each: a line is for reading, the download for bytes.
std::string as_text(std::string_view bytes) {
  if (base::is_utf8(bytes)) return std::string(bytes);
  std::string out;
  while (!bytes.empty()) {
    const std::size_t length = base::utf8_length(bytes);
    out += length == 0 ? std::string_view{"\uFFFD"} : bytes.substr(0, length);
    bytes.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

LogLineView make_line(const store::LogLine& line) {
  return {.attempt = line.attempt,
          .line = line.number,
          .stream = line.stream,
          .at = line.at,
          .text = as_text(line.text.bytes),
          .cut = line.is_cut};
}

base::Result<std::optional<int>> query_attempt(const Call& call) {
  const auto attempt = call.query_integer("attempt");
  if (!attempt) return base::fail(attempt.error());
  if (!*attempt) return std::nullopt;
  return static_cast<int>(**attempt);
}

base::Result<std::optional<std::int64_t>> query_positive(const Call& call, std::string_view name) {
  const auto value = call.query_integer(name);
  if (!value) return base::fail(value.error());
  if (*value && **value < 1) {
    return base::fail(base::Code::invalid_argument, fmt::format("{}: give 1 or more", name));
  }
  return *value;
}

// Where a search goes on: "<attempt>.<line>".
base::Result<store::LinePlace> read_line_cursor(std::string_view text) {
  store::LogQuery as_query;
  if (auto cursor = read_cursor(text, as_query); !cursor) {
    return base::fail(std::move(cursor.error()));
  }
  return store::LinePlace{as_query.after_attempt, as_query.after_seq};
}

base::Result<store::LogSearch> read_search(const Call& call, base::RunId run_id) {
  store::LogSearch query{.run_id = run_id, .text = call.query("q")};
  if (query.text.empty()) {
    return base::fail(base::Code::invalid_argument, "q: give the text to look for");
  }
  const auto attempt = query_attempt(call);
  if (!attempt) return base::fail(attempt.error());
  const auto ignore_case = call.query_flag("ignore_case");
  if (!ignore_case) return base::fail(ignore_case.error());
  const auto page = call.query_page();
  if (!page) return base::fail(page.error());
  const auto after = read_line_cursor(page->after);
  if (!after) return base::fail(after.error());
  query.attempt = *attempt;
  query.letters = *ignore_case ? store::Case::ignored : store::Case::exact;
  query.after = *after;
  query.limit = page->limit;
  return query;
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
    add_security_headers(head.headers);
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

void get_log_lines(const CallPtr& call) {
  const auto run = find_run(*call, call->path(0));
  if (!run) return call->fail(run.error());
  const auto attempt = query_attempt(*call);
  if (!attempt) return call->fail(attempt.error());
  const auto from = query_positive(*call, "from");
  if (!from) return call->fail(from.error());
  const auto last = query_positive(*call, "last");
  if (!last) return call->fail(last.error());
  const auto page = call->query_page();
  if (!page) return call->fail(page.error());
  LogLineList reply;
  for (const store::LogLine& line : call->reads().runs().lines({.run_id = run->summary.id,
                                                                .attempt = *attempt,
                                                                .from = from->value_or(1),
                                                                .limit = page->limit,
                                                                .last = *last}))
    reply.items.push_back(make_line(line));
  reply.complete = model::is_final(run->summary.state);
  call->answer(json::encode(reply));
}

void search_log(const CallPtr& call) {
  const auto run = find_run(*call, call->path(0));
  if (!run) return call->fail(run.error());
  const auto query = read_search(*call, run->summary.id);
  if (!query) return call->fail(query.error());
  const store::LogMatches found = call->reads().runs().search(*query);
  LogLineList reply;
  for (const store::LogLine& line : found.items)
    reply.items.push_back(make_line(line));
  if (!found.is_complete)
    reply.next_cursor = fmt::format("{}.{}", found.looked_at.attempt, found.looked_at.line);
  reply.complete = found.is_complete && model::is_final(run->summary.state);
  call->answer(json::encode(reply));
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
