#include <algorithm>
#include <sstream>
#include <stdexcept>

#include <fmt/core.h>

#include "json/codec.h"
#include "model/codecs.h"
#include "plan/obstacle_words.h"
#include "plan/shadow.h"
#include "scenarios/directory.h"
#include "scenarios/script.h"
#include "scenarios/world.h"

namespace mainspring::scenarios {
namespace {

std::vector<std::string> split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + separator.size(), text.size()));
  }
  return parts;
}

base::Duration parse_span(const std::string& text) {
  const auto span = base::parse_duration(text);
  if (!span) throw std::runtime_error(base::to_text(span.error()));
  return *span;
}

// "01-05 09:10", with the seconds and milliseconds only where there are any.
std::string short_time(std::string_view text) {
  std::string out = fmt::format("{} {}", text.substr(5, 5), text.substr(11, 12));
  for (const std::string_view zeros : {"Z", ".000", ":00"})
    if (out.ends_with(zeros)) out.resize(out.size() - zeros.size());
  return out;
}

std::string show(base::Instant at) { return short_time(base::format_instant(at)); }

class Player {
 public:
  explicit Player(const Script& script) : script_(script), world_(home_.path(), script.start) {
    if (script.slots > 0) world_.add_worker(script.slots);
  }

  void restart_every(int steps) {
    world_.between_steps = [this, steps, count = 0]() mutable {
      if (++count % steps == 0) world_.restart();
    };
  }

  std::vector<Section> run() {
    for (const Step& step : script_.steps) {
      world_.run_until(step.at);
      try {
        act(step);
      } catch (const std::exception& problem) {
        throw std::runtime_error(fmt::format("line {}: {}", step.line, problem.what()));
      }
      world_.run_until(step.at);
    }
    number_runs();
    std::vector<Section> out;
    for (const Section& section : script_.expected)
      out.push_back({section.heading, with_names(show_section(section.heading))});
    return out;
  }

 private:
  // ---- acting --------------------------------------------------------------------------------

  // "4 cpu=8 memory=16GiB gpus=1 zone=eu": slots, what it has, and labels.
  void add_worker(const std::string& rest) {
    std::istringstream in(rest);
    int slots = 1;
    in >> slots;
    model::Labels labels;
    model::WorkerResources has;
    for (std::string word; in >> word;) {
      const std::string key = word.substr(0, word.find('='));
      const std::string value = word.substr(std::min(key.size() + 1, word.size()));
      if (key == "cpu") {
        has.cpu = std::stod(value);
      } else if (key == "memory") {
        has.memory_bytes = model::parse_size(value).value();
      } else if (key == "gpus") {
        has.gpus = std::stoi(value);
      } else {
        labels[key] = value;
      }
    }
    world_.add_worker(slots, std::move(labels), has);
  }

  void act(const Step& step) {
    if (step.verb == "apply") return note(world_.apply_manifest(step.body));
    if (step.verb == "work") return set_work(step.rest);
    if (step.verb == "run") return submit(step.rest);
    if (step.verb == "pause") return pause(step.rest);
    if (step.verb == "resume") return resume(step.rest);
    if (step.verb == "delete") return remove(step.rest);
    if (step.verb == "cancel") return cancel(step.rest);
    if (step.verb == "ping") return ping(step.rest);
    if (step.verb == "backfill") return backfill(step.rest);
    if (step.verb == "cancel-backfill") return cancel_backfill();
    if (step.verb == "pause-queue") return pause_queue(step.rest, model::Pause{});
    if (step.verb == "resume-queue") return pause_queue(step.rest, std::nullopt);
    if (step.verb == "restart") return world_.restart();
    if (step.verb == "worker") return add_worker(step.rest);
    if (step.verb == "down")
      return world_.be_down(world_.now() + parse_span(split(step.rest, " ").back()));
    if (step.verb != "end") throw std::runtime_error("there is no verb " + step.verb);
  }

  template <class T>
  void note(const base::Result<T>& result) {
    if (!result) refused_ += fmt::format("{} {}\n", show(world_.now()), result.error().message);
  }

