// Commands that ask: why, next, status, doctor, session link, api, event watch.
#include <chrono>
#include <cstdio>
#include <ctime>

#include <fmt/core.h>

#include "base/version.h"
#include "cli/commands.h"
#include "cli/sse_reader.h"
#include "cron/words.h"
#include "json/write.h"
#include "system/real_clock.h"

namespace mainspring::cli {
namespace {

constexpr int kMostFires = 1000;  // of `next`: more than a day of minutes is no question

base::Error usage(std::string message) {
  return {base::Code::invalid_argument, std::move(message), {}};
}

void print_explanation(const Output& out, const json::Value& reply) {
  if (!out.is_for_people()) return out.print(reply, {{}, "subject"});
  const auto* lines = reply.as_object().if_contains("lines");
  if (lines == nullptr || !lines->is_array()) return;
  std::string_view indent;
  for (const json::Value& line : lines->as_array()) {
    out.line(fmt::format("{}{}", indent, std::string_view{line.as_string()}));
    indent = "  ";
  }
}

const View& fire_view() {
  static const View view{{{"AT", "at"}, {"LOCAL", "local"}, {"SCHEDULE", "schedule"}}, "at"};
  return view;
}

base::Result<cron::Timing> read_timing(const NextOptions& options) {
  auto expression = cron::Expression::parse(options.cron);
  // The message says everything that its one problem says.
  if (!expression) return base::fail(expression.error().code, expression.error().message);
  auto zone = cron::TimeZone::load(options.timezone);
  if (!zone) return base::fail(base::Code::invalid_argument, "--tz: " + zone.error().message);
  return cron::Timing{.expression = std::move(*expression), .zone = std::move(*zone)};
}

base::Result<base::Instant> read_from(const NextOptions& options) {
  if (options.from.empty()) return system::SystemClock{}.now();
  auto from = base::parse_instant(options.from);
  if (!from) return base::fail(base::Code::invalid_argument, "--from: " + from.error().message);
  return from;
}

json::Value list_fires(const cron::Timing& timing, base::Instant from, int count) {
  json::Array items;
  for (auto at = from; std::ssize(items) < count;) {
    const auto fire = cron::next_after(timing, at);
    if (!fire) break;
    at = *fire;
    items.push_back(json::Object{{"at", base::format_instant(at)},
                                 {"local", cron::format_local(at, timing.zone)}});
  }
  return json::Object{{"items", std::move(items)}};
}

// Nothing here needs a node.
int next_of_expression(Session& session, const NextOptions& options) {
  const Output& out = session.out();
  auto timing = read_timing(options);
  if (!timing) return out.fail(timing.error());
  const auto from = read_from(options);
  if (!from) return out.fail(from.error());
  timing->anchor = *from;
  static const View view{{{"AT", "at"}, {"LOCAL", "local"}}, "at"};
  if (out.is_for_people()) out.note(cron::to_words(timing->expression, options.timezone));
  out.print(list_fires(*timing, *from, options.count), view);
  if (!out.is_for_people()) return 0;
  for (const std::string& sentence : cron::clock_change_words(*timing, *from))
    out.note(sentence);
  return 0;
}

}  // namespace

int why(Session& session, const std::string& subject) {
  const std::size_t at = subject.rfind('@');
  ApiRequest request;
  if (at != std::string::npos && at > 0) {
    request.path = fmt::format("/api/v1/jobs/{}/why", encode_segment(subject.substr(0, at)));
    request.query.emplace_back("at", subject.substr(at + 1));
  } else {
    const std::string_view noun = subject.starts_with("run_") ? "runs" : "jobs";
    request.path = fmt::format("/api/v1/{}/{}/why", noun, encode_segment(subject));
  }
  const auto reply = session.call(request);
  if (!reply) return session.out().fail(reply.error());
  print_explanation(session.out(), *reply);
  return 0;
}

int next(Session& session, const NextOptions& options) {
  if (options.job.empty() == options.cron.empty()) {
    return session.out().fail(usage("next: give a job, or an expression: --cron \"30 2 * * *\""));
  }
  if (options.count < 1 || options.count > kMostFires) {
    return session.out().fail(usage(fmt::format("-n: give 1 to {}", kMostFires)));
  }
  if (!options.cron.empty()) return next_of_expression(session, options);
  ApiRequest request{.path = fmt::format("/api/v1/jobs/{}/next", encode_segment(options.job)),
                     .query = {{"limit", std::to_string(std::min(options.count, 500))}}};
  if (!options.from.empty()) request.query.emplace_back("from", options.from);
  const auto reply = session.call(request);
  if (!reply) return session.out().fail(reply.error());
  session.out().print(*reply, fire_view());
  return 0;
}

int session_link(Session& session) {
  const auto client = session.client();
  if (!client) return session.out().fail(client.error());
  auto link = (*client)->call({.method = "POST", .path = "/api/v1/session/link"});
  if (!link) return session.out().fail(link.error());
  const std::string url = (*client)->target().server + text_at(*link, "path");
  if (!session.out().is_for_people()) {
    link->as_object()["url"] = url;
    session.out().print(*link, {{}, "url"});
    return 0;
  }
  session.out().line(url);
  session.out().note(
      fmt::format("It signs one browser in, once, until {}.", text_at(*link, "expires_at")));
  return 0;
}

namespace {

base::Result<ApiRequest> make_api_request(const ApiOptions& options) {
  ApiRequest request{.method = options.method, .path = options.path};
  for (char& c : request.method) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  if (!request.path.starts_with('/')) request.path = "/api/v1/" + request.path;
  for (const std::string& header : options.headers) {
    const std::size_t colon = header.find(':');
    if (colon == std::string::npos || header.contains('\n') || header.contains('\r')) {
      return base::fail(usage(fmt::format("-H: '{}' is not Name: value", header)));
    }
    std::string_view value = std::string_view{header}.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    request.headers.emplace_back(header.substr(0, colon), value);
  }
  request.body = options.body;
  const bool is_file = options.body.starts_with('@') || options.body == "-";
  if (!is_file) return request;
  auto body = read_input(options.body == "-" ? "-" : options.body.substr(1));
  if (!body) return base::fail(std::move(body.error()));
  request.body = std::move(*body);
  if (options.body.ends_with(".yaml") || options.body.ends_with(".yml")) {
    request.content_type = "application/yaml";
  }
  return request;
}

}  // namespace

int call_api(Session& session, const ApiOptions& options) {
  const auto request = make_api_request(options);
  if (!request) return session.out().fail(request.error());
  const auto client = session.client();
  if (!client) return session.out().fail(client.error());
  const auto reply = (*client)->send(*request);
  if (!reply) return session.out().fail(reply.error());
  if (options.show_status) session.out().note(fmt::format("HTTP {}", reply->status));
  std::fwrite(reply->body.data(), 1, reply->body.size(), stdout);
  if (!reply->body.empty() && !reply->body.ends_with('\n')) session.out().line("");
  return reply->status < 400 ? 0 : base::code_row(read_problem(*reply).code).exit_code;
}

namespace {

void print_event(const Output& out, const SseEvent& event) {
  if (!out.is_for_people()) return out.line(event.payload);
  const auto document = json::parse_json(event.payload);
  if (!document || text_at(document->value, "type").empty()) {
    return out.line(fmt::format("{:20}  {}", "", event.type + "  " + event.payload));
  }
  out.line(fmt::format("{:20}  {}  {}", text_at(document->value, "time"), event.type,
                       text_at(document->value, "subject")));
}

}  // namespace

int watch_events(Session& session, const std::string& topics) {
  constexpr int kMostReconnects = 60;  // a second apart: a node that restarts is back by then
  catch_interrupts();
  const auto client = session.client();
  if (!client) return session.out().fail(client.error());
  std::string last_id;
  for (int failures = 0;; ++failures) {
    ApiRequest request{.path = "/api/v1/stream", .query = {{"topics", topics}}};
    if (!last_id.empty()) request.headers.emplace_back("Last-Event-ID", last_id);
    SseReader reader;
    const auto done = (*client)->download(request, [&](std::string_view bytes) {
      for (const SseEvent& event : reader.read(bytes)) {
        failures = 0;
        last_id = event.id;
        if (event.type != "hello") print_event(session.out(), event);
      }
      std::fflush(stdout);
    });
    if (was_interrupted()) return kExitInterrupted;
    const bool gone = done || done.error().code == base::Code::unavailable;
    if (!gone || last_id.empty() || failures >= kMostReconnects) {
      return done ? kExitRunFailed : session.out().fail(done.error());
    }
    if (failures == 0) session.out().note("The stream ended; reconnecting.");
    const timespec second{1, 0};
    ::nanosleep(&second, nullptr);
  }
}

}  // namespace mainspring::cli
