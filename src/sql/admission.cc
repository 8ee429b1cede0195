#include "sql/admission.h"

#include <fmt/core.h>

#include "model/interpolate.h"
#include "sql/moves.h"
#include "sql/pauses.h"

namespace mainspring::sql {
namespace {

using model::Ending;
using model::Overlap;
using model::RunState;

// One command settles at most this many, so that a commit stays short.
constexpr int kSettleBatch = 1'000;
// The key of a job that names none: its runs count together.
constexpr std::string_view kJobKey = "job:";

Admitted end_unstarted(Core& core, const LiveRun& run, const OccurrenceEnd& end) {
  end_occurrence(core, run, end);
  end_run(core, run, {model::Move::skip, end.detail, end.now});
  return Admitted::ended;
}

// ---- pause ---------------------------------------------------------------------------------

std::string describe_pause(const model::Pause& pause) {
  std::string out = "the job was paused";
  if (!pause.by.empty()) out += " by " + pause.by;
  out += " at " + base::format_instant(pause.at);
  return pause.note.empty() ? out : out + ": " + pause.note;
}

std::optional<Admitted> meet_pause(Core& core, const LiveRun& run, base::Instant now) {
  const JobRowPtr job = core.get_job(run.job);
  if (!job->pause) return std::nullopt;
  const std::string why = describe_pause(*job->pause);
  if (job->pause->meanwhile == model::Meanwhile::drop) {
    return end_unstarted(core, run, {Ending::skipped_paused, why, now});
  }
  if (core.live().count_held(run.job) >= store::kHeldRunsPerJob) {
    return end_unstarted(
        core, run,
        {Ending::skipped_paused,
         fmt::format("{}; {} fires wait already, as many as may", why, store::kHeldRunsPerJob),
         now});
  }
  set_hold(core, run, {now, Hold::paused, why});
  return Admitted::held;
}

// ---- dedupe, depth -------------------------------------------------------------------------

// The entry to remember when the run is accepted. A template that cannot be evaluated keeps no
// fire from running.
std::optional<DedupeEntry> dedupe_entry(Core& core, const LiveRun& run, base::Instant now) {
  const auto spec = core.load_spec(run.job, run.version);
  if (!spec->dedupe) return std::nullopt;
  auto key = evaluate_key(spec->dedupe->key, *spec, load_payload(core, run.id).params);
  if (!key || key->empty()) return std::nullopt;
  return DedupeEntry{std::move(*key), run.id, now + spec->dedupe->window};
}

bool is_full(Core& core, const LiveRun& run) {
  const QueueName queue{run.tenant, run.queue};
  const QueueGate* gate = core.live().ready().find_gate(queue);
  return gate != nullptr && gate->depth &&
         core.live().ready().counts(queue).waiting >= *gate->depth;
}

// ---- overlap -------------------------------------------------------------------------------

Admitted buffer(Core& core, const LiveRun& run, base::RunId behind, base::Instant now) {
  const std::string why = fmt::format("waits until {} has finished", behind.text());
  core.database().run(
      "UPDATE occurrences SET detail = ?4 WHERE schedule = ?1 AND at = ?2 AND run = ?3"
      " AND detail = ''",
      run.schedule, run.scheduled_at, run.id,
      fmt::format("waited until {} had finished", behind.text()));
  queue_run(core, run, {now, Hold::overlap, why});
  return Admitted::held;
}

Admitted buffer_one(Core& core, const LiveRun& run, base::RunId behind, base::Instant now) {
  const auto waiting = core.live().buffered(run.job);
  if (waiting.empty()) return buffer(core, run, behind, now);
  return end_unstarted(core, run,
                       {Ending::skipped_overlap,
                        fmt::format("{} waited already until {} had finished",
                                    waiting.front().text(), behind.text()),
                        now});
}

Admitted buffer_all(Core& core, const LiveRun& run, base::RunId behind, base::Instant now) {
  if (core.live().count_buffered(run.job) < store::kHeldRunsPerJob) {
    return buffer(core, run, behind, now);
  }
  return end_unstarted(core, run,
                       {Ending::skipped_overlap,
                        fmt::format("{} had not finished, and {} fires waited for that already, "
                                    "as many as may",
                                    behind.text(), store::kHeldRunsPerJob),
                        now});
}

// What waited is replaced; what is under way is stopped, and the run waits for its end.
Admitted stop_others(Core& core, const LiveRun& run, model::CancelMode mode, base::Instant now) {
  for (const base::RunId id : core.live().buffered(run.job)) {
    const LiveRun waiting = *core.live().find(id);
    end_unstarted(core, waiting,
                  {Ending::skipped_overlap, fmt::format("{} replaced it", run.id.text()), now});
  }
  const std::string why = fmt::format("{} of the same job came due", run.id.text());
  for (const base::RunId id : core.live().in_the_way(run.job)) {
    const LiveRun other = *core.live().find(id);
    cancel_run(core, other, {kOurselves, why, now, mode});
  }
  const auto behind = core.live().find_in_the_way(run.job, run.id);
  if (behind) return buffer(core, run, *behind, now);
  queue_run(core, run, {now});
  return Admitted::queued;
}

Admitted meet_overlap(Core& core, const LiveRun& run, base::Instant now) {
  const bool is_bound = run.overlap && *run.overlap != Overlap::allow && run.attempts == 0;
  const auto behind = is_bound ? core.live().find_in_the_way(run.job, run.id) : std::nullopt;
  if (!behind) {
    queue_run(core, run, {now});
    return Admitted::queued;
  }
  switch (*run.overlap) {
    case Overlap::buffer_one:
      return buffer_one(core, run, *behind, now);
    case Overlap::buffer_all:
      return buffer_all(core, run, *behind, now);
    case Overlap::cancel_other:
      return stop_others(core, run, model::CancelMode::ask, now);
    case Overlap::terminate_other:
      return stop_others(core, run, model::CancelMode::kill, now);
    default:
      return end_unstarted(
          core, run,
          {Ending::skipped_overlap, fmt::format("{} had not finished", behind->text()), now});
  }
}

// ---- limits --------------------------------------------------------------------------------

// "the concurrency key 'eu'"; a job's own limit has no key that anybody wrote.
std::string limit_words(const LiveRun& run) {
  if (run.limit.text.starts_with(kJobKey)) return "the job's concurrency limit";
  return fmt::format("the concurrency key '{}'", run.limit.text);
}

void meet_limit(Core& core, const ReadyRuns::Excess& excess, base::Instant now) {
  const LiveRun run = *core.live().find(excess.run);
  if (excess.is_cancel) {
    cancel_run(
        core, run,
        {kOurselves,
         fmt::format("another run came due, and {} allows {}", limit_words(run), run.limit.count),
         now});
    return;
  }
  std::string why = fmt::format("{} had {} attempt{} under way, as many as it may",
                                limit_words(run), run.limit.count, run.limit.count == 1 ? "" : "s");
  if (!excess.behind.is_nil()) why += ", the oldest of " + excess.behind.text();
  end_unstarted(core, run, {Ending::skipped_limit, why, now});
}

}  // namespace

Admitted admit(Core& core, const LiveRun& run, base::Instant now) {
  if (run.attempts > 0) return meet_overlap(core, run, now);  // a retry has been admitted
  if (run.overlap) {
    if (const auto met = meet_pause(core, run, now)) return *met;
  }
  const auto entry = run.schedule != 0 ? dedupe_entry(core, run, now) : std::nullopt;
  if (entry) {
    if (const auto first = find_duplicate(core, run.job, entry->key, now)) {
      return end_unstarted(
          core, run,
          {Ending::deduplicated,
           fmt::format("{} was accepted with the same dedupe key '{}'", first->text(), entry->key),
           now, first});
    }
  }
  if (run.schedule != 0 && is_full(core, run)) {
    return end_unstarted(
        core, run,
        {Ending::skipped_limit,
         fmt::format("queue '{}' held as many waiting runs as it may", run.queue), now});
  }
  const Admitted out = meet_overlap(core, run, now);
  if (entry && out != Admitted::ended) remember_key(core, run.job, *entry, now);
  return out;
}

void settle(Core& core, base::Instant now) {
  for (int moved = 0; moved < kSettleBatch; ++moved) {
    if (const auto next = core.live().find_releasable()) {
      set_hold(core, LiveRun{*core.live().find(*next)}, {now});
    } else if (const auto excess = core.live().ready().find_excess()) {
      meet_limit(core, *excess, now);
    } else {
      return;
    }
  }
}

// ---- what a job's spec says of a run -------------------------------------------------------

base::Result<std::string> evaluate_key(const std::string& text, const model::JobSpec& spec,
                                       const Params& params) {
  auto key = model::evaluate_key(text, model::key_facts(spec, params));
  if (key) return key;
  return base::fail(key.error().code, fmt::format("the key '{}' of job '{}' has no value: {}", text,
                                                  spec.name, key.error().message));
}

base::Result<void> describe(LiveRun& run, const JobRow& job, const model::JobSpec& spec,
                            const Params& params) {
  run.queue = spec.queue;
  run.needs = {spec.resources.slots, take_of(spec.resources), wish_of(spec.placement, job.key)};
  run.limit = {};
  if (!spec.concurrency) return {};
  std::string text = std::string(kJobKey) + job.id.text();
  if (!spec.concurrency->key.empty()) {
    auto key = evaluate_key(spec.concurrency->key, spec, params);
    if (!key) return base::fail(std::move(key.error()));
    text = std::move(*key);
  }
  if (!text.empty()) {
    run.limit = {std::move(text), spec.concurrency->limit, spec.concurrency->on_limit};
  }
  return {};
}

void describe_fire(LiveRun& run, const JobRow& job, const model::JobSpec& spec,
                   const Params& params) {
  if (describe(run, job, spec, params)) return;
  run.limit = {spec.concurrency->key, spec.concurrency->limit, spec.concurrency->on_limit};
}

// ---- dedupe windows ------------------------------------------------------------------------

std::optional<base::RunId> find_duplicate(Core& core, JobKey job, const std::string& key,
                                          base::Instant now) {
  Rows rows = core.database().query(
      "SELECT run FROM dedupe_keys WHERE job = ?1 AND key = ?2 AND until > ?3", job, key, now);
  if (!rows.next()) return std::nullopt;
  base::RunId run;
  rows.read(run);
  return run;
}

void remember_key(Core& core, JobKey job, const DedupeEntry& entry, base::Instant now) {
  // A few per insertion keep the table from growing.
  core.database().run(
      "DELETE FROM dedupe_keys WHERE (job, key) IN (SELECT job, key FROM dedupe_keys"
      " WHERE until <= ?1 ORDER BY until LIMIT 10)",
      now);
  core.database().run(
      "INSERT INTO dedupe_keys(job, key, run, until) VALUES (?1, ?2, ?3, ?4)"
      " ON CONFLICT(job, key) DO UPDATE SET run = excluded.run, until = excluded.until",
      job, entry.key, entry.run, entry.until);
}

}  // namespace mainspring::sql