  // "backup takes 15m, fails 3, stops in 5s"
  void set_work(const std::string& text) {
    Work work;
    const auto parts = split(text, ", ");
    const auto words = split(parts.at(0), " ");
    work.takes = parse_span(words.at(2));
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const auto more = split(parts[i], " ");
      if (more.at(0) == "stops") work.takes_to_stop = parse_span(more.at(2));
      if (more.at(0) != "fails") continue;
      work.outcome.status = model::OutcomeStatus::failed;
      work.outcome.exit_code = std::stoi(more.at(1));
    }
    world_.set_work(words.at(0), work);
  }

  // "backup region=eu"
  void submit(const std::string& text) {
    auto words = split(text, " ");
    std::map<std::string, json::Value> params;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::size_t sign = words[i].find('=');
      params.emplace(words[i].substr(0, sign), json::Value(words[i].substr(sign + 1)));
    }
    note(world_.submit(words.at(0), params));
  }

  // "backup for 2h hold: moving house"
  void resume(const std::string& job) {
    const base::JobId id = world_.job(job).id;
    note(
        world_.apply(store::ResumeJob{world_.tenant, id, "ada", world_.now(), world_.settled(id)}));
  }

  void remove(const std::string& job) {
    const base::JobId id = world_.job(job).id;
    note(world_.apply(
        store::DeleteJob{world_.tenant, id, {}, "ada", world_.now(), world_.settled(id)}));
  }

  void pause(const std::string& text) {
    const std::size_t colon = text.find(": ");
    const auto words = split(std::string_view(text).substr(0, colon), " ");
    store::PauseJob command{world_.tenant, world_.job(words.at(0)).id, "", "ada", world_.now()};
    command.settle = world_.settled(command.job_id);
    if (colon != std::string::npos) command.note = text.substr(colon + 2);
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i] == "hold") command.meanwhile = model::Meanwhile::hold;
      if (words[i] == "for") command.until = world_.now() + parse_span(words.at(i + 1));
    }
    note(world_.apply(std::move(command)));
  }

  void pause_queue(const std::string& queue, std::optional<model::Pause> pause) {
    if (pause) *pause = {"ada", "", world_.now(), std::nullopt, model::Meanwhile::drop};
    note(world_.apply(store::PauseQueue{world_.tenant, queue, pause, "ada", world_.now()}));
  }

  // "backup fails 3": a real run by another scheduler.
  void ping(const std::string& text) {
    const auto words = split(text, " ");
    const int code = words.size() > 2 ? std::stoi(words[2]) : 0;
    note(world_.apply(store::RecordPing{world_.tenant, world_.job(words.at(0)).id, world_.now(),
                                        world_.now(), code, "", world_.now()}));
  }

  // "backup: no longer needed": the job's oldest run that has not ended.
  void cancel(const std::string& text) {
    const std::size_t colon = std::min(text.find(": "), text.size());
    const std::string job = text.substr(0, colon);
    for (const model::Run& run : world_.runs()) {
      if (run.summary.job != job || model::is_final(run.summary.state)) continue;
      if (run.summary.due_at > world_.now()) continue;
      return note(world_.apply(store::CancelRun{world_.tenant, run.summary.id, "ada",
                                                text.substr(std::min(colon + 2, text.size())),
                                                world_.now()}));
    }
    throw std::runtime_error("no run of " + job + " is under way");
  }

  // "backup from 2026-01-05T08:00:00Z until 2026-01-05T09:00:00Z overlap allow"
  void backfill(const std::string& text) {
    const auto words = split(text, " ");
    model::BackfillSpec wish;
    wish.job_id = world_.job(words.at(0)).id;
    for (std::size_t i = 1; i < words.size(); i += 2) {
      const std::string& value = words.at(i + 1);
      if (words[i] == "from") wish.from = base::parse_instant(value).value();
      if (words[i] == "until") wish.until = base::parse_instant(value).value();
      if (words[i] == "overlap") wish.overlap = json::parse_enum<model::Overlap>(value).value();
    }
    world_.start_upkeep();
    model::OperationSpec spec{model::OperationKind::backfill, std::nullopt, std::move(wish), ""};
    const auto id = world_.fresh<base::OperationId>();
    names_[id.text()] = "the backfill";
    note(world_.apply(
        store::StartOperation{id, world_.tenant, std::move(spec), "ada", world_.now()}));
  }

  // Those under way.
  void cancel_backfill() {
    for (const store::OpenOperation& open : world_.reads().operations().open())
      note(world_.apply(
          store::CancelOperation{world_.tenant, open.operation.id, "ada", world_.now()}));
  }

  // ---- showing -------------------------------------------------------------------------------

  // In the order in which they were due or asked for; what is still ahead has no number.
  void number_runs() {
    runs_ = world_.runs();
    std::erase_if(runs_, [&](const model::Run& run) {
      return run.summary.state == model::RunState::scheduled && run.summary.attempts == 0 &&
             run.summary.due_at > world_.now();
    });
    std::ranges::sort(runs_, {}, [](const model::Run& run) {
      return std::tuple(run.summary.scheduled_at, run.summary.job, run.summary.id);
    });
    for (std::size_t i = 0; i < runs_.size(); ++i)
      names_[runs_[i].summary.id.text()] = fmt::format("run {}", i + 1);
  }

  std::string with_names(std::string text) const {
    for (const auto& [id, name] : names_)
      for (auto at = text.find(id); at != std::string::npos; at = text.find(id))
        text.replace(at, id.size(), name);
    return text;
  }

  std::string show_section(const std::string& heading) {
    const auto words = split(heading, " ");
    if (words.at(0) == "ledger") return show_ledger(words.at(1));
    if (words.at(0) == "runs") return show_runs();
    if (words.at(0) == "places") return show_places();
    if (words.at(0) == "why") return show_why(words.at(1));
    if (words.at(0) == "shadow") return show_shadow(words.at(1));
    if (words.at(0) == "events") return show_events(words.size() > 1 ? words[1] : "");
    if (words.at(0) == "backfills") return show_backfills();
    if (words.at(0) == "refused") return refused_;
    throw std::runtime_error("there is no section " + heading);
  }

  std::string show_ledger(const std::string& job) {
    std::string out;
    for (const model::Occurrence& entry : world_.ledger(world_.job_id(job))) {
      if (!entry.ending && entry.at > world_.now()) continue;
      out += short_time(entry.local);
      if (entry.through) out += fmt::format(" to {} ({})", show(*entry.through), entry.count);
      out += fmt::format(" {}", entry.ending ? json::to_text(*entry.ending) : "waits");
      if (entry.run_id) out += " " + entry.run_id->text();
      if (!entry.detail.empty()) out += ": " + entry.detail;
      out += "\n";
    }
    return out;
  }

  std::string show_shadow(const std::string& job) {
    const base::JobId id = world_.job(job).id;
    std::vector<plan::PredictedFire> fires;
    for (const model::Occurrence& entry : world_.ledger(id)) {
      if (entry.ending == model::Ending::shadowed)
        fires.push_back({entry.at, entry.through, entry.count});
    }
    std::vector<plan::RealStart> starts;
    for (const store::Ping& ping : world_.reads().pings().of_job(id, script_.start, world_.now()))
      starts.push_back({ping.started_at, ping.exit_code});
    const auto tally = plan::compare_shadow(
        fires, starts, {.from = script_.start, .until = world_.now(), .now = world_.now()});
    std::string out = plan::shadow_verdict(tally) + "\n";
    for (const std::size_t fire : tally.missing_fires)
      out += fmt::format("missing {}\n", show(fires[fire].at));
    for (const std::size_t start : tally.extra_starts)
      out += fmt::format("extra {}\n", show(starts[start].at));
    return out;
  }

  std::string show_runs() {
    std::string out;
    for (const model::Run& run : runs_) {
      out += fmt::format("{} {} {}", run.summary.id.text(), run.summary.job,
                         json::to_text(run.summary.state));
      if (run.summary.started_at) out += " from " + show(*run.summary.started_at);
      if (run.summary.finished_at) out += " to " + show(*run.summary.finished_at);
      if (run.summary.attempts > 1) out += fmt::format(", {} attempts", run.summary.attempts);
      if (!run.summary.reason.empty()) out += ": " + run.summary.reason;
      out += "\n";
    }
    return out;
  }

  // Where each run is, or was last.
  std::string show_places() {
    std::string out;
    for (const model::Run& run : runs_) {
      const bool has_begun = !run.attempts.empty();
      out += fmt::format("{} {} on {}\n", run.summary.id.text(), run.summary.job,
                         has_begun ? run.attempts.back().worker : "no worker");
    }
    return out;
  }

  // What keeps the runs of a job from starting.
  std::string show_why(const std::string& job) {
    std::string out;
    for (const model::Run& run : runs_) {
      if (run.summary.job != job) continue;
      for (const model::Obstacle& each :
           world_.reads().runs().obstacles(world_.tenant, run.summary.id, world_.now())) {
        out += fmt::format("{}: {}\n", run.summary.id.text(), plan::obstacle_words(each, {}));
      }
    }
    return out;
  }

  std::string show_backfills() {
    std::string out;
    const auto listed = world_.reads().operations().list(world_.tenant, {});
    for (const model::Operation& operation : listed.value().items) {
      out += fmt::format("{}: {} fires, {} done, {} skipped", json::to_text(operation.state),
                         operation.total, operation.done, operation.skipped);
      if (!operation.detail.empty()) out += ": " + operation.detail;
      out += "\n";
    }
    return out;
  }

  std::string show_events(const std::string& prefix) {
    std::string out;
    std::int64_t after = 0;
    while (true) {
      const auto events =
          world_.reads().events().after({world_.tenant, prefix, ""}, after, store::kPageLimit);
      for (const model::Event& event : events) {
        out += fmt::format("{} {} {}\n", show(event.time), event.type, json::write(event.payload));
        after = event.position;
      }
      if (events.empty()) return out;
    }
  }

  const Script& script_;
  Directory home_;
  World world_;
  std::string refused_;
  std::vector<model::Run> runs_;
  std::map<std::string, std::string> names_;
};

}  // namespace

std::vector<Section> play(const Script& script, int restart_every) {
  Player player(script);
  if (restart_every > 0) player.restart_every(restart_every);
  return player.run();
}

}  // namespace mainspring::scenarios
