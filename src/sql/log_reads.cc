// Questions about the lines of logs.
#include <chrono>
#include <ranges>

#include "base/text.h"
#include "sql/reads.h"
#include "store/log_lines.h"

namespace mainspring::sql {
namespace {

using store::LogExtent;
using store::LogLine;
using store::Next;

// A search backwards goes by stretches of so many lines; the first is short, for a near match.
constexpr std::int64_t kFirstStretch = 1'000;
constexpr std::int64_t kLongestStretch = 64'000;

struct Attempt {
  base::RunId run;
  int number = 1;
};

std::vector<int> attempts_with_log(Database& database, base::RunId run, std::optional<int> only) {
  if (only) return {*only};
  std::vector<int> out;
  // One look-up per attempt: the index has an entry per chunk.
  for (int attempt = 0;;) {
    Rows rows = database.query(
        "SELECT attempt FROM log_chunks WHERE run = ?1 AND attempt > ?2"
        " ORDER BY attempt LIMIT 1",
        run, attempt);
    if (!rows.next()) return out;
    rows.read(attempt);
    out.push_back(attempt);
  }
}

// The chunks of one attempt, from the first to the last.
struct Stored {
  LogExtent extent;
  std::int64_t first_seq = 0;
  std::int64_t last_seq = 0;  // 0: nothing
};

// For what a version before schema 3 wrote: the last number is found by reading it all.
std::int64_t count_lines(Database& database, const Attempt& attempt) {
  Rows rows = database.walk(
      "SELECT seq, stream, at, bytes FROM log_chunks WHERE run = ?1 AND attempt = ?2 ORDER BY seq",
      attempt.run, attempt.number);
  std::int64_t lines = 0;
  const auto note = [&lines](const store::LineBlock& block) { lines = block.last_line; };
  store::LineScanner scanner(1);
  while (rows.next()) {
    model::LogChunk chunk;
    rows.read(chunk.seq, chunk.stream, chunk.at, chunk.bytes);
    scanner.feed(chunk, note);
  }
  scanner.finish(note);
  return lines;
}

Stored load_stored(Database& database, const Attempt& attempt) {
  Stored out{.extent = {.attempt = attempt.number, .first_at = {}, .last_at = {}}};
  Rows first = database.query(
      "SELECT seq, at FROM log_chunks WHERE run = ?1 AND attempt = ?2 ORDER BY seq LIMIT 1",
      attempt.run, attempt.number);
  if (first.next()) first.read(out.first_seq, out.extent.first_at);
  Rows last = database.query(
      "SELECT seq, at, last_line, coalesce(is_open, 0) FROM log_chunks"
      " WHERE run = ?1 AND attempt = ?2 ORDER BY seq DESC LIMIT 1",
      attempt.run, attempt.number);
  if (!last.next()) return out;
  std::optional<std::int64_t> lines;
  last.read(out.last_seq, out.extent.last_at, lines, out.extent.is_open);
  out.extent.lines = lines ? *lines : count_lines(database, attempt);
  return out;
}

// The first chunk that the line has bytes in, or the first of all: sequence numbers have no gaps.
std::int64_t find_chunk(Database& database, const Attempt& attempt, std::int64_t line) {
  const Stored stored = load_stored(database, attempt);
  std::int64_t low = stored.first_seq;
  std::int64_t high = stored.last_seq;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    Rows rows = database.query(
        "SELECT coalesce(last_line, 9223372036854775807) FROM log_chunks"
        " WHERE run = ?1 AND attempt = ?2 AND seq = ?3",
        attempt.run, attempt.number, middle);
    std::int64_t last_line = 0;
    if (rows.next()) rows.read(last_line);
    if (last_line >= line)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

LogLine make_line(const Attempt& attempt, const store::LineBlock& block,
                  const store::FoundLine& found, std::size_t line_bytes) {
  const std::size_t shown = base::cut_utf8(found.text, line_bytes);
  return {.attempt = attempt.number,
          .number = found.number,
          .stream = block.stream,
          .at = block.at,
          .text = {std::string(found.text.substr(0, shown))},
          .length = std::ssize(found.text)};
}

// Feeds the log from a line's first chunk on to `look` until that says stop; says whether it did.
Next walk(Database& database, const Attempt& attempt, std::int64_t from_line,
          const std::function<Next(const store::LineBlock&)>& look) {
  Rows rows = database.walk(
      "SELECT seq, stream, at, bytes, coalesce(first_line, 1) FROM log_chunks"
      " WHERE run = ?1 AND attempt = ?2 AND seq >= ?3 ORDER BY seq",
      attempt.run, attempt.number, find_chunk(database, attempt, from_line));
  std::optional<store::LineScanner> scanner;
  Next next = Next::go_on;
  const auto emit = [&](const store::LineBlock& block) {
    if (next == Next::go_on) next = look(block);
  };
  while (next == Next::go_on && rows.next()) {
    model::LogChunk chunk;
    std::int64_t first_line = 1;
    rows.read(chunk.seq, chunk.stream, chunk.at, chunk.bytes, first_line);
    if (!scanner) scanner.emplace(first_line);
    scanner->feed(chunk, emit);
  }
  if (scanner) scanner->finish(emit);
  return next;
}

// One answer of a search.
class Search {
 public:
  Search(Database& database, const store::LogSearch& query, const store::LineFinder& finder)
      : database_(database), query_(query), finder_(finder), began_at_(Clock::now()) {}

  store::LogMatches run() {
    const bool is_forward = query_.order == store::LogOrder::forward;
    auto attempts = attempts_with_log(database_, query_.run_id, query_.attempt);
    if (!is_forward) std::ranges::reverse(attempts);
    for (const int number : attempts) {
      const int reached = query_.after ? query_.after->attempt : number;
      if (is_forward ? number < reached : number > reached) continue;
      const Attempt attempt{query_.run_id, number};
      const Next next = is_forward ? go_forward(attempt) : go_backward(attempt);
      if (next == Next::stop) return std::move(out_);
    }
    out_.is_complete = true;
    return std::move(out_);
  }

 private:
  using Clock = std::chrono::steady_clock;

  struct Stretch {
    std::int64_t from = 1;
    std::int64_t to = 1;
  };

  bool is_late() const { return query_.patience && Clock::now() - began_at_ >= *query_.patience; }
  bool is_full() const {
    return query_.limit > 0 &&
           (std::ssize(out_.items) >= query_.limit || bytes_ >= query_.page_bytes);
  }

  // Gives each matching line of the stretch that lies in the block to `take`.
  Next look(const store::LineBlock& block, Stretch lines,
            const std::function<Next(const store::FoundLine&)>& take) const {
    if (query_.stream && block.stream != *query_.stream) return Next::go_on;
    return finder_.search(block, [&](const store::FoundLine& found) {
      const bool is_wanted = found.number >= lines.from && found.number <= lines.to;
      return is_wanted ? take(found) : Next::go_on;
    });
  }

  Next go_forward(const Attempt& attempt);
  Next go_backward(const Attempt& attempt);
  std::vector<LogLine> last_matches(const Attempt& attempt, Stretch lines);

  Database& database_;
  const store::LogSearch& query_;
  const store::LineFinder& finder_;
  Clock::time_point began_at_;
  store::LogMatches out_;
  std::int64_t bytes_ = 0;
};

Next Search::go_forward(const Attempt& attempt) {
  const LogExtent extent = load_stored(database_, attempt).extent;
  const std::int64_t looked_at =
      query_.after && query_.after->attempt == attempt.number ? query_.after->line : 0;
  const Stretch lines{std::max(query_.from, looked_at + 1),
                      std::min(query_.to.value_or(extent.lines), extent.lines)};
  if (lines.from > lines.to) return Next::go_on;
  bool is_past = false;
  const Next next = walk(database_, attempt, lines.from, [&](const store::LineBlock& block) {
    if (block.last_line < lines.from) return Next::go_on;
    const Next looked = look(block, lines, [&](const store::FoundLine& found) {
      ++out_.count;
      if (query_.limit == 0) return Next::go_on;
      out_.items.push_back(make_line(attempt, block, found, query_.line_bytes));
      bytes_ += std::ssize(out_.items.back().text.bytes);
      return is_full() ? Next::stop : Next::go_on;
    });
    is_past = looked == Next::go_on && block.last_line >= lines.to;
    out_.looked_at = {attempt.number, looked == Next::stop ? out_.items.back().number
                                                           : std::min(block.last_line, lines.to)};
    return looked == Next::stop || is_past || is_late() ? Next::stop : Next::go_on;
  });
  if (next == Next::stop && !is_past) return Next::stop;
  const bool is_unsettled = extent.is_open && lines.to == extent.lines;
  out_.looked_at = {attempt.number, lines.to - (is_unsettled ? 1 : 0)};
  return Next::go_on;
}

// The last matching lines of a stretch, as many as the answer has room for; newest last.
std::vector<LogLine> Search::last_matches(const Attempt& attempt, Stretch lines) {
  const auto room = query_.limit - std::ssize(out_.items);
  std::vector<LogLine> found_lines;
  walk(database_, attempt, lines.from, [&](const store::LineBlock& block) {
    look(block, lines, [&](const store::FoundLine& found) {
      ++out_.count;
      if (query_.limit == 0) return Next::go_on;
      if (std::ssize(found_lines) == room) found_lines.erase(found_lines.begin());
      found_lines.push_back(make_line(attempt, block, found, query_.line_bytes));
      return Next::go_on;
    });
    return block.last_line < lines.to ? Next::go_on : Next::stop;
  });
  return found_lines;
}

Next Search::go_backward(const Attempt& attempt) {
  const LogExtent extent = load_stored(database_, attempt).extent;
  std::int64_t to = std::min(query_.to.value_or(extent.lines), extent.lines);
  if (query_.after && query_.after->attempt == attempt.number)
    to = std::min(to, query_.after->line - 1);
  for (std::int64_t length = kFirstStretch; to >= query_.from;
       length = std::min(2 * length, kLongestStretch)) {
    const Stretch lines{std::max(query_.from, to - length + 1), to};
    for (LogLine& line : last_matches(attempt, lines) | std::views::reverse) {
      bytes_ += std::ssize(line.text.bytes);
      out_.items.push_back(std::move(line));
    }
    out_.looked_at = {attempt.number, lines.from};
    if (is_full()) {
      out_.looked_at.line = out_.items.back().number;
      return Next::stop;
    }
    to = lines.from - 1;
    if (is_late() && to >= query_.from) return Next::stop;
  }
  return Next::go_on;
}

}  // namespace

std::vector<LogExtent> SqlRunReads::log_extents(base::RunId id) {
  const Snapshot snapshot(database_);
  std::vector<LogExtent> out;
  for (const int number : attempts_with_log(database_, id, std::nullopt))
    out.push_back(load_stored(database_, {id, number}).extent);
  return out;
}

store::LogLines SqlRunReads::lines(const store::LineQuery& query) {
  const Snapshot snapshot(database_);
  const auto attempts = attempts_with_log(database_, query.run_id, query.attempt);
  if (attempts.empty()) return {};
  const Attempt attempt{query.run_id, attempts.back()};
  store::LogLines out{.extent = load_stored(database_, attempt).extent, .items = {}};
  std::int64_t from = query.from;
  if (query.last) from = std::max<std::int64_t>(1, out.extent.lines - *query.last + 1);
  if (from > out.extent.lines) return out;
  const auto limit = page_size(query.last.value_or(query.limit));
  walk(database_, attempt, from, [&](const store::LineBlock& block) {
    return store::each_line(block, [&](const store::FoundLine& found) {
      if (found.number < from) return Next::go_on;
      out.items.push_back(make_line(attempt, block, found, query.line_bytes));
      return std::ssize(out.items) < limit ? Next::go_on : Next::stop;
    });
  });
  return out;
}

base::Result<store::LogMatches> SqlRunReads::search(const store::LogSearch& query) {
  const auto finder = store::LineFinder::make(query.pattern);
  if (!finder) return base::fail(finder.error());
  const Snapshot snapshot(database_);
  return Search(database_, query, *finder).run();
}

}  // namespace mainspring::sql
