#include "trace/run_spans.h"

#include <algorithm>

#include <fmt/core.h>

#include "json/codec.h"

namespace mainspring::trace {
namespace {

using model::OutcomeStatus;
using model::RunState;

std::chrono::nanoseconds to_nanos(base::Instant at) { return at.time_since_epoch(); }

// Cut between characters: a broken one is no UTF-8, and JSON must be.
std::string cut(std::string_view text) {
  std::size_t size = std::min(text.size(), kAttributeLimit);
  while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
    --size;
  return std::string{text.substr(0, size)};
}

double to_seconds(base::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

Span begin_span(const model::Run& run, Context context) {
  Span span;
  span.context = std::move(context);
  const model::RunSummary& s = run.summary;
  span.attributes = {{"mainspring.run.id", s.id.text()},
                     {"mainspring.job.name", s.job},
                     {"mainspring.job.version", s.job_version},
                     {"mainspring.tenant", s.tenant}};
  return span;
}

SpanId parent_of(const model::Run& run) {
  if (!run.trace) return 0;
  const auto asked = parse_context(*run.trace);
  return asked ? asked->span : 0;
}

std::string problem_of(const model::RunSummary& run) {
  if (run.state != RunState::failed && run.state != RunState::timed_out) return {};
  return run.reason.empty() ? std::string{json::to_text(run.state)} : cut(run.reason);
}

bool is_problem(OutcomeStatus status) {
  return status != OutcomeStatus::success && status != OutcomeStatus::cancelled;
}

void add_outcome(Span& span, const model::Outcome& outcome) {
  const std::string status{json::to_text(outcome.status)};
  span.attributes.emplace_back("mainspring.attempt.outcome", status);
  if (outcome.exit_code) {
    span.attributes.emplace_back("process.exit.code", std::int64_t{*outcome.exit_code});
  }
  if (outcome.signal) span.attributes.emplace_back("mainspring.attempt.signal", *outcome.signal);
  const model::ResourceUse& usage = outcome.usage;
  span.attributes.emplace_back("mainspring.attempt.cpu_seconds",
                               to_seconds(usage.cpu_user + usage.cpu_system));
  span.attributes.emplace_back("mainspring.attempt.max_rss_bytes", usage.max_rss_bytes);
  if (!is_problem(outcome.status)) return;
  const bool is_said = outcome.error && !outcome.error->type.empty();
  span.attributes.emplace_back("error.type", is_said ? cut(outcome.error->type) : status);
  span.problem = outcome.error ? cut(outcome.error->message) : status;
  if (span.problem.empty()) span.problem = status;
}

}  // namespace

std::optional<Span> make_run_span(const model::Run& run, const Policy& policy) {
  const model::RunSummary& s = run.summary;
  Context context = context_of_run(s.id, run.trace, policy);
  if (!s.finished_at || !context.is_sampled) return std::nullopt;
  Span span = begin_span(run, std::move(context));
  span.parent = parent_of(run);
  span.name = "run " + s.job;
  // One that was cancelled before it was due has no time at all.
  const base::Instant due = std::max(s.created_at, run.first_due_at.value_or(s.due_at));
  span.begun = to_nanos(std::min(due, *s.finished_at));
  span.ended = to_nanos(*s.finished_at);
  span.attributes.emplace_back("mainspring.run.state", std::string{json::to_text(s.state)});
  span.attributes.emplace_back("mainspring.run.trigger", std::string{json::to_text(s.trigger)});
  span.attributes.emplace_back("mainspring.run.attempts", std::int64_t{s.attempts});
  span.attributes.emplace_back("mainspring.queue.name", s.queue);
  span.attributes.emplace_back("mainspring.run.scheduled_at", base::format_instant(s.scheduled_at));
  if (!s.reason.empty()) span.attributes.emplace_back("mainspring.run.reason", cut(s.reason));
  span.problem = problem_of(s);
  if (!span.problem.empty()) {
    span.attributes.emplace_back("error.type", std::string{json::to_text(s.state)});
  }
  return span;
}

std::optional<Span> make_attempt_span(const model::Run& run, int number, const Policy& policy) {
  const auto found = std::ranges::find(run.attempts, number, &model::Attempt::number);
  if (found == run.attempts.end() || !found->finished_at) return std::nullopt;
  Context context = context_of_run(run.summary.id, run.trace, policy);
  if (!context.is_sampled) return std::nullopt;
  const SpanId parent = context.span;
  context.span = span_of_attempt(run.summary.id, number);
  Span span = begin_span(run, std::move(context));
  span.parent = parent;
  span.name = "attempt " + run.summary.job;
  span.begun = to_nanos(std::min(found->started_at, *found->finished_at));
  span.ended = to_nanos(*found->finished_at);
  span.attributes.emplace_back("mainspring.attempt.number", std::int64_t{number});
  span.attributes.emplace_back("mainspring.worker.name", found->worker);
  if (found->outcome) add_outcome(span, *found->outcome);
  return span;
}

}  // namespace mainspring::trace
