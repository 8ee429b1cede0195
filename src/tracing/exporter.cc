#include "tracing/exporter.h"

#include <algorithm>
#include <exception>
#include <iterator>

#include <fmt/core.h>

#include "trace/run_spans.h"

namespace mainspring::tracing {
namespace {

using std::chrono::steady_clock;

constexpr std::int64_t kEventsPerRead = 500;
// An event gives two spans at most.
constexpr std::size_t kRoomToRead = kOutbox - 2 * kEventsPerRead;
constexpr base::Duration kLongestRest = std::chrono::minutes{1};
constexpr std::string_view kEnded[] = {"run.succeeded", "run.failed", "run.cancelled",
                                       "run.timed_out", "run.skipped"};

bool is_end(const model::Event& event) { return std::ranges::count(kEnded, event.type) > 0; }

int attempt_of(const model::Event& event) {
  const auto* object = event.payload.if_object();
  const auto* number = object == nullptr ? nullptr : object->if_contains("attempt");
  return number != nullptr && number->is_int64() ? static_cast<int>(number->as_int64()) : 0;
}

// Whether the run's end was that of this attempt; one that waited for its next had ended before.
bool ended_with(const model::Run& run, const model::Attempt& attempt) {
  return attempt.finished_at == run.summary.finished_at;
}

// As the text of OTLP/HTTP says: these may pass, all others will not.
bool may_pass(const Answer& answer) {
  return answer.status == 0 || answer.status == 429 || answer.status == 502 ||
         answer.status == 503 || answer.status == 504;
}

base::Duration until(steady_clock::time_point then, steady_clock::time_point now) {
  return std::max(base::Duration{0}, std::chrono::ceil<base::Duration>(then - now));
}

}  // namespace

std::string traces_url(std::string endpoint) {
  constexpr std::string_view kPath = "/v1/traces";
  while (endpoint.ends_with('/'))
    endpoint.pop_back();
  return endpoint.ends_with(kPath) ? endpoint : endpoint.append(kPath);
}

Exporter::Exporter(const Parts& parts, Settings settings, const Start& start)
    : parts_(parts),
      settings_(std::move(settings)),
      counters_(start.counters),
      postman_(traces_url(settings_.endpoint), settings_.headers),
      known_position_(start.after),
      position_(start.after) {
  thread_ = std::thread([this] { work(); });
}

Exporter::~Exporter() { finish(base::Duration{0}); }

void Exporter::record(trace::Span span) {
  {
    const std::scoped_lock lock(mutex_);
    if (outbox_.size() >= kOutbox || finish_by_) return counters_.dropped.add();
    if (outbox_.empty()) first_at_ = steady_clock::now();
    outbox_.push_back(std::move(span));
  }
  if (is_resting_.load()) postman_.wake();
}

void Exporter::on_events(std::int64_t last_position) {
  known_position_.store(last_position);
  if (is_resting_.load()) postman_.wake();
}

void Exporter::finish(base::Duration patience) {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    finish_by_ = steady_clock::now() + patience;
  }
  postman_.wake();
  thread_.join();
  drop_rest();
}

void Exporter::work() {
  while (true) {
    const Time now = steady_clock::now();
    try {
      follow();
      if (const auto answer = postman_.step()) settle(*answer, now);
      send(now);
    } catch (const std::exception& failure) {
      // A store that cannot answer, or no memory: what was meant to be sent can wait.
      reads_.reset();
      next_look_ = next_try_ = now + kLongestRetry;
      parts_.log.say(base::LogLevel::warn, "traces wait",
                     {{"reason", std::string{failure.what()}}});
    }
    if (is_over(now)) return;
    rest();
  }
}

// What comes soon anyway need not be announced: many commits make one look at the event log.
void Exporter::rest() {
  is_resting_.store(true);  // before the look at what there is to do: no announcement is missed
  const base::Duration time = time_to_wait(steady_clock::now());
  if (time <= kBatchDelay) is_resting_.store(false);
  postman_.wait(time);
  is_resting_.store(false);
}

bool Exporter::is_finishing() const {
  const std::scoped_lock lock(mutex_);
  return finish_by_.has_value();
}

bool Exporter::is_over(Time now) const {
  const std::scoped_lock lock(mutex_);
  if (!finish_by_) return false;
  const bool is_done = outbox_.empty() && batch_.empty() && position_ >= known_position_.load();
  return is_done || now >= *finish_by_;
}

std::size_t Exporter::waiting() const {
  const std::scoped_lock lock(mutex_);
  return outbox_.size();
}

void Exporter::follow() {
  const Time now = steady_clock::now();
  if (now < next_look_ && !is_finishing()) return;
  if (position_ >= known_position_.load()) return;
  if (!reads_) reads_ = parts_.store.open_reads();
  while (position_ < known_position_.load() && waiting() <= kRoomToRead) {
    const auto events = reads_->events().after({}, position_, kEventsPerRead);
    for (const model::Event& event : events)
      follow_event(*reads_, event);
    position_ = events.empty() ? known_position_.load() : events.back().position;
  }
  next_look_ = now + kBatchDelay;
}

