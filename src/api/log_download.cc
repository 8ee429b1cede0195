// The handler that sends whole logs: the bytes as they were written, or lines that are filtered.
#include <atomic>
#include <limits>
#include <stdexcept>

#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/log_lines.h"

namespace mainspring::api {
namespace {

constexpr std::int64_t kPiece = 64 << 10;  // well below a stream's buffer

// A log in pieces, "" when a piece has nothing to send; absent at the end.
using Pieces = std::function<std::optional<std::string>(store::RunReads&)>;

// Sends pieces at the client's pace: one is made only when there is room for it.
class Download : public std::enable_shared_from_this<Download> {
 public:
  Download(CallPtr call, Pieces pieces) : call_(std::move(call)), pieces_(std::move(pieces)) {}

  void start(base::RunId run) {
    http::Response head{.status = 200, .headers = {}, .body = {}};
    head.headers.set("Content-Type", "application/octet-stream");
    head.headers.set("Content-Disposition",
                     fmt::format("attachment; filename=\"{}.log\"", run.text()));
    add_security_headers(head.headers);
    stream_ = call_->exchange().start_stream(std::move(head));
    auto self = shared_from_this();
    stream_->on_writable([self] { self->schedule(); });
    stream_->on_closed([self] { self->finish(); });
    schedule();
  }

 private:
  void schedule() {
    auto self = shared_from_this();
    call_->core().post_bulk([self](store::Reads& reads) { self->send(reads.runs()); });
  }

  void send(store::RunReads& runs) {
    if (is_over_) return;
    if (sent_ == pending_.size()) {
      auto piece = pieces_(runs);
      if (!piece) return stream_->close();
      pending_ = std::move(*piece);
      sent_ = 0;
    }
    while (sent_ < pending_.size()) {
      std::string part = pending_.substr(sent_, kPiece);
      const std::size_t size = part.size();
      if (!stream_->write(std::move(part))) return;  // on_writable comes back here
      sent_ += size;
    }
    schedule();  // behind the other downloads
  }

  // The stream's callbacks hold this object: letting go of them lets go of it.
  void finish() {
    is_over_ = true;
    stream_->on_writable({});
  }

  CallPtr call_;
  Pieces pieces_;
  std::shared_ptr<http::Stream> stream_;
  std::string pending_;
  std::size_t sent_ = 0;  // of it
  std::atomic<bool> is_over_ = false;
};

Pieces make_bytes(store::LogQuery query, std::optional<model::LogStream> only) {
  query.limit_bytes = kPiece;
  return [query, only](store::RunReads& runs) mutable -> std::optional<std::string> {
    const auto chunks = runs.log(query);
    if (chunks.empty()) return std::nullopt;
    std::string out;
    for (const store::StoredLogChunk& stored : chunks) {
      query.after_attempt = stored.attempt;
      query.after_seq = stored.chunk.seq;
      if (!only || stored.chunk.stream == *only) out += stored.chunk.bytes.bytes;
    }
    return out;
  };
}

enum class Times { left_out, shown };

// The lines of a filter as text, with "--" where lines are left out, as grep has it.
class LineWriter {
 public:
  LineWriter(LogFilter filter, Times times) : filter_(std::move(filter)), times_(times) {
    filter_.search.limit = store::kPageLimit;
    filter_.search.line_bytes = std::numeric_limits<std::size_t>::max();
    filter_.search.page_bytes = kPiece;
    filter_.search.patience = base::Duration{100};  // others want the reader too
  }

  std::optional<std::string> next(store::RunReads& runs) {
    if (is_complete_) return std::nullopt;
    auto page = load_filter_page(runs, filter_, place_);
    if (!page) throw std::logic_error(page.error().message);  // the pattern was checked before
    place_ = page->place;
    is_complete_ = page->is_complete;
    std::string out;
    for (const FilteredLine& each : page->items)
      write(each.line, out);
    return out;
  }

 private:
  void write(const store::LogLine& line, std::string& out) {
    const bool follows = line.attempt == last_.attempt && line.number == last_.line + 1;
    if (filter_.context > 0 && last_.line > 0 && !follows) out += "--\n";
    last_ = {line.attempt, line.number};
    if (times_ == Times::shown) out += base::format_instant(line.at) + " ";
    out += line.text.bytes;
    out += '\n';
  }

  LogFilter filter_;
  Times times_;
  FilterPlace place_;
  store::LinePlace last_;
  bool is_complete_ = false;
};

}  // namespace

void download_log(const CallPtr& call) {
  const auto run = find_run(*call, call->path(0));
  if (!run) return call->fail(run.error());
  const auto filter = query_filter(*call, run->summary.id);
  if (!filter) return call->fail(filter.error());
  const auto timestamps = call->query_flag("timestamps");
  if (!timestamps) return call->fail(timestamps.error());
  const store::LogSearch& search = filter->search;
  if (auto finder = store::LineFinder::make(search.pattern); !finder)
    return call->fail(at_parameter("q", finder.error()));
  Pieces pieces;
  if (search.pattern.text.empty() && !*timestamps) {
    pieces = make_bytes({.run_id = search.run_id, .attempt = search.attempt}, search.stream);
  } else {
    auto writer =
        std::make_shared<LineWriter>(*filter, *timestamps ? Times::shown : Times::left_out);
    pieces = [writer](store::RunReads& runs) { return writer->next(runs); };
  }
  std::make_shared<Download>(call, std::move(pieces))->start(search.run_id);
}

}  // namespace mainspring::api
