// Handlers of jobs that shadow another scheduler: the report, and the promotion.
#include <algorithm>

#include <fmt/core.h>

#include "api/core.h"
#include "api/drafts.h"
#include "api/handlers.h"
#include "api/shadow.h"
#include "cron/zone.h"
#include "plan/schedule_words.h"
#include "plan/shadow.h"

namespace mainspring::api {
namespace {

using namespace std::chrono_literals;

constexpr base::Duration kUsualPast = 7 * 24h;
constexpr base::Duration kUsualTolerance = 60s;
constexpr base::Duration kShortestTolerance = 1s;
constexpr base::Duration kLongestTolerance = 1h;
constexpr std::size_t kExamples = 5;
// What one answer may look at, so that it takes a second at most; the next page goes on.
constexpr std::size_t kMostFires = 20'000;  // of a job: two weeks of minutes; and as many pings
constexpr std::size_t kMostRows = 100'000;  // of all jobs
constexpr std::int64_t kMostJobs = 5'000;

struct ReportQuestion {
  base::Instant from;
  base::Instant until;
  base::Duration tolerance = kUsualTolerance;
};

base::Result<base::Duration> read_tolerance(const Call& call) {
  const std::string text = call.query("tolerance");
  if (text.empty()) return kUsualTolerance;
  auto tolerance = base::parse_duration(text);
  if (!tolerance) return base::fail(at_parameter("tolerance", std::move(tolerance.error())));
  if (*tolerance >= kShortestTolerance && *tolerance <= kLongestTolerance) return tolerance;
  return base::fail(base::Code::invalid_argument,
                    fmt::format("tolerance: {} is not between {} and {}", text,
                                base::format_duration(kShortestTolerance),
                                base::format_duration(kLongestTolerance)));
}

base::Result<ReportQuestion> read_question(const Call& call) {
  const auto from = call.query_instant("from");
  if (!from) return base::fail(from.error());
  const auto until = call.query_instant("until");
  if (!until) return base::fail(until.error());
  const auto tolerance = read_tolerance(call);
  if (!tolerance) return base::fail(tolerance.error());
  ReportQuestion question;
  question.until = std::min(until->value_or(call.now()), call.now());
  question.from = from->value_or(question.until - kUsualPast);
  question.tolerance = *tolerance;
  if (question.from < question.until) return question;
  return base::fail(
      base::Code::invalid_argument,
      fmt::format("from: {} is not before {}, where the comparison ends",
                  base::format_instant(question.from), base::format_instant(question.until)));
}

// One job's part of the report.
class Comparison {
 public:
  Comparison(const Call& call, const model::Job& job, const ReportQuestion& question)
      : call_(call), job_(job), question_(question) {}

  ShadowView make() {
    load_fires();
    load_starts();
    const plan::ShadowTally tally = plan::compare_shadow(fires_, starts_,
                                                         {.from = question_.from,
                                                          .until = question_.until,
                                                          .tolerance = question_.tolerance,
                                                          .now = call_.now()});
    ShadowView view{.job = job_.spec.name,
                    .schedules = {},
                    .from = question_.from,
                    .until = question_.until,
                    .agrees = tally.agrees(),
                    .verdict = plan::shadow_verdict(tally),
                    .predicted = tally.predicted,
                    .real = tally.real,
                    .matched = tally.matched,
                    .missing = tally.missing,
                    .extra = tally.extra,
                    .failed = tally.failed,
                    .median_offset = tally.median_offset,
                    .largest_offset = tally.largest_offset,
                    .missing_examples = {},
                    .extra_examples = {}};
    for (const model::ScheduleSpec& schedule : job_.spec.schedule)
      view.schedules.push_back(plan::schedule_words(schedule, job_.spec.name));
    add_examples(tally, view);
    return view;
  }

  std::size_t rows() const { return fires_.size() + starts_.size(); }

 private:
  // The ledger is read from its end; what does not fit shortens the period at its beginning.
  void load_fires() {
    const store::OccurrenceFilter filter{.tenant = call_.tenant(),
                                         .job_id = job_.id,
                                         .from = question_.from - question_.tolerance,
                                         .until = question_.until + question_.tolerance,
                                         .ending = model::Ending::shadowed};
    store::Page page{.limit = store::kPageLimit, .after = ""};
    do {
      auto listed = call_.reads().schedules().occurrences(filter, page);
      if (!listed) break;
      for (model::Occurrence& each : listed->items) {
        fires_.push_back({each.at, each.through, each.count});
        locals_.push_back(std::move(each.local));
      }
      page.after = listed->next;
    } while (!page.after.empty() && fires_.size() < kMostFires);
    if (!page.after.empty()) begin_at(fires_.back().at + question_.tolerance);
    std::ranges::reverse(fires_);
    std::ranges::reverse(locals_);
  }