void Exporter::follow_event(store::Reads& reads, const model::Event& event) {
  const bool has_ended = is_end(event);
  if (!has_ended && event.type != "run.retrying") return;
  const int number = attempt_of(event);
  if (event.time + kLongestLag < parts_.clock.now()) {
    return counters_.dropped.add(has_ended && number > 0 ? 2 : 1);
  }
  const auto id = base::RunId::parse(event.subject);
  if (!id) return;
  const auto run = reads.runs().find(event.tenant, *id);
  if (!run) return counters_.dropped.add();
  std::vector<trace::Span> spans;
  const auto attempt = std::ranges::find(run->attempts, number, &model::Attempt::number);
  if (attempt != run->attempts.end() && (!has_ended || ended_with(*run, *attempt))) {
    if (auto span = trace::make_attempt_span(*run, number, policy()))
      spans.push_back(std::move(*span));
  }
  if (has_ended) {
    if (auto span = trace::make_run_span(*run, policy())) spans.push_back(std::move(*span));
  }
  if (spans.empty()) return;
  const std::scoped_lock lock(mutex_);
  if (outbox_.empty()) first_at_ = steady_clock::now();
  std::ranges::move(spans, std::back_inserter(outbox_));
}

void Exporter::send(Time now) {
  if (postman_.is_busy() || (now < next_try_ && !is_finishing())) return;
  if (batch_.empty()) {
    const std::scoped_lock lock(mutex_);
    const bool is_time = first_at_ && now >= *first_at_ + kBatchDelay;
    if (outbox_.empty() || (outbox_.size() < kBatch && !is_time && !finish_by_)) return;
    const auto end = outbox_.begin() + std::min(std::ssize(outbox_), std::ptrdiff_t{kBatch});
    batch_.assign(std::make_move_iterator(outbox_.begin()), std::make_move_iterator(end));
    outbox_.erase(outbox_.begin(), end);
    if (outbox_.empty()) first_at_.reset();
  }
  postman_.post(trace::write_otlp(batch_, settings_.source));
}

void Exporter::settle(const Answer& answer, Time now) {
  if (answer.status < 200 || answer.status > 299) return fail(answer, now);
  const auto rejected = trace::read_rejection(answer.body);
  const auto count =
      static_cast<std::uint64_t>(std::clamp<std::int64_t>(rejected.spans, 0, std::ssize(batch_)));
  counters_.exported.add(batch_.size() - count);
  counters_.dropped.add(count);
  if (count > 0 && !std::exchange(has_told_rejection_, true)) {
    parts_.log.say(base::LogLevel::warn, "the collector does not take all spans",
                   {{"endpoint", settings_.endpoint}, {"reason", rejected.reason}});
  }
  if (std::exchange(is_failing_, false)) {
    parts_.log.say(base::LogLevel::info, "the collector takes spans again",
                   {{"endpoint", settings_.endpoint}});
  }
  batch_.clear();
  pause_ = kFirstRetry;
}

void Exporter::fail(const Answer& answer, Time now) {
  const std::string reason = answer.status == 0
                                 ? answer.problem
                                 : fmt::format("it answered with status {}", answer.status);
  if (!std::exchange(is_failing_, true)) {
    parts_.log.say(base::LogLevel::warn,
                   "the collector does not take spans; they wait, and runs go on",
                   {{"endpoint", settings_.endpoint}, {"reason", reason}});
  }
  if (!may_pass(answer)) {
    counters_.dropped.add(batch_.size());
    batch_.clear();
  }
  // Somewhere in the second half, so that nodes which failed together do not come back together.
  const auto half = static_cast<std::uint64_t>(pause_.count()) / 2;
  const base::Duration spread{
      static_cast<std::int64_t>(half + env::random_below(parts_.random, half + 1))};
  next_try_ = now + std::max(spread, answer.retry_after.value_or(base::Duration{0}));
  pause_ = std::min(2 * pause_, kLongestRetry);
  const std::scoped_lock lock(mutex_);
  if (finish_by_) finish_by_ = now;  // nobody waits for a second try
}

base::Duration Exporter::time_to_wait(Time now) const {
  base::Duration time = kLongestRest;
  const auto sooner = [&](Time then) { time = std::min(time, until(then, now)); };
  const std::scoped_lock lock(mutex_);
  if (finish_by_) sooner(*finish_by_);
  const bool may_read = outbox_.size() <= kRoomToRead;
  if (position_ < known_position_.load() && may_read) sooner(std::max(next_look_, now));
  if (postman_.is_busy()) return time;
  if (!batch_.empty()) sooner(next_try_);
  if (batch_.empty() && first_at_) {
    const bool is_full = outbox_.size() >= kBatch || finish_by_;
    sooner(std::max(next_try_, is_full ? now : *first_at_ + kBatchDelay));
  }
  return time;
}

void Exporter::drop_rest() {
  const std::scoped_lock lock(mutex_);
  const std::size_t left = outbox_.size() + batch_.size();
  const std::int64_t unread = known_position_.load() - position_;
  outbox_.clear();
  batch_.clear();
  if (left == 0 && unread <= 0) return;
  counters_.dropped.add(left);
  parts_.log.say(base::LogLevel::warn, "spans were not sent before the end",
                 {{"spans", static_cast<std::int64_t>(left)}, {"events_unread", unread}});
}

}  // namespace mainspring::tracing
