#include "icalendar/zones.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/core.h>

#include "icalendar/values.h"

namespace mainspring::icalendar {
namespace {

namespace chr = std::chrono;

using cron::LocalTime;

constexpr std::size_t kMostOnsets = 10'000;  // two a year since 1601 are 1,200
// Of one file. cctz remembers every name it was ever asked for, right or wrong.
constexpr std::size_t kMostZones = 100;

chr::sys_seconds as_if_utc(LocalTime local) { return chr::sys_seconds{local.time_since_epoch()}; }

chr::sys_seconds to_instant(const cron::TimeZone& zone, LocalTime local) {
  // No zone is further than this from UTC, and none sets its clock three times in four days.
  constexpr chr::hours kFarthestOffset{48};
  constexpr int kMostSpans = 4;
  cron::OffsetSpan span = zone.span_at(as_if_utc(local) - kFarthestOffset);
  for (int i = 1; i < kMostSpans && as_if_utc(local) - span.offset >= span.end; ++i) {
    const cron::OffsetSpan next = zone.span_at(span.end);
    if (as_if_utc(local) - next.offset < next.begin) break;  // in the gap between the two
    span = next;
  }
  return as_if_utc(local) - span.offset;
}

chr::sys_seconds to_instant(const std::vector<Onset>& onsets, LocalTime local) {
  const auto later = [](LocalTime at, const Onset& onset) { return at < onset.at; };
  const auto next = std::upper_bound(onsets.begin(), onsets.end(), local, later);
  if (next == onsets.begin()) return as_if_utc(local) - next->before;
  const Onset& last = *(next - 1);
  const bool in_gap = local < last.at + (last.after - last.before);
  return as_if_utc(local) - (in_gap ? last.before : last.after);
}

std::unexpected<base::Error> refuse(int line, std::string_view sentence) {
  return base::fail(base::Code::invalid_argument, fmt::format("line {}: {}", line, sentence));
}

const Line* find_line(const Component& component, std::string_view name) {
  const auto found = std::ranges::find(component.lines, name, &Line::name);
  return found == component.lines.end() ? nullptr : &*found;
}

base::Result<chr::seconds> read_offset(const Component& part, std::string_view name) {
  const Line* line = find_line(part, name);
  if (line == nullptr) return refuse(part.line, fmt::format("{} is missing", name));
  const auto offset = parse_offset(line->value);
  if (!offset) return refuse(line->number, offset.error().message);
  return *offset;
}

// The local times at which one STANDARD or DAYLIGHT part begins to hold.
class Onsets {
 public:
  Onsets(const Component& part, LocalTime until, Work& work)
      : part_(part), until_(until), work_(work) {}

  base::Result<std::vector<LocalTime>> read() {
    const Line* line = find_line(part_, "DTSTART");
    if (line == nullptr) return refuse(part_.line, "DTSTART is missing");
    const auto start = parse_stamp(line->value);
    if (!start) return refuse(line->number, start.error().message);
    start_ = start->local;
    times_.push_back(start_);
    for (const Line& other : part_.lines) {
      if (auto added = add(other); !added) return base::fail(std::move(added.error()));
    }
    if (times_.size() > kMostOnsets) return refuse(part_.line, "it sets the clock too often");
    return std::move(times_);
  }

 private:
  base::Result<void> add(const Line& line) {
    if (line.name == "RRULE") {
      const auto rule = parse_rule(line.value);
      if (!rule) return refuse(line.number, rule.error().message);
      const auto unfolded = unfold(*rule, {start_, false}, {start_, until_}, work_);
      times_.insert(times_.end(), unfolded.begin(), unfolded.end());
    } else if (line.name == "RDATE") {
      for (const std::string_view text : split(line.value, ',')) {
        const auto stamp = parse_stamp(text.substr(0, text.find('/')));
        if (!stamp) return refuse(line.number, stamp.error().message);
        times_.push_back(stamp->local);
      }
    }
    return {};
  }

  const Component& part_;
  const LocalTime until_;
  Work& work_;
  LocalTime start_;
  std::vector<LocalTime> times_;
};

base::Result<Zone> read_zone(const Component& component, LocalTime until, Work& work) {
  std::vector<Onset> onsets;
  for (const Component& part : component.parts) {
    if (part.name != "STANDARD" && part.name != "DAYLIGHT") continue;
    const auto before = read_offset(part, "TZOFFSETFROM");
    if (!before) return base::fail(before.error());
    const auto after = read_offset(part, "TZOFFSETTO");
    if (!after) return base::fail(after.error());
    const auto times = Onsets{part, until, work}.read();
    if (!times) return base::fail(times.error());
    for (const LocalTime at : *times)
      onsets.push_back({at, *before, *after});
  }
  if (onsets.empty()) return refuse(component.line, "it has neither STANDARD nor DAYLIGHT");
  return Zone{std::move(onsets)};
}

}  // namespace

Zone::Zone(std::vector<Onset> onsets) {
  const auto order = [](const Onset& o) { return std::tuple{o.at, o.before, o.after}; };
  std::ranges::sort(onsets, {}, order);
  rules_ = std::move(onsets);
}

chr::sys_seconds Zone::to_instant(LocalTime local) const {
  return std::visit([local](const auto& rules) { return icalendar::to_instant(rules, local); },
                    rules_);
}

Zones::Zones(const Component& calendar, LocalTime until, Work& work) {
  for (const Component& part : calendar.parts) {
    const Line* id = part.name == "VTIMEZONE" ? find_line(part, "TZID") : nullptr;
    if (id == nullptr || ++looked_up_ > kMostZones || cron::TimeZone::load(id->value)) continue;
    zones_.emplace(id->value, read_zone(part, until, work));
  }
}

base::Result<const Zone*> Zones::find(std::string_view tzid) {
  auto known = zones_.find(tzid);
  if (known == zones_.end() && ++looked_up_ > kMostZones)
    return base::fail(base::Code::invalid_argument,
                      fmt::format("the file names more than {} time zones", kMostZones));
  if (known == zones_.end()) {
    auto loaded = cron::TimeZone::load(tzid);
    known = zones_
                .emplace(tzid, loaded ? base::Result<Zone>{Zone{*std::move(loaded)}}
                                      : base::Result<Zone>{std::unexpected(loaded.error())})
                .first;
  }
  if (known->second) return &*known->second;
  return base::fail(base::Code::invalid_argument,
                    fmt::format("the time zone '{}' cannot be used: {}", to_one_line(tzid),
                                known->second.error().message));
}

}  // namespace mainspring::icalendar
