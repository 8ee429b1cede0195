// jobctl ping: reports real runs by another scheduler. Around a command it must be as if it were
// not there: same streams, signals and exit code, whether or not a node is there to hear of it.
#include <ctime>

#include <fmt/core.h>

#include "cli/child.h"
#include "cli/commands.h"
#include "json/write.h"
#include "system/host.h"
#include "system/real_clock.h"

namespace mainspring::cli {
namespace {

using namespace std::chrono_literals;

// A cron job waits this long for a node that is away, three times and between, and no longer.
constexpr base::Duration kPatience = 5s;
constexpr int kRepeats = 2;
constexpr base::Duration kFirstPause = 500ms;  // doubles
// A command that runs longer is reported when it starts, too.
constexpr base::Duration kShortRun = 2s;

constexpr int kNoProgram = 127;  // as a shell says it
constexpr int kNotAllowed = 126;

struct RealRun {
  base::Instant started_at;
  std::optional<base::Instant> finished_at = {};
  int exit_code = 0;  // once it has finished
};

void sleep_for(base::Duration pause) {
  const timespec span{pause / 1s, static_cast<long>(pause % 1s / 1ms) * 1'000'000};
  ::nanosleep(&span, nullptr);
}

base::Result<base::Instant> read_start(const PingOptions& options, base::Instant now) {
  if (options.started_at.empty()) return now;
  auto start = base::parse_instant(options.started_at);
  if (!start)
    return base::fail(base::Code::invalid_argument, "--started-at: " + start.error().message);
  return start;
}

class Reporting {
 public:
  Reporting(Session& session, const PingOptions& options)
      : session_(session),
        options_(options),
        host_(options.host.empty() ? system::load_hostname() : options.host) {}

  base::Result<void> report(const RealRun& run, int repeats) {
    const ApiRequest request = make_request(run);
    base::Duration pause = kFirstPause;
    for (int i = 0;; ++i, pause *= 2) {
      const auto client = session_.client();
      if (!client) return base::fail(client.error());
      auto reply = (*client)->call(request);
      if (reply) return {};
      const bool may_help = base::code_row(reply.error().code).retryable;
      if (!may_help || i == repeats) return base::fail(std::move(reply.error()));
      sleep_for(pause);
    }
  }

 private:
  ApiRequest make_request(const RealRun& run) const {
    json::Object body{{"started_at", base::format_instant(run.started_at)}, {"host", host_}};
    if (run.finished_at) {
      body["finished_at"] = base::format_instant(*run.finished_at);
      body["exit_code"] = run.exit_code;
    }
    return {.method = "POST",
            .path = fmt::format("/api/v1/jobs/{}/pings", encode_segment(options_.job)),
            .body = json::write(body),
            .patience = kPatience};
  }

  Session& session_;
  const PingOptions& options_;
  const std::string host_;
};

// The command's exit code; what becomes of the report changes nothing.
int run_command(Session& session, const PingOptions& options) {
  const system::SystemClock clock;
  Reporting reporting(session, options);
  RealRun run{clock.now()};
  auto child = Child::start(options.command);
  if (child) {
    auto code = child->wait_for(kShortRun);
    if (!code) {
      (void)reporting.report(run, 0);  // the report of its end says what is wrong
      code = child->wait();
    }
    run.exit_code = *code;
  } else {
    run.exit_code = child.error().code == base::Code::not_found ? kNoProgram : kNotAllowed;
    session.out().note("jobctl: " + child.error().message);
  }
  run.finished_at = std::max(clock.now(), run.started_at);
  const auto reported = reporting.report(run, kRepeats);
  if (!reported && !options.quiet) {
    session.out().note(fmt::format("jobctl: this run of '{}' was not reported: {}", options.job,
                                   reported.error().message));
  }
  return run.exit_code;
}

}  // namespace

int ping(Session& session, const PingOptions& options) {
  if (!options.command.empty()) return run_command(session, options);
  const base::Instant now = system::SystemClock{}.now();
  const auto start = read_start(options, now);
  if (!start) return session.out().fail(start.error());
  const RealRun run{*start, std::max(now, *start), options.exit_code};
  const auto reported = Reporting(session, options).report(run, kRepeats);
  if (reported) return 0;
  return options.quiet ? base::code_row(reported.error().code).exit_code
                       : session.out().fail(reported.error());
}

}  // namespace mainspring::cli
