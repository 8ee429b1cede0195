// Handlers of logs: chunks as JSON, and lines by their numbers. Searches are in log_search.cc.
#include <algorithm>
#include <charconv>
#include <ranges>

#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/log_lines.h"
#include "api/log_messages.h"
#include "base/text.h"

namespace mainspring::api {
namespace {

constexpr std::int64_t kMostLogBytes = 8 << 20;  // of one page
constexpr std::int64_t kLongestLine = 1 << 30;   // more than an attempt's log may hold

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
  const auto attempt = query_attempt(call);
  if (!attempt) return base::fail(attempt.error());
  query.attempt = *attempt;
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

base::Result<std::int64_t> read_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size() && number >= 1) return number;
  return base::fail(base::Code::invalid_argument,
                    fmt::format("'{}' is not the number of a line; they count from 1", text));
}

// The part of a line that makes an answer of kLogPageBytes at most.
LogLinePiece make_piece(const store::LogLine& line, std::int64_t offset) {
  LogLinePiece piece{.attempt = line.attempt,
                     .line = line.number,
                     .offset = offset,
                     .text = {},
                     .length = line.length,
                     .next_offset = std::nullopt};
  const std::string_view rest = std::string_view(line.text.bytes).substr(offset);
  for (std::size_t most = kLinePiece;; most /= 2) {
    const std::string_view shown = rest.substr(0, base::cut_utf8(rest, most));
    piece.text = as_text(shown);
    if (shown.size() < rest.size() || std::cmp_less(line.text.bytes.size(), line.length))
      piece.next_offset = offset + std::ssize(shown);
    if (json::encode_text(piece).size() <= kLogPageBytes) return piece;
  }
}

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
  call->answer_with(page);
}

void list_log_attempts(const CallPtr& call) {
  const auto run = find_run(*call, call->path(0));
  if (!run) return call->fail(run.error());
  LogAttemptList reply{.items = {}, .complete = model::is_final(run->summary.state)};
  for (const store::LogExtent& extent : call->reads().runs().log_extents(run->summary.id)) {
    reply.items.push_back({.attempt = extent.attempt,
                           .lines = extent.lines,
                           .open = extent.is_open,
                           .first_at = extent.first_at,
                           .last_at = extent.last_at});
  }
  call->answer_with(reply);
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
  const store::LogLines lines = call->reads().runs().lines({.run_id = run->summary.id,
                                                            .attempt = *attempt,
                                                            .from = from->value_or(1),
                                                            .limit = page->limit,
                                                            .last = *last});
  LogLineList reply{.attempt = lines.extent.attempt,
                    .total = lines.extent.lines,
                    .open = lines.extent.is_open,
                    .complete = model::is_final(run->summary.state),
                    .items = {}};
  if (lines.extent.lines == 0) reply.attempt = attempt->value_or(0);
  // What does not fit is left out at the end, or of the last lines at the beginning.
  std::size_t room = kLogPageBytes;
  const auto add = [&](const store::LogLine& line) {
    auto view = make_line<LogLineView>(line);
    const std::size_t size = json::encode_text(view).size() + 1;
    if (size > room && !reply.items.empty()) return false;
    room -= std::min(room, size);
    reply.items.push_back(std::move(view));
    return true;
  };
  if (*last) {
    std::ranges::find_if_not(lines.items | std::views::reverse, add);
    std::ranges::reverse(reply.items);
  } else {
    std::ranges::find_if_not(lines.items, add);
  }
  call->answer_with(reply);
}

void get_log_line(const CallPtr& call) {
  const auto run = find_run(*call, call->path(0));
  if (!run) return call->fail(run.error());
  const auto attempt = query_attempt(*call);
  if (!attempt) return call->fail(attempt.error());
  const auto offset = call->query_integer("offset");
  if (!offset) return call->fail(offset.error());
  const auto number = read_number(call->path(1));
  if (!number) return call->fail(number.error());
  const std::int64_t begin = offset->value_or(0);
  if (begin < 0 || begin > kLongestLine)
    return call->fail(
        {base::Code::invalid_argument, fmt::format("offset: give 0 to {}", kLongestLine), {}});
  const auto lines = call->reads().runs().lines({.run_id = run->summary.id,
                                                 .attempt = *attempt,
                                                 .from = *number,
                                                 .limit = 1,
                                                 .line_bytes = begin + kLinePiece});
  if (lines.items.empty() || begin > lines.items.front().length) {
    return call->fail({base::Code::not_found,
                       fmt::format("The log has no line {} with a byte {}; it has {} lines.",
                                   *number, begin, lines.extent.lines),
                       {}});
  }
  call->answer_with(make_piece(lines.items.front(), begin));
}

}  // namespace mainspring::api