  void load_starts() {
    base::Instant begin = question_.from - question_.tolerance;
    const base::Instant end = question_.until + question_.tolerance;
    for (;;) {
      const auto pings = call_.reads().pings().of_job(job_.id, begin, end);
      for (const store::Ping& ping : pings)
        starts_.push_back({ping.started_at, ping.exit_code});
      if (std::ssize(pings) < store::kPageLimit) return;
      // Hosts that began with the last of the page may follow on the next one.
      const base::Instant last = pings.back().started_at;
      begin = last > pings.front().started_at ? last : last + 1ms;
      if (begin == last)
        while (!starts_.empty() && starts_.back().at == last)
          starts_.pop_back();
      if (starts_.size() >= kMostFires) return end_at(begin - question_.tolerance);
    }
  }

  void begin_at(base::Instant from) { question_.from = std::max(question_.from, from); }
  void end_at(base::Instant until) {
    question_.until = std::max(question_.from, std::min(question_.until, until));
  }

  void add_examples(const plan::ShadowTally& tally, ShadowView& view) const {
    for (const std::size_t fire : tally.missing_fires) {
      if (view.missing_examples.size() == kExamples) break;
      view.missing_examples.push_back({fires_[fire].at, locals_[fire], fires_[fire].count});
    }
    const std::string zone_name = job_.spec.schedule.front().timezone;
    const auto zone = cron::TimeZone::load(zone_name);
    for (const std::size_t start : tally.extra_starts) {
      if (view.extra_examples.size() == kExamples) break;
      const base::Instant at = starts_[start].at;
      view.extra_examples.push_back(
          {at, cron::format_local((zone ? *zone : cron::TimeZone{}).to_local(at)), 1});
    }
  }

  const Call& call_;
  const model::Job& job_;
  ReportQuestion question_;
  std::vector<plan::PredictedFire> fires_;
  std::vector<std::string> locals_;  // of fires_
  std::vector<plan::RealStart> starts_;
};

std::unexpected<base::Error> no_shadow(const model::Job& job) {
  return base::fail(base::Code::conflict,
                    fmt::format("Job '{}' shadows nothing: its schedules start runs. Only a job "
                                "with `shadow: true` does.",
                                job.spec.name));
}

// As many shadows as the page has room for, of as many jobs as one answer may look at.
base::Result<ShadowReport> compare_all(const Call& call, const ReportQuestion& question) {
  const auto page = call.query_page();
  if (!page) return base::fail(page.error());
  auto selector = model::parse_selector(call.query("label"));
  if (!selector) return base::fail(selector.error());
  const store::JobFilter filter{.tenant = call.tenant(), .selector = std::move(*selector)};
  ShadowReport report{.tolerance = question.tolerance, .items = {}, .next_cursor = {}};
  std::string after = page->after;
  std::size_t rows = 0;
  for (std::int64_t looked_at = 0; looked_at < kMostJobs && rows < kMostRows;) {
    const std::int64_t room = page->limit - std::ssize(report.items);
    if (room == 0) break;
    auto listed = call.reads().jobs().list(filter, {.limit = room, .after = after});
    if (!listed) return base::fail(listed.error());
    for (const model::Job& job : listed->items) {
      if (!job.spec.shadow) continue;
      Comparison comparison(call, job, question);
      report.items.push_back(comparison.make());
      rows += comparison.rows();
    }
    looked_at += room;
    after = listed->next;
    if (after.empty()) return report;
  }
  report.next_cursor = after;
  return report;
}

}  // namespace

void get_shadow_report(const CallPtr& call) {
  const auto question = read_question(*call);
  if (!question) return call->fail(question.error());
  const std::string name = call->query("job");
  if (name.empty()) {
    const auto report = compare_all(*call, *question);
    return report ? call->answer_with(*report) : call->fail(report.error());
  }
  const auto job = find_job(*call, name);
  if (!job) return call->fail(job.error());
  if (!job->spec.shadow) return call->fail(no_shadow(*job).error());
  ShadowReport report{.tolerance = question->tolerance, .items = {}, .next_cursor = {}};
  report.items.push_back(Comparison(*call, *job, *question).make());
  call->answer_with(report);
}

// Conditional on the version that was looked at, as revert_job() is.
void promote_job(const CallPtr& call) {
  const auto if_version = call->if_match();
  if (!if_version) return call->fail(if_version.error());
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  if (!job->spec.shadow) return call->fail(no_shadow(*job).error());
  model::JobSpec spec = job->spec;
  spec.shadow = false;
  if (auto able = check_supported({&spec, 1}); !able) return call->fail(able.error());
  auto command = make_change(*call, std::move(spec), if_version->value_or(job->version));
  call->apply(std::move(command), [](Call& self, const store::JobsApplied& reply) {
    answer_job_later(self, reply.jobs.front().id);
  });
}

}  // namespace mainspring::api
