// What keeps a run from starting: asked of the tables as they are, in the order in which admission
// and claims ask. Every list stops after kObstacleRuns, every count after kCountLimit rows.
#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "sql/json_column.h"
#include "sql/placing.h"
#include "sql/queue_row.h"
#include "sql/reads.h"

namespace mainspring::sql {
namespace {

using model::Obstacle;
using model::ObstacleKind;
using model::RunState;

constexpr std::int64_t kCountLimit = 20'000;

// The run as the questions need it.
struct Waiting {
  base::RunId id;
  TenantKey tenant = 0;
  JobKey job = 0;
  RunState state = RunState::scheduled;
  Hold hold = Hold::none;
  bool is_bound = false;  // by the pause of its job
  std::string queue;
  Needs needs;
  Limit limit;
  std::optional<model::Pause> pause;  // of its job
  int priority = 0;
  base::Instant due_at;
};

std::optional<Waiting> find_waiting(Database& database, TenantKey tenant, base::RunId id) {
  Rows rows = database.query(
      "SELECT r.job, r.state, r.hold, r.overlap IS NOT NULL AND r.attempts = 0, r.queue, r.slots,"
      " r.takes, r.placement, coalesce(r.key_text, ''), coalesce(r.key_limit, 0), j.pause, "
      "r.priority,"
      " r.due_at FROM runs_live AS r CROSS JOIN jobs AS j ON j.key = r.job"
      " WHERE r.tenant = ?1 AND r.id = ?2 AND r.state IN (0, 1)",
      tenant, id);
  if (!rows.next()) return std::nullopt;
  Waiting run;
  run.id = id;
  run.tenant = tenant;
  std::optional<std::string> takes;
  std::optional<std::string> placement;
  std::optional<std::string> pause;
  rows.read(run.job, run.state, run.hold, run.is_bound, run.queue, run.needs.slots, takes,
            placement, run.limit.text, run.limit.count, pause, run.priority, run.due_at);
  if (takes) run.needs.take = take_of(from_column<model::WorkerResources>(*takes));
  if (placement) run.needs.wish = wish_of(from_column<model::PlacementSpec>(*placement), run.job);
  if (pause) run.pause = from_column<model::Pause>(*pause);
  return run;
}

void add_ids(Rows rows, Obstacle& out) {
  while (rows.next() && out.runs.size() < model::kObstacleRuns)
    rows.read(out.runs.emplace_back());
}

std::string words_of(const model::Pause& pause) {
  std::string out = "paused";
  if (!pause.by.empty()) out += " by " + pause.by;
  out += " at " + base::format_instant(pause.at);
  return pause.note.empty() ? out : out + ": " + pause.note;
}

// What the workers are for a run.
struct Choice {
  std::int64_t online = 0;  // that take runs now
  std::vector<const WorkerRow*> fitting;
  const WorkerRow* nearest = nullptr;  // of those online
  std::vector<std::string> lacks;      // everything that the nearest does
  const WorkerRow* absent = nullptr;   // it would fit, and takes nothing now
};

std::string_view absence_of(const WorkerRow& worker) {
  if (worker.state == model::WorkerState::offline) return "offline";
  const bool is_draining = worker.state == model::WorkerState::draining || worker.drain_until;
  return is_draining ? "draining" : "cordoned";
}

std::string words_of(const Choice& choice) {
  const std::vector<std::string_view> lacks(choice.lacks.begin(), choice.lacks.end());
  const std::string words = base::join_words(lacks, " and ");
  std::string out =
      choice.online == 1
          ? fmt::format("the only worker online, {}, lacks {}", choice.nearest->name, words)
          : fmt::format("none of the {} workers online may take it; the nearest, {}, lacks {}",
                        choice.online, choice.nearest->name, words);
  if (choice.absent != nullptr) {
    out += fmt::format("; {}, which is {}, could", choice.absent->name, absence_of(*choice.absent));
  }
  return out;
}

class Search {
 public:
  Search(Database& database, const LiveCounts& counts, const Waiting& run, base::Instant now)
      : database_(database), counts_(counts), run_(run), now_(now) {}

  std::vector<Obstacle> run() {
    if (run_.state == RunState::scheduled) {
      if (run_.hold != Hold::paused) ask_due();
      ask_pause();
      return std::move(found_);
    }
    if (run_.hold == Hold::overlap) ask_overlap();
    ask_key();
    ask_queue();
    ask_workers();
    return std::move(found_);
  }

 private:
  Obstacle& add(ObstacleKind kind) {
    found_.emplace_back().kind = kind;
    return found_.back();
  }

  void ask_due() {
    if (run_.due_at <= now_) return;
    Obstacle& out = add(ObstacleKind::not_due);
    out.until = run_.due_at;
    if (run_.hold == Hold::debounce) out.note = "later submissions may still move it";
  }

  void ask_pause() {
    if (!run_.pause || !run_.is_bound) return;
    Obstacle& out = add(ObstacleKind::job_paused);
    out.until = run_.pause->until;
    out.note = words_of(*run_.pause);
  }

  void ask_overlap() {
    Obstacle& out = add(ObstacleKind::overlap);
    add_ids(database_.query("SELECT id FROM runs_live WHERE job = ?1 AND id != ?2 AND hold != 2"
                            " AND (state IN (1, 2, 3) OR attempts > 0) ORDER BY id LIMIT 10",
                            run_.job, run_.id),
            out);
    Rows rows = database_.query(
        "SELECT count(*) FROM (SELECT due_at, id, hold FROM runs_live WHERE job = ?1 LIMIT ?4)"
        " AS the_first WHERE hold = 2 AND (due_at, id) < (?2, ?3)",
        run_.job, run_.due_at, run_.id, kCountLimit);
    if (rows.next()) rows.read(out.ahead);
  }

