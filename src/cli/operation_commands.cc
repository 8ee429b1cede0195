// Commands on many runs at once, and backfills: start an operation, and watch how far it has come.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <iostream>

#include <fmt/core.h>

#include "cli/commands.h"
#include "json/write.h"

namespace mainspring::cli {
namespace {

using Steady = std::chrono::steady_clock;

// A node that restarts answers again within this; the operation goes on where it stood.
constexpr std::chrono::seconds kReconnect{60};

std::string operation_path(std::string_view id) {
  return "/api/v1/operations/" + encode_segment(id);
}

std::string count_text(const json::Value& preview) {
  const bool is_complete = text_at(preview, "complete") != "false";
  return fmt::format("{}{}", is_complete ? "" : "at least ", text_at(preview, "runs"));
}

json::Array split(std::string_view words) {
  json::Array out;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(','), words.size());
    out.emplace_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return out;
}

json::Object make_selection(const SelectionOptions& options) {
  json::Object out;
  const auto put = [&out](std::string_view key, const std::string& value) {
    if (!value.empty()) out[key] = value;
  };
  put("job", options.job);
  put("trigger", options.trigger);
  put("queue", options.queue);
  put("selector", options.label);
  put("created_from", options.from);
  put("created_until", options.until);
  if (!options.state.empty()) out["states"] = split(options.state);
  return out;
}

// What is started, in the words of its command: "cancel".
struct Undertaking {
  std::string_view verb;
  json::Object body;
  bool dry_run = false;
  bool yes = false;
  bool wait = false;
};

base::Result<json::Value> ask(Session& session, const Undertaking& undertaking,
                              std::string_view dry_run) {
  ApiRequest request{
      .method = "POST", .path = "/api/v1/operations", .body = json::write(undertaking.body)};
  if (!dry_run.empty()) request.query.emplace_back("dry_run", std::string{dry_run});
  return session.call(request);
}

base::Error usage(std::string message) {
  return {base::Code::invalid_argument, std::move(message), {}};
}

// Whether the person agrees. Errors: invalid_argument where nobody can be asked.
base::Result<bool> confirm(const Undertaking& undertaking, const json::Value& preview) {
  const std::string question = fmt::format("{} {} runs?", undertaking.verb, count_text(preview));
  if (::isatty(STDIN_FILENO) == 0) {
    return base::fail(usage(fmt::format("{} Nobody can be asked here; add --yes.", question)));
  }
  fmt::print(stderr, "{} [y/N] ", question);
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

void tell_that_it_goes_on(Session& session, std::string_view id) {
  session.out().note(
      fmt::format("{0} goes on. 'jobctl operation get {0}' shows how far it has "
                  "come, 'jobctl operation cancel {0}' stops it.",
                  id));
}

void tell_progress(Session& session, const json::Value& operation) {
  std::string line = fmt::format("{}: {} of {} found so far", text_at(operation, "state"),
                                 text_at(operation, "done"), text_at(operation, "total"));
  if (const std::string skipped = text_at(operation, "skipped"); skipped != "0")
    line += fmt::format(", {} left as they were", skipped);
  if (const std::string detail = text_at(operation, "detail"); !detail.empty())
    line += "; " + detail;
  session.out().note(line);
}

// The operation once it has ended, or as it was at Ctrl-C.
base::Result<json::Value> watch(Session& session, json::Value operation) {
  const std::string id = text_at(operation, "id");
  std::string told;
  auto give_up = Steady::now() + kReconnect;
  while (text_at(operation, "state") == "running" && !was_interrupted()) {
    auto reply = session.call({.path = operation_path(id), .headers = {{"Prefer", "wait=1"}}});
    if (!reply) {
      const bool is_away = reply.error().code == base::Code::unavailable;
      if (!is_away || was_interrupted() || Steady::now() > give_up) return reply;
      ::sleep(1);
      continue;
    }
    give_up = Steady::now() + kReconnect;
    operation = std::move(*reply);
    std::string now = text_at(operation, "done") + text_at(operation, "detail");
    if (now == told || !session.out().is_for_people()) continue;
    told = std::move(now);
    tell_progress(session, operation);
  }
  return operation;
}

int start(Session& session, const Undertaking& undertaking) {
  if (undertaking.dry_run) {
    const auto preview = ask(session, undertaking, "true");
    if (!preview) return session.out().fail(preview.error());
    if (!session.out().is_for_people()) {
      session.out().print(*preview, {});
    } else {
      session.out().line(fmt::format("{} runs", count_text(*preview)));
    }
    return 0;
  }
  if (!undertaking.yes) {
    const auto preview = ask(session, undertaking, "true");
    if (!preview) return session.out().fail(preview.error());
    const auto agreed = confirm(undertaking, *preview);
    if (!agreed) return session.out().fail(agreed.error());
    if (!*agreed) return 0;
  }
  auto operation = ask(session, undertaking, "");
  if (!operation) return session.out().fail(operation.error());
  const std::string id = text_at(*operation, "id");
  if (!undertaking.wait) {
    session.out().print(*operation, operation_view());
    if (session.out().is_for_people()) tell_that_it_goes_on(session, id);
    return 0;
  }
  catch_interrupts();
  const auto ended = watch(session, std::move(*operation));
  if (was_interrupted()) {
    session.out().note("Interrupted.");
    tell_that_it_goes_on(session, id);
    return kExitInterrupted;
  }
  if (!ended) {
    tell_that_it_goes_on(session, id);
    return session.out().fail(ended.error());
  }
  session.out().print(*ended, operation_view());
  return text_at(*ended, "state") == "completed" ? 0 : kExitRunFailed;
}

// A kind of operation on runs, in the words of jobctl and of the API.
struct Kind {
  std::string_view verb;
  std::string_view name;
};
constexpr Kind kCancel{"cancel", "cancel_runs"};
constexpr Kind kRerun{"rerun", "rerun_runs"};
constexpr Kind kDelete{"delete", "delete_runs"};

bool selects_any(const BulkOptions& options) {
  return options.all || !options.selection.query.empty() ||
         !make_selection(options.selection).empty();
}

int start_bulk(Session& session, const Kind& kind, const BulkOptions& options) {
  json::Object selection = make_selection(options.selection);
  const std::string& query = options.selection.query;
  if (!selects_any(options)) {
    return session.out().fail(
        usage(fmt::format("say which runs to {0}: one by its id, or many by -q, --job, --state, "
                          "--trigger, --label, --queue, --from, --until, or --all",
                          kind.verb)));
  }
  if (!query.empty() && !selection.empty()) {
    return session.out().fail(usage("give -q or the other flags that say which runs, not both"));
  }
  json::Object body{{"kind", kind.name}};
  if (query.empty()) {
    body["selection"] = std::move(selection);
  } else {
    body["query"] = query;
  }
  if (!options.reason.empty()) body["reason"] = options.reason;
  return start(session, {kind.verb, std::move(body), options.dry_run, options.yes, options.wait});
}

base::Result<void> refuse_both(std::string_view run, const BulkOptions& options) {
  if (run.empty() || !selects_any(options)) return {};
  return base::fail(usage("give the id of one run, or say which by --job and the like, not both"));
}

}  // namespace

const View& operation_view() {
  static const View view{{{"OPERATION", "id"},
                          {"KIND", "spec.kind"},
                          {"STATE", "state"},
                          {"FOUND", "total"},
                          {"DONE", "done"},
                          {"SKIPPED", "skipped"},
                          {"BY", "by", true},
                          {"CREATED", "created_at"},
                          {"FINISHED", "finished_at"},
                          {"DETAIL", "detail"}},
                         "id"};
  return view;
}

int cancel_runs(Session& session, const CancelOptions& options) {
  if (const auto checked = refuse_both(options.run, options.bulk); !checked)
    return session.out().fail(checked.error());
  if (options.run.empty() && !options.mode.empty())
    return session.out().fail(usage("--mode is for one run, given by its id"));
  if (options.run.empty()) return start_bulk(session, kCancel, options.bulk);
  json::Object body;
  if (!options.bulk.reason.empty()) body["reason"] = options.bulk.reason;
  if (!options.mode.empty()) body["mode"] = options.mode;
  const auto reply =
      session.call({.method = "POST",
                    .path = fmt::format("/api/v1/runs/{}/cancel", encode_segment(options.run)),
                    .body = json::write(body)});
  if (!reply) return session.out().fail(reply.error());
  session.out().print(*reply, {{{"RUN", "id"}, {"STATE", "state"}}, "id"});
  return 0;
}

int rerun_runs(Session& session, const RerunOptions& options) {
  if (const auto checked = refuse_both(options.run, options.bulk); !checked)
    return session.out().fail(checked.error());
  if (!options.run.empty()) return rerun_run(session, options);
  if (!options.params.empty() || options.latest || options.priority || options.waiting.follow) {
    return session.out().fail(
        usage("--param, --latest, --priority and --follow are for one run, given by its id"));
  }
  BulkOptions bulk = options.bulk;
  bulk.wait = options.waiting.wait;
  return start_bulk(session, kRerun, bulk);
}

int delete_runs(Session& session, const BulkOptions& options) {
  return start_bulk(session, kDelete, options);
}

int backfill(Session& session, const BackfillOptions& options) {
  auto params = read_params(options.params);
  if (!params) return session.out().fail(params.error());
  json::Object range{{"job", options.job}, {"from", options.from}, {"until", options.until}};
  if (!options.overlap.empty()) range["overlap"] = options.overlap;
  if (!options.schedule.empty()) range["schedule"] = options.schedule;
  if (!params->empty()) range["params"] = std::move(*params);
  json::Object body{{"kind", "backfill"}, {"backfill", std::move(range)}};
  if (!options.reason.empty()) body["reason"] = options.reason;
  return start(session, {"backfill", std::move(body), options.dry_run, true, options.wait});
}

}  // namespace mainspring::cli
