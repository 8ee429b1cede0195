#include "runner/container/container_attempt.h"

#include <poll.h>

#include <fmt/core.h>

#include "http/url.h"
#include "json/look.h"
#include "json/write.h"
#include "runner/attempt/environment.h"
#include "runner/attempt/program_outcome.h"
#include "runner/attempt/statement.h"
#include "runner/container/image.h"
#include "runner/container/spec.h"

namespace mainspring::runner {
namespace {

using mainspring::http::percent_encode;
using model::OutcomeStatus;

constexpr int kKilledCode = 137;  // 128 + SIGKILL, as shells have it
constexpr int kTerminatedCode = 143;
constexpr int kVanishedCode = 255;  // dockerd's, of a container that had gone when it came back

SteadyTime now() { return std::chrono::steady_clock::now(); }

// The name in a path: its slashes stay.
std::string image_path(const ImageName& name) {
  std::string out;
  const std::string whole = name.repository + (name.is_pinned() ? "@" : ":") + name.version;
  for (const char c : whole)
    out += c == '/' || c == ':' || c == '@' ? std::string{c} : percent_encode({&c, 1});
  return out;
}

}  // namespace

ContainerAttempt::ContainerAttempt(Engine engine, Parts parts)
    : engine_(std::move(engine)),
      parts_(std::move(parts)),
      started_at_(now()),
      ladder_(parts_.order.spec->timeout, started_at_),
      clock_({parts_.order, parts_.stop, parts_.scratch, parts_.report}),
      progress_(parts_.scratch, kProgressFile) {
  record_.name = make_container_name(parts_.order);
  record_.endpoint = engine_.endpoint();
}

model::Outcome ContainerAttempt::run() {
  Done<void> ready = fetch_image();
  if (ready) ready = create();
  if (ready) ready = start();
  Done<ContainerState> state = ready ? watch() : std::unexpected(ready.error());
  remove();
  model::Outcome outcome = state ? judge(*state) : make_outcome(state.error());
  outcome.usage.wall = std::chrono::duration_cast<base::Duration>(now() - started_at_);
  return outcome;
}

Done<EngineReply> ContainerAttempt::call(EngineRequest request) {
  auto reply = engine_.call(std::move(request));
  if (!reply) return std::unexpected(explain_unreachable(reply.error()));
  return std::move(*reply);
}

// Whether there is still time, and nobody wants it to end.
Done<void> ContainerAttempt::check_stop(std::string_view rest) {
  const auto step =
      ladder_.step(now(), parts_.line.level(), [&] { return clock_.extended_until(); });
  if (step == LadderStep::none) return {};
  return std::unexpected(
      explain_stop(ladder_, parts_.order.spec->timeout, parts_.stop.cause, rest));
}

void ContainerAttempt::tell(const std::vector<std::string>& lines) {
  for (const std::string& line : lines)
    parts_.report.note(line);
}

// ---- the image ---------------------------------------------------------------------------------

Done<void> ContainerAttempt::fetch_image() {
  if (spec().pull != model::Pull::always) {
    const auto found =
        call({.path = fmt::format("/images/{}/json", image_path(parse_image(spec().image)))});
    if (!found) return std::unexpected(found.error());
    if (found->is_ok()) return {};
    if (spec().pull == model::Pull::never) {
      return fail_for_good("image", fmt::format("the container engine at {} has no image {}, and "
                                                "container.pull is never: load it there, or let "
                                                "it be pulled",
                                                engine_.endpoint().url, spec().image));
    }
  }
  return pull();
}

Done<void> ContainerAttempt::pull() {
  const ImageName name = parse_image(spec().image);
  PullProgress progress;
  EngineRequest request{
      .method = "POST",
      .path = fmt::format(
          "/images/create?fromImage={}&tag={}{}", percent_encode(name.repository),
          percent_encode(name.version),
          spec().platform.empty() ? "" : "&platform=" + percent_encode(spec().platform)),
      .on_body =
          [&](std::string_view bytes) {
            progress.feed(bytes);
            ladder_.note_activity(now());
          },
      .limit = std::chrono::milliseconds{0}};
  if (!parts_.registry_auth.empty())
    request.headers.push_back("X-Registry-Auth: " + parts_.registry_auth);
  parts_.report.note(fmt::format("pulling {} from {}", spec().image, name.registry));
  const auto exchange = engine_.begin(std::move(request));
  while (!exchange->is_done()) {
    pollfd also[1] = {{parts_.line.fd(), POLLIN, 0}};
    engine_.pump(also, std::min(ladder_.next(), now() + kPullPause));
    if (also[0].revents != 0) parts_.line.clear();
    tell(progress.take(now()));
    if (auto on = check_stop("its image was being pulled"); !on) return on;
  }
  tell(progress.take_rest());
  const auto& reply = exchange->reply();
  if (!reply) return std::unexpected(explain_unreachable(reply.error()));
  const std::string error = reply->is_ok() ? progress.error() : reply->message();
  if (error.empty() && reply->is_ok()) return {};
  return std::unexpected(explain_pull(error, spec().image));
}

// ---- the container -----------------------------------------------------------------------------

Done<EngineReply> ContainerAttempt::ask_to_create(ScratchMount scratch) {
  Contained contained{parts_.order, parts_.node, parts_.environment};
  if (scratch == ScratchMount::mounted) contained.scratch = parts_.scratch.path();
  std::string path = "/containers/create?name=" + record_.name;
  if (!spec().platform.empty()) path += "&platform=" + percent_encode(spec().platform);
  return call({.method = "POST",
               .path = std::move(path),
               .body = json::write(make_create_body(contained))});
}

Done<void> ContainerAttempt::create() {
  if (auto on = check_stop("its container was not made"); !on) return on;
  if (auto wrote = parts_.records.write(record_); !wrote)
    return fail_for_now("start", wrote.error().message);
  const auto scratch = engine_.endpoint().is_local() ? ScratchMount::mounted : ScratchMount::none;
  auto reply = ask_to_create(scratch);
  // The name is of this attempt alone: what has it was made by a request whose answer was lost.
  const bool is_taken =
      reply && (reply->status == 409 || reply->message().contains("already in use"));
  if (is_taken) {
    auto removed =
        call({.method = "DELETE", .path = fmt::format("/containers/{}?force=1&v=1", record_.name)});
    if (!removed) return std::unexpected(removed.error());
    reply = ask_to_create(scratch);
  }
  // A socket that leads to an engine with other files: in a container, or over ssh.
  const bool is_elsewhere = scratch == ScratchMount::mounted && reply && reply->status == 400 &&
                            reply->message().contains(parts_.scratch.path());
  if (is_elsewhere) {
    parts_.report.note(
        "the container engine does not see this node's files: the files of the "
        "result protocol are not there");
    for (const auto& [variable, path] : make_file_variables(kInside))
      parts_.environment.erase(variable);
    reply = ask_to_create(ScratchMount::none);
  }
  if (!reply) return std::unexpected(reply.error());
  if (!reply->is_ok()) return std::unexpected(explain_create(*reply, spec().image));
  return take_created(*reply);
}

Done<void> ContainerAttempt::take_created(const EngineReply& reply) {
  const json::Value answer = reply.json();
  record_.id = json::find_text(answer, "Id");
  if (record_.id.empty())
    return fail_for_now("create", "the engine made a container and does not say which");
  if (auto wrote = parts_.records.write(record_); !wrote)
    return fail_for_now("start", wrote.error().message);
  const CreateWarnings warnings = sort_warnings(answer);
  for (const std::string& warning : warnings.notes)
    parts_.report.note(fmt::format("the container engine warns: {}", warning));
  if (warnings.discarded.empty() || parts_.order.spec->resources.best_effort) return {};
  return fail_for_good("limit", fmt::format("a limit of `resources` would not hold: {}; "
                                            "resources.best_effort runs it all the same",
                                            warnings.discarded));
}

Done<void> ContainerAttempt::start() {
  watch_.emplace(ContainerWatch::Parts{engine_, parts_.line, ladder_, clock_, progress_,
                                       parts_.report, parts_.stop, parts_.order.spec->timeout},
                 record_.id);
  std::optional<std::string> input;
  if (!parts_.order.spec->stdin_text.empty()) input = parts_.order.spec->stdin_text;
  if (auto attached = watch_->attach(std::move(input)); !attached)
    return fail_for_now("engine", attached.error().message);
  // The last moment at which nothing has run under a lease that may be lost.
  if (auto on = check_stop("its container was not started"); !on) return on;
  const auto reply =
      call({.method = "POST", .path = fmt::format("/containers/{}/start", record_.id)});
  if (!reply) return std::unexpected(reply.error());
  if (reply->is_ok() || reply->status == 304) return {};
  return std::unexpected(explain_start(
      *reply, {spec().image, find_program(*parts_.order.spec), parts_.order.spec->user}));
}

Done<ContainerState> ContainerAttempt::watch() {
  // How it is now matters little: its end will be asked for, whatever happens to this.
  const ContainerState state = load_state(engine_, record_.id).value_or(ContainerState{});
  if (engine_.endpoint().is_local() && state.pid > 0) {
    record_.pid = state.pid;
    if (auto wrote = parts_.records.write(record_); !wrote)
      parts_.report.note(wrote.error().message);
  }
  return watch_->run(state);
}

void ContainerAttempt::remove() {
  if (record_.id.empty() && !parts_.records.has(record_.name)) return;
  const auto ask = [&] { return remove_container(engine_, record_.name, kCallLimit); };
  if (ask()) return parts_.records.erase(record_.name);
  if (auto fresh = Engine::connect(record_.endpoint)) engine_ = std::move(*fresh);
  if (ask()) return parts_.records.erase(record_.name);
  parts_.report.note(
      fmt::format("cannot remove the container {} now: it is tried again before the next container "
                  "is made at {}",
                  record_.name, record_.endpoint.url));
  left_ = record_;
}

// ---- the outcome -------------------------------------------------------------------------------

model::Outcome ContainerAttempt::judge(const ContainerState& state) {
  const model::ResourceSpec& resources = parts_.order.spec->resources;
  const bool is_its_own = ladder_.cause() == EndCause::exited;
  const int code = state.exit_code;
  if (is_its_own && watch_->was_engine_lost() &&
      (code == kKilledCode || code == kTerminatedCode || code == kVanishedCode)) {
    return make_outcome(fail_for_now("engine_lost",
                                     "the container engine went away while the container ran, and "
                                     "ended it")
                            .error());
  }
  Course course{{.cause = ladder_.cause(), .exit_code = code, .was_killed = ladder_.was_killed()},
                watch_->use(),
                parts_.stop.cause};
  if (state.was_oom_killed) {
    course.use.oom_kills = 1;  // at least: engines say no more
    course.use.reached_memory_limit = resources.memory_bytes > 0;
    if (resources.memory_bytes > 0) course.use.memory_peak = resources.memory_bytes;
  }
  model::Outcome outcome = make_outcome(course, load_statement(parts_.scratch), *parts_.order.spec);
  const bool has_plain_code = is_its_own && outcome.error && outcome.error->type == "exit_code";
  if (!has_plain_code) return outcome;
  if (code == kKilledCode)
    outcome.error->message += ": SIGKILL from outside, perhaps for want of memory";
  if (code == 126) outcome.error->message += ": a program of the image is not executable";
  if (code == 127) outcome.error->message += ": a program is not in the image";
  if (!state.error.empty()) outcome.error->message += "; the engine says: " + state.error;
  return outcome;
}

}  // namespace mainspring::runner
