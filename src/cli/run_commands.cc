// Commands about runs: start one and wait for it or follow it; show a log.
#include <chrono>
#include <csignal>
#include <ctime>
#include <limits>
#include <optional>

#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/log_printer.h"
#include "json/write.h"

namespace mainspring::cli {
namespace {

using Steady = std::chrono::steady_clock;

// A node that restarts answers again within this; the run goes on meanwhile.
constexpr std::chrono::seconds kReconnect{60};

// How long the person wants to wait.
class Patience {
 public:
  explicit Patience(std::optional<base::Duration> limit) {
    if (limit) end_ = Steady::now() + *limit;
  }
  bool is_over() const { return end_ && Steady::now() >= *end_; }
  // For one request, in the whole seconds that `Prefer: wait` counts in.
  std::string wait() const {
    if (!end_) return fmt::format("wait={}", kWaitSeconds);
    const auto left = std::chrono::ceil<std::chrono::seconds>(*end_ - Steady::now()).count();
    return fmt::format("wait={}", std::clamp<std::int64_t>(left, 1, kWaitSeconds));
  }

 private:
  std::optional<Steady::time_point> end_;
};

// What to wait for: a run, and how long.
struct Watch {
  std::string run;
  Patience patience;
};

// Ends early at Ctrl-C.
void pause_for(std::chrono::milliseconds time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const timespec wish{seconds.count(), std::chrono::nanoseconds(time - seconds).count()};
  ::nanosleep(&wish, nullptr);
}

// A node waits when it is asked to; a proxy between us may not have passed that on.
void pause_after_quick_answer(Steady::time_point asked_at) {
  constexpr std::chrono::milliseconds kQuick{100};
  if (Steady::now() - asked_at < kQuick) pause_for(kQuick);
}

// A request of a wait: a node that is gone may come back.
base::Result<json::Value> call_again(Session& session, const ApiRequest& request,
                                     const Patience& patience) {
  const auto give_up = Steady::now() + kReconnect;
  for (bool is_first = true;; is_first = false) {
    auto reply = session.call(request);
    const bool retry = !reply && reply.error().code == base::Code::unavailable &&
                       !was_interrupted() && !patience.is_over() && Steady::now() < give_up;
    if (!retry) return reply;
    if (is_first) {
      session.out().note(
          fmt::format("The node does not answer; trying again for {} s.", kReconnect.count()));
    }
    pause_for(std::chrono::seconds{1});
  }
}

std::string run_path(std::string_view run) { return "/api/v1/runs/" + encode_segment(run); }

bool is_final_state(const json::Value& run) {
  const std::string state = text_at(run, "state");
  return state == "succeeded" || state == "failed" || state == "cancelled" ||
         state == "timed_out" || state == "skipped";
}

// The run once it has ended, or as it is when patience ends or at Ctrl-C.
base::Result<json::Value> wait_for_run(Session& session, const Watch& watch) {
  while (true) {
    const ApiRequest request{.path = run_path(watch.run),
                             .headers = {{"Prefer", watch.patience.wait()}}};
    const auto asked_at = Steady::now();
    auto run = call_again(session, request, watch.patience);
    if (!run || is_final_state(*run) || watch.patience.is_over() || was_interrupted()) return run;
    pause_after_quick_answer(asked_at);
  }
}

struct LogWalk {
  ApiRequest request;
  bool follow = false;  // wait for more until the run has ended
  std::function<base::Result<void>(const json::Value& page)> on_page;
};

// Reads a log from its beginning. Done early when patience ends.
base::Result<void> walk_log(Session& session, LogWalk walk, const Patience& patience) {
  const auto query = walk.request.query;
  std::string cursor;
  while (true) {
    walk.request.headers.clear();
    if (walk.follow) walk.request.headers.emplace_back("Prefer", patience.wait());
    walk.request.query = query;
    if (!cursor.empty()) walk.request.query.emplace_back("cursor", cursor);
    const auto asked_at = Steady::now();
    const auto page = call_again(session, walk.request, patience);
    if (!page) return base::fail(page.error());
    if (auto printed = walk.on_page(*page); !printed) return printed;
    cursor = text_at(*page, "next_cursor");
    const auto* items = page->as_object().if_contains("items");
    const bool is_empty = items == nullptr || items->as_array().empty();
    if (text_at(*page, "complete") == "true" || patience.is_over()) return {};
    if ((is_empty && !walk.follow) || was_interrupted()) return {};
    if (is_empty) pause_after_quick_answer(asked_at);
  }
}

}  // namespace

base::Result<json::Object> read_params(const std::vector<std::string>& words) {
  json::Object params;
  for (const std::string& param : words) {
    const std::size_t equals = param.find('=');
    if (equals == std::string::npos || equals == 0) {
      return base::fail(base::Code::invalid_argument,
                        fmt::format("-p: '{}' is not name=value, such as region=eu", param));
    }
    const std::string text = param.substr(equals + 1);
    auto parsed = json::parse_json(text);
    params[param.substr(0, equals)] = parsed ? parsed->value : json::Value(text);
  }
  return params;
}

namespace {

base::Result<json::Value> make_body(const RunOptions& options) {
  auto params = read_params(options.params);
  if (!params) return base::fail(std::move(params.error()));
  json::Object body{{"trigger", "manual"}};
  if (!params->empty()) body["params"] = std::move(*params);
  if (!options.at.empty()) body["at"] = options.at;
  if (!options.delay.empty()) body["delay"] = options.delay;
  if (options.priority) body["priority"] = *options.priority;
  return body;
}

base::Result<json::Value> submit(Session& session, const RunOptions& options) {
  const auto body = make_body(options);
  if (!body) return base::fail(body.error());
  ApiRequest request{.method = "POST",
                     .path = fmt::format("/api/v1/jobs/{}/runs", encode_segment(options.job)),
                     .body = json::write(*body)};
  if (!options.idempotency_key.empty()) {
    request.headers.emplace_back("Idempotency-Key", options.idempotency_key);
  }
  return session.call(request);
}

// "failed: exit code 3", with what the run itself says about it.
std::string end_words(const json::Value& run) {
  std::string words = text_at(run, "state");
  for (const std::string_view path : {"reason", "outcome.error.message"}) {
    const std::string text = text_at(run, path);
    if (!text.empty() && !words.contains(text)) words += ": " + text;
  }
  return words;
}

void tell_that_it_goes_on(Session& session, std::string_view run) {
  session.out().note(
      fmt::format("{0} goes on. 'jobctl logs -f {0}' follows it, 'jobctl runs "
                  "cancel {0}' ends it.",
                  run));
}

int stop_waiting(Session& session, std::string_view run) {
  session.out().note(was_interrupted() ? "Interrupted." : "Timed out waiting.");
  tell_that_it_goes_on(session, run);
  return was_interrupted() ? kExitInterrupted : kExitTimedOut;
}

int wait_and_tell(Session& session, const WaitOptions& options, const Watch& watch) {
  if (options.follow) {
    LogPrinter printer{{}, LogLook::plain};
    LogWalk walk{{.path = run_path(watch.run) + "/log"}, true, [&](const json::Value& page) {
                   return printer.print(page);
                 }};
    const auto walked = walk_log(session, std::move(walk), watch.patience);
    if (was_interrupted()) return stop_waiting(session, watch.run);
    if (!walked) return session.out().fail(walked.error());
  }
  const auto run = wait_for_run(session, watch);
  if (was_interrupted()) return stop_waiting(session, watch.run);
  if (!run) {
    tell_that_it_goes_on(session, watch.run);
    return session.out().fail(run.error());
  }
  if (!is_final_state(*run)) return stop_waiting(session, watch.run);
  if (!options.follow) session.out().print(*run, run_view());
  if (session.out().is_for_people()) {
    session.out().note(fmt::format("{} {}", watch.run, end_words(*run)));
  }
  return run_exit_code(*run);
}

// Prints a run that was just accepted, or what becomes of it.
int tell_accepted(Session& session, const json::Value& run, const WaitOptions& options) {
  if (!options.wait && !options.follow) {
    session.out().print(run, run_view());
    return 0;
  }
  std::optional<base::Duration> limit;
  if (!options.timeout.empty()) limit = base::parse_duration(options.timeout).value();
  catch_interrupts();
  const Watch watch{text_at(run, "id"), Patience{limit}};
  if (session.out().is_for_people()) {
    const bool is_ahead = text_at(run, "state") == "scheduled";
    session.out().note(is_ahead ? fmt::format("{} is due at {}", watch.run, text_at(run, "due_at"))
                                : fmt::format("{} started", watch.run));
  }
  return wait_and_tell(session, options, watch);
}

// Before anything is started.
base::Result<void> check(const WaitOptions& options) {
  if (options.timeout.empty()) return {};
  const auto parsed = base::parse_duration(options.timeout);
  if (!parsed) return base::fail(parsed.error());
  return {};
}

// `jobctl run list` starts the job "list"; who has none such meant `jobctl runs list`.
int fail_submit(Session& session, const std::string& job, const base::Error& error) {
  const int code = session.out().fail(error);
  const auto is_meant = [&](const Verb& verb) { return verb.noun == "runs" && verb.verb == job; };
  if (error.code == base::Code::not_found && std::ranges::any_of(verbs(), is_meant)) {
    session.out().note(fmt::format("Did you mean 'jobctl runs {}'?", job));
  }
  return code;
}

}  // namespace

int run_exit_code(const json::Value& run) {
  if (text_at(run, "state") == "succeeded") return 0;
  const auto* code = run.is_object() ? run.as_object().if_contains("exit_code") : nullptr;
  if (code == nullptr || !code->is_int64()) return kExitRunFailed;
  const std::int64_t number = code->as_int64();
  return number >= 1 && number <= 255 ? static_cast<int>(number) : kExitRunFailed;
}

int run_job(Session& session, const RunOptions& options) {
  if (const auto checked = check(options.waiting); !checked)
    return session.out().fail(checked.error());
  const auto run = submit(session, options);
  if (!run) return fail_submit(session, options.job, run.error());
  return tell_accepted(session, *run, options.waiting);
}

int rerun_run(Session& session, const RerunOptions& options) {
  if (const auto checked = check(options.waiting); !checked)
    return session.out().fail(checked.error());
  auto params = read_params(options.params);
  if (!params) return session.out().fail(params.error());
  json::Object body{{"version", options.latest ? "latest" : "same"}};
  if (!params->empty()) body["params"] = std::move(*params);
  if (options.priority) body["priority"] = *options.priority;
  const auto run = session.call(
      {.method = "POST", .path = run_path(options.run) + "/rerun", .body = json::write(body)});
  if (!run) return session.out().fail(run.error());
  return tell_accepted(session, *run, options.waiting);
}

namespace {

LogWalk make_walk(const LogOptions& options) {
  LogWalk walk{{.path = run_path(options.run) + "/log"}, options.follow, {}};
  if (options.attempt) {
    walk.request.query.emplace_back("attempt", std::to_string(*options.attempt));
  }
  return walk;
}

int end_log(Session& session, const base::Result<void>& walked) {
  if (was_interrupted()) return kExitInterrupted;
  return walked ? 0 : session.out().fail(walked.error());
}

// Every byte of every stream, or of the lines that are wanted, to stdout.
int download_log(Session& session, const LogOptions& options) {
  const auto client = session.client();
  if (!client) return session.out().fail(client.error());
  ApiRequest request{.path = run_path(options.run) + "/log/download",
                     .query = filter_query(options)};
  if (options.timestamps) request.query.emplace_back("timestamps", "true");
  const auto done = (*client)->download(
      request, [](std::string_view bytes) { std::fwrite(bytes.data(), 1, bytes.size(), stdout); });
  return end_log(session, done);
}

// Pieces as documents: one a line as they come, or all of them as one list.
int print_log_pieces(Session& session, const LogOptions& options) {
  json::Array all;
  LogWalk walk = make_walk(options);
  walk.on_page = [&](const json::Value& page) -> base::Result<void> {
    for (const json::Value& piece : page.at("items").as_array()) {
      if (session.out().format() == Format::jsonl) {
        session.out().line(json::write(piece));
      } else {
        all.push_back(piece);
      }
    }
    std::fflush(stdout);
    return {};
  };
  const auto walked = walk_log(session, std::move(walk), Patience{std::nullopt});
  if (session.out().format() != Format::jsonl) {
    session.out().print(json::Object{{"items", std::move(all)}}, {});
  }
  return end_log(session, walked);
}

}  // namespace

int show_log(Session& session, const LogOptions& options) {
  if (is_about_lines(options) && !options.raw) return show_log_lines(session, options);
  catch_interrupts();
  if (options.raw && !options.follow) return download_log(session, options);
  const Format format = session.out().format();
  const bool as_documents =
      format == Format::json || format == Format::jsonl || format == Format::yaml;
  if (as_documents && !options.raw) return print_log_pieces(session, options);
  LogPrinter printer{{stdout, options.raw ? stdout : stderr},
                     options.timestamps ? LogLook::timestamps : LogLook::plain};
  LogWalk walk = make_walk(options);
  walk.on_page = [&](const json::Value& page) { return printer.print(page); };
  return end_log(session, walk_log(session, std::move(walk), Patience{std::nullopt}));
}

}  // namespace mainspring::cli
