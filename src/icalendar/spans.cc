#include "icalendar/spans.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <fmt/core.h>

namespace mainspring::icalendar {
namespace {

namespace chr = std::chrono;

using cron::LocalTime;

// No zone is further than this from another.
constexpr chr::hours kFarthestOffset{48};
// Looking up a clock change costs about as much as looking at so many days of a rule, and an
// instant is looked up with each time.
constexpr std::int64_t kStepsPerLookup = 20;

chr::local_days date_of(const Moment& moment) { return chr::floor<chr::days>(moment.local); }

// One time of an event.
struct Instance {
  Moment start;
  chr::sys_seconds key;
  Length length;
};

// The times that EXDATE or RECURRENCE-ID name. Programs mix dates and times there; a date stands
// for all times of its day.
class MomentSet {
 public:
  void add(const Moment& moment) {
    if (moment.is_date()) {
      dates_.push_back(date_of(moment));
    } else {
      keys_.push_back(moment.key());
      dates_of_times_.push_back(date_of(moment));
    }
  }

  void sort() {
    std::ranges::sort(keys_);
    std::ranges::sort(dates_);
    std::ranges::sort(dates_of_times_);
  }

  bool contains(const Instance& instance) const {
    const chr::local_days date = date_of(instance.start);
    if (std::ranges::binary_search(dates_, date)) return true;
    return instance.start.is_date() ? std::ranges::binary_search(dates_of_times_, date)
                                    : std::ranges::binary_search(keys_, instance.key);
  }

 private:
  std::vector<chr::sys_seconds> keys_;
  std::vector<chr::local_days> dates_;
  std::vector<chr::local_days> dates_of_times_;
};

// Past an UNTIL in UTC, which unfold() takes generously. The first time stands for itself.
bool is_past_until(const Rule& rule, const Moment& at, const Moment& first) {
  return rule.until && rule.until->is_utc && at.local != first.local &&
         at.key() > chr::sys_seconds{rule.until->local.time_since_epoch()};
}

class Spans {
 public:
  Spans(const Window& window, Work& work, Imported& out)
      : window_(window),
        begin_{window.from},
        end_{window.until + chr::days{1}},
        work_(work),
        out_(out) {}

  void add_event(const Event& event, const MomentSet& replaced) {
    MomentSet excepted;
    for (const Moment& moment : event.excepted)
      excepted.add(moment);
    excepted.sort();
    for (const Instance& instance : instances(event)) {
      if (is_full()) return;
      if (!excepted.contains(instance) && !replaced.contains(instance))
        add_instance(instance, event.summary);
    }
  }

  void add_override(const Event& event) {
    add_instance({event.start, event.start.key(), event.length}, event.summary);
  }

  bool is_full() const {
    return work_.exhausted() || out_.dates.size() + out_.times.size() > kMostSpans;
  }

 private:
  // Every time the event has in the window; a few around it may come along.
  std::vector<Instance> instances(const Event& event) {
    std::vector<Instance> found;
    const auto add = [&](const Moment& start, const Length& length) {
      work_.spend(kStepsPerLookup);
      found.push_back({start, start.key(), length});
    };
    const LocalRange range{begin_ - event.length.days - event.length.seconds - kFarthestOffset,
                           end_ + kFarthestOffset};
    const RuleStart first{event.start.local, event.start.is_date()};
    if (event.rules.empty()) add(event.start, event.length);
    for (const Rule& rule : event.rules) {
      for (const LocalTime at : unfold(rule, first, range, work_)) {
        if (work_.exhausted()) return found;
        const Moment start{at, event.start.zone};
        if (!is_past_until(rule, start, event.start)) add(start, event.length);
      }
    }
    for (const ExtraTime& extra : event.extra)
      add(extra.start, extra.length.value_or(event.length));
    return found;
  }

  void add_instance(const Instance& instance, const std::string& summary) {
    if (instance.start.is_date())
      add_dates(instance, summary);
    else
      add_times(instance, summary);
  }

  void add_dates(const Instance& instance, const std::string& summary) {
    const auto first = date_of(instance.start);
    const auto last = first + instance.length.days - chr::days{1};
    if (last < window_.from || first > window_.until) return;
    out_.dates.push_back({std::max(first, window_.from), std::min(last, window_.until), summary});
  }

  void add_times(const Instance& instance, const std::string& summary) {
    const Moment last_day{instance.start.local + instance.length.days, instance.start.zone};
    // As far around the window as any clock change that matters.
    const auto around = [](LocalTime local) { return chr::sys_seconds{local.time_since_epoch()}; };
    const auto from = std::max(instance.key, around(begin_) - kFarthestOffset);
    const auto until =
        std::min(last_day.key() + instance.length.seconds, around(end_) + kFarthestOffset);
    if (until <= from) return;
    const auto [begin, end] = shown_between(from, until);
    if (end <= begin_ || begin >= end_) return;
    out_.times.push_back({std::max(begin, begin_), std::min(end, end_), summary});
  }

  // The earliest and the latest that a clock shows from one instant to another: where it is set
  // back in between, neither need be at an end.
  std::pair<LocalTime, LocalTime> shown_between(chr::sys_seconds from, chr::sys_seconds until) {
    std::pair shown{LocalTime::max(), LocalTime::min()};
    for (chr::sys_seconds at = from; at < until;) {
      const cron::OffsetSpan span = window_.zone.span_at(at);
      const chr::sys_seconds end = span.end > at ? std::min(until, span.end) : until;
      shown.first = std::min(shown.first, LocalTime{at.time_since_epoch() + span.offset});
      shown.second = std::max(shown.second, LocalTime{end.time_since_epoch() + span.offset});
      work_.spend(kStepsPerLookup);
      at = end;
    }
    return shown;
  }

  const Window& window_;
  const LocalTime begin_;
  const LocalTime end_;
  Work& work_;
  Imported& out_;
};

void note_event_without_length(const Event& event, Imported& out) {
  constexpr std::size_t kMostNotes = 100;
  const bool none = event.length.days + event.length.seconds == chr::seconds{0};
  if (none && !event.start.is_date() && out.notes.size() < kMostNotes)
    out.notes.push_back(fmt::format("line {}: the event '{}' has no length, so it covers nothing",
                                    event.line, event.summary));
}

}  // namespace

void add_spans(const std::vector<Event>& events, const Window& window, Work& work, Imported& out) {
  std::map<std::string_view, MomentSet> replaced;
  for (const Event& event : events) {
    if (event.replaces) replaced[event.uid].add(*event.replaces);
  }
  for (auto& [uid, moments] : replaced)
    moments.sort();
  Spans spans{window, work, out};
  for (const Event& event : events) {
    if (spans.is_full()) return;
    if (event.is_cancelled) continue;
    note_event_without_length(event, out);
    const auto own = replaced.find(event.uid);
    if (event.replaces)
      spans.add_override(event);
    else
      spans.add_event(event, own == replaced.end() ? MomentSet{} : own->second);
  }
}

}  // namespace mainspring::icalendar
