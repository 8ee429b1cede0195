#include "postgres/turns.h"

#include <cstring>
#include <random>
#include <thread>

#include <fmt/core.h>

#include "model/node.h"
#include "postgres/migrations.h"
#include "sql/json_column.h"

namespace mainspring::postgres {
namespace {

using Clock = std::chrono::steady_clock;
using sql::Rows;
using Purpose = sql::Database::Purpose;

// How long a writer whose COMMIT was not answered tries to find out what became of it.
constexpr std::chrono::seconds kDoubt{15};
constexpr std::chrono::milliseconds kDoubtPause{50};

constexpr std::chrono::seconds kBetweenMarks{20};

TurnId make_turn_id() {
  base::IdBytes out{};
  std::random_device device;
  for (std::size_t i = 0; i < out.size(); i += sizeof(std::uint32_t)) {
    const std::uint32_t word = device();
    std::memcpy(out.data() + i, &word, sizeof word);
  }
  return TurnId{out};
}

sql::Changes everything() {
  sql::Changes out;
  out.is_everything = true;
  return out;
}

// A node of a newer release may say what this one has no word for; then everything is read anew.
sql::Changes read_changes(const std::string& text) {
  try {
    return sql::from_column<sql::Changes>(text);
  } catch (const store::Unavailable&) {
    return everything();
  }
}

}  // namespace

// A node of a newer release may have changed the database meanwhile.
void PgTurns::require_known(std::int64_t needs) const {
  if (needs <= std::ssize(migrations())) return;
  throw store::Unavailable(base::Code::unavailable,
                           fmt::format("the database {} cannot be used by this node any more: {}",
                                       database_.address().shown, describe_need(needs)));
}

// Waits for the turn, and answers the last one that was committed.
PgTurns::Turn PgTurns::take() {
  own_ = {0, make_turn_id()};
  Rows rows = database_.query(
      "UPDATE writer_turn SET seq = seq + 1, before = turn, turn = ?1 WHERE one = 1"
      " RETURNING seq, before, CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint),"
      " needs",
      own_.id);
  TurnId before;
  std::int64_t theirs = 0;
  std::int64_t needs = 0;
  if (!rows.next()) {
    throw store::Unavailable(base::Code::unavailable,
                             "the row of the table mainspring.writer_turn is missing; restore a "
                             "backup of the database");
  }
  rows.read(own_.seq, before, theirs, needs);
  require_known(needs);
  check_clock(theirs);
  return {own_.seq - 1, before};
}

// A node whose times are off by more than is tolerated writes nothing: by its `now` it would end
// leases of others that are good, or give away such as have ended. What is less it does not correct
// either. `theirs` may be old by what its way here took; only a second look, whose round trip is
// known, says that it is the clock.
void PgTurns::check_clock(std::int64_t theirs) {
  const ClockOffset& clock = parts_.clock;
  if (std::chrono::abs(clock.left_of(clock.look(theirs))) <= model::kClockTolerance) return;
  const ClockOffset::Sample found = parts_.clock.measure([this] {
    Rows rows = database_.query(kAskClock);
    std::int64_t now = 0;
    if (rows.next()) rows.read(now);
    return now;
  });
  const auto left = clock.left_of(found.offset);
  if (std::chrono::abs(left) - found.round_trip / 2 <= model::kClockTolerance) return;
  const auto difference = std::chrono::duration_cast<base::Duration>(std::chrono::abs(left));
  throw store::Unavailable(
      base::Code::unavailable,
      fmt::format(
          "this node's clock is {} {} that of the database {}; the node writes nothing until it "
          "counts with that, or the clock is set right (chronyc tracking, timedatectl)",
          base::format_roughly(difference), left.count() < 0 ? "ahead of" : "behind",
          database_.address().shown));
}

PgTurns::Turn PgTurns::look() {
  Rows rows = database_.query("SELECT seq, turn, needs FROM writer_turn WHERE one = 1");
  Turn out;
  std::int64_t needs = 0;
  if (rows.next()) rows.read(out.seq, out.id, needs);
  require_known(needs);
  return out;
}

sql::Changes PgTurns::begin(Purpose purpose) {
  database_.begin(purpose);
  const Turn newest = purpose == Purpose::write ? take() : look();
  sql::Changes out = read_since(newest);
  seen_ = newest;
  parts_.last.learn(newest.seq);
  return out;
}

// What the turns after seen_ changed, up to `newest`.
sql::Changes PgTurns::read_since(const Turn& newest) {
  if (newest.seq == seen_.seq && newest.id == seen_.id) return {};
  if (newest.seq <= seen_.seq || seen_.seq < 0) return everything();
  // From the last one that is known: its row shows that the history is still the same.
  Rows rows = database_.query(
      "SELECT seq, turn, changes FROM turns WHERE seq >= ?1 AND seq <= ?2 ORDER BY seq", seen_.seq,
      newest.seq);
  sql::Changes out;
  std::int64_t expected = seen_.seq;
  while (rows.next()) {
    std::int64_t seq = 0;
    TurnId turn;
    std::string changes;
    rows.read(seq, turn, changes);
    if (seq != expected) return everything();
    if (seq == seen_.seq && turn != seen_.id) return everything();
    if (seq != seen_.seq) out.add(read_changes(changes));
    ++expected;
  }
  return expected == newest.seq + 1 ? out : everything();
}

void PgTurns::commit(const sql::Changes& own) {
  try {
    database_.run("INSERT INTO turns(seq, turn, changes) VALUES (?1, ?2, ?3)", own_.seq, own_.id,
                  sql::to_column(own));
    // Makes the others look at once; that they look at all does not depend on it.
    database_.run("SELECT pg_notify('mainspring_turns', CAST(?1 AS text))", own_.seq);
    trim();
    database_.commit();
  } catch (const ConnectionLost& problem) {
    settle_doubt(problem);
  }
  seen_ = own_;
  parts_.last.learn(own_.seq);
}

// Removes rows that everybody has read, or has to do without. By marks in time, so that no index
// over times is needed.
void PgTurns::trim() {
  const auto now = Clock::now();
  if (!marks_.empty() && now - marks_.back().at < kBetweenMarks) return;
  marks_.push_back({now, own_.seq});
  if (now - marks_.front().at < kKept) return;
  database_.run("DELETE FROM turns WHERE seq <= ?1", marks_.front().seq);
  marks_.pop_front();
}

// Whether the transaction under way was committed, as far as that can be found out.
std::optional<bool> PgTurns::find_outcome() {
  try {
    database_.begin(Purpose::write);
    // Waits for a transaction whose node is gone and which the server has not ended yet.
    database_.query("SELECT seq FROM writer_turn WHERE one = 1 FOR UPDATE").next();
    Rows rows =
        database_.query("SELECT 1 FROM turns WHERE seq = ?1 AND turn = ?2", own_.seq, own_.id);
    const bool is_there = rows.next();
    database_.roll_back();
    return is_there;
  } catch (const store::Unavailable&) {
    database_.roll_back();
    return std::nullopt;
  }
}

// Returns where the transaction was committed, and throws where it was not or nobody can say.
void PgTurns::settle_doubt(const store::Unavailable& problem) {
  const auto deadline = Clock::now() + kDoubt;
  database_.roll_back();
  while (Clock::now() < deadline) {
    const auto outcome = find_outcome();
    if (outcome && *outcome) return;
    if (outcome) throw store::Unavailable(problem);
    std::this_thread::sleep_for(kDoubtPause);
  }
  throw store::Unavailable(
      base::Code::unavailable,
      fmt::format("{}; whether the last changes were kept is not known, so look before you repeat "
                  "them",
                  problem.what()));
}

}  // namespace mainspring::postgres
