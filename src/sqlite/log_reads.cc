// Questions about the lines of logs.
#include "sqlite/reads.h"
#include "store/log_lines.h"

namespace mainspring::sqlite {
namespace {

using store::LogLine;
using store::Next;

// Bytes looked at for one answer of a search, some tenths of a second.
constexpr std::int64_t kSearchBytes = 128 << 20;

// What is stored of one attempt's log.
struct Extent {
  std::int64_t first_seq = 0;
  std::int64_t last_seq = 0;  // 0: nothing
  std::int64_t lines = 0;
};

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

Extent load_extent(Database& database, const Attempt& attempt) {
  Extent out;
  Rows first = database.query(
      "SELECT seq FROM log_chunks WHERE run = ?1 AND attempt = ?2 ORDER BY seq LIMIT 1",
      attempt.run, attempt.number);
  if (first.next()) first.read(out.first_seq);
  Rows last = database.query(
      "SELECT seq, coalesce(last_line, 0) FROM log_chunks WHERE run = ?1 AND attempt = ?2"
      " ORDER BY seq DESC LIMIT 1",
      attempt.run, attempt.number);
  if (last.next()) last.read(out.last_seq, out.lines);
  return out;
}

// The first chunk that the line has bytes in, or the first of all: sequence numbers have no gaps.
std::int64_t find_chunk(Database& database, const Attempt& attempt, std::int64_t line) {
  const Extent extent = load_extent(database, attempt);
  std::int64_t low = extent.first_seq;
  std::int64_t high = extent.last_seq;
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

// Feeds the log from a chunk on to `look` until that says stop; false when it did. `room`: bytes
// that may be read, less those that were.
bool walk(Database& database, const Attempt& attempt, std::int64_t from_seq, std::int64_t& room,
          const std::function<Next(const store::LineBlock&)>& look) {
  Rows rows = database.query(
      "SELECT seq, stream, at, bytes, coalesce(first_line, 1) FROM log_chunks"
      " WHERE run = ?1 AND attempt = ?2 AND seq >= ?3 ORDER BY seq",
      attempt.run, attempt.number, from_seq);
  std::optional<store::LineScanner> scanner;
  Next next = Next::go_on;
  const auto emit = [&](const store::LineBlock& block) {
    if (next == Next::go_on) next = look(block);
  };
  while (rows.next()) {
    model::LogChunk chunk;
    std::int64_t first_line = 1;
    rows.read(chunk.seq, chunk.stream, chunk.at, chunk.bytes, first_line);
    if (!scanner) scanner.emplace(first_line);
    scanner->feed(chunk, emit);
    room -= std::ssize(chunk.bytes.bytes);
    if (next == Next::stop || room <= 0) return false;
  }
  if (scanner) scanner->finish(emit);
  return next == Next::go_on;
}

LogLine make_line(const Attempt& attempt, const store::LineBlock& block,
                  const store::FoundLine& found) {
  LogLine line{.attempt = attempt.number,
               .number = found.number,
               .stream = block.stream,
               .at = block.at,
               .text = {std::string(found.text.substr(0, store::kLineShown))}};
  line.is_cut = found.text.size() > store::kLineShown;
  return line;
}

}  // namespace

std::vector<LogLine> SqlRunReads::lines(const store::LineQuery& query) {
  const auto attempts = attempts_with_log(database_, query.run_id, query.attempt);
  if (attempts.empty()) return {};
  const Attempt attempt{query.run_id, attempts.back()};
  std::int64_t from = query.from;
  if (query.last)
    from = std::max<std::int64_t>(1, load_extent(database_, attempt).lines - *query.last + 1);
  const auto limit = page_size(query.last.value_or(query.limit));
  std::vector<LogLine> out;
  std::int64_t room = kSearchBytes;
  const auto take = [&](const store::LineBlock& block) {
    return store::each_line(block, [&](const store::FoundLine& found) {
      if (found.number >= from) out.push_back(make_line(attempt, block, found));
      return std::ssize(out) < limit ? Next::go_on : Next::stop;
    });
  };
  walk(database_, attempt, find_chunk(database_, attempt, from), room, take);
  return out;
}

store::LogMatches SqlRunReads::search(const store::LogSearch& query) {
  store::LogMatches out;
  store::LineFinder finder(query.text, query.letters);
  const auto limit = page_size(query.limit);
  std::int64_t room = kSearchBytes;
  for (const int number : attempts_with_log(database_, query.run_id, query.attempt)) {
    if (number < query.after.attempt) continue;
    const Attempt attempt{query.run_id, number};
    const std::int64_t after = number == query.after.attempt ? query.after.line : 0;
    const auto look = [&](const store::LineBlock& block) {
      const Next next = finder.search(block, [&](const store::FoundLine& found) {
        if (found.number <= after) return Next::go_on;
        out.items.push_back(make_line(attempt, block, found));
        return std::ssize(out.items) < limit ? Next::go_on : Next::stop;
      });
      if (next == Next::go_on)
        out.looked_at = {number, block.first_line + std::ranges::count(block.text, '\n') - 1};
      return next;
    };
    if (walk(database_, attempt, find_chunk(database_, attempt, after + 1), room, look)) continue;
    if (std::ssize(out.items) >= limit) out.looked_at = {number, out.items.back().number};
    return out;
  }
  out.is_complete = true;
  return out;
}

}  // namespace mainspring::sqlite