  // Attempts under way are few: as many as there are slots.
  void ask_key() {
    if (run_.limit.text.empty()) return;
    Rows rows = database_.query(
        "SELECT count(*) FROM runs_live WHERE tenant = ?1 AND state = 2 AND key_text = ?2",
        run_.tenant, run_.limit.text);
    std::int64_t running = 0;
    if (rows.next()) rows.read(running);
    if (running < run_.limit.count) return;
    Obstacle& out = add(ObstacleKind::concurrency);
    out.key = run_.limit.text;
    out.limit = run_.limit.count;
    add_ids(
        database_.query("SELECT id FROM runs_live WHERE tenant = ?1 AND state = 2 AND key_text = ?2"
                        " ORDER BY id LIMIT 10",
                        run_.tenant, run_.limit.text),
        out);
  }

  void ask_queue() {
    const QueueName name{run_.tenant, run_.queue};
    const auto row = find_queue(database_, name);
    if (!row) return;
    if (row->pause) {
      Obstacle& out = add(ObstacleKind::queue_paused);
      out.key = run_.queue;
      out.until = row->pause->until;
      out.note = words_of(*row->pause);
    }
    const auto counts = counts_.of_queue(name);
    if (row->spec.limit && counts && counts->running >= *row->spec.limit) {
      Obstacle& out = add(ObstacleKind::queue_limit);
      out.key = run_.queue;
      out.limit = *row->spec.limit;
      add_ids(
          database_.query("SELECT id FROM runs_live WHERE tenant = ?1 AND state = 2 AND queue = ?2"
                          " ORDER BY id LIMIT 10",
                          run_.tenant, run_.queue),
          out);
    }
    const QueueGate gate = refilled(gate_of(*row), now_);
    if (has_token(gate)) return;
    Obstacle& out = add(ObstacleKind::queue_rate);
    out.key = run_.queue;
    out.limit = gate.rate->count;
    out.until = next_token_at(gate);
  }

  std::vector<WorkerRow> load_workers() {
    std::vector<WorkerRow> out;
    Rows rows = database_.query(
        "SELECT key, id, name, state, slots, labels, resources, remote, cordoned, drain_until"
        " FROM workers WHERE removed_at IS NULL");
    while (rows.next())
      out.push_back(read_worker(rows));
    std::ranges::sort(out, {}, &WorkerRow::key);
    return out;
  }

  void ask_workers() {
    const std::vector<WorkerRow> workers = load_workers();
    Choice choice;
    for (const WorkerRow& worker : workers) {
      std::vector<std::string> lacks = misfits(run_.needs, worker);
      if (!worker.takes_runs()) {
        if (lacks.empty()) choice.absent = &worker;
        continue;
      }
      ++choice.online;
      if (lacks.empty()) choice.fitting.push_back(&worker);
      if (choice.nearest == nullptr || lacks.size() < choice.lacks.size()) {
        choice.nearest = &worker;
        choice.lacks = std::move(lacks);
      }
    }
    if (choice.online == 0) {
      add(ObstacleKind::no_worker);
    } else if (choice.fitting.empty()) {
      add(ObstacleKind::placement).note = words_of(choice);
    } else {
      ask_room(choice.fitting);
    }
  }

  // What the workers that fit are short of: slots, unless one has slots and lacks something else.
  void ask_room(const std::vector<const WorkerRow*>& fitting) {
    std::int64_t slots = 0;
    std::string_view lacking = "slots";
    for (const WorkerRow* worker : fitting) {
      slots += worker->slots;
      const std::string_view scarcity = scarce(run_.needs, *worker, counts_.use_of(worker->key));
      if (scarcity.empty()) return;
      if (scarcity != "slots") lacking = scarcity;
    }
    Obstacle& out = add(lacking == "slots" ? ObstacleKind::slots : ObstacleKind::resources);
    if (out.kind == ObstacleKind::slots) {
      out.limit = slots;
    } else {
      out.key = lacking;
    }
    count_ahead(out);
  }

  void count_ahead(Obstacle& out) {
    Rows rows = database_.query(
        "SELECT id FROM (SELECT id, state, hold, priority, due_at FROM runs_live"
        " WHERE tenant = ?1 LIMIT ?5) AS the_first WHERE state = 1 AND hold = 0"
        " AND (-priority, due_at, id) < (?2, ?3, ?4)",
        run_.tenant, -run_.priority, run_.due_at, run_.id, kCountLimit);
    while (rows.next()) {
      base::RunId id;
      rows.read(id);
      ++out.ahead;
      if (out.runs.size() < model::kObstacleRuns) out.runs.push_back(id);
    }
  }

  Database& database_;
  const LiveCounts& counts_;
  const Waiting& run_;
  base::Instant now_;
  std::vector<Obstacle> found_;
};

}  // namespace

std::vector<Obstacle> SqlRunReads::obstacles(std::string_view tenant, base::RunId id,
                                             base::Instant now) {
  const Snapshot snapshot(database_);
  const auto key = find_tenant(database_, tenant);
  if (!key) return {};
  const auto run = find_waiting(database_, *key, id);
  return run ? Search(database_, counts_, *run, now).run() : std::vector<Obstacle>{};
}

}  // namespace mainspring::sql
