#include "icalendar/events.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "base/text.h"

namespace mainspring::icalendar {
namespace {

namespace chr = std::chrono;

std::unexpected<base::Error> refuse(std::string message) {
  return base::fail(base::Code::invalid_argument, std::move(message));
}

// From a start to an end. An event of dates that ends where it begins has one day, as many
// programs write it.
base::Result<Length> length_between(const Moment& start, const Moment& end) {
  if (start.is_date() != end.is_date())
    return refuse("the start and the end must both be dates, or both be times");
  const chr::seconds seconds = end.key() - start.key();
  if (seconds < chr::seconds{0}) return refuse("the end is before the start");
  if (!start.is_date()) return Length{{}, seconds};
  return Length{std::max(chr::days{1}, chr::floor<chr::days>(seconds)), {}};
}

class EventReader {
 public:
  EventReader(const ZoneContext& context, Mistakes& mistakes)
      : context_(context), mistakes_(mistakes) {}

  // Nothing where it has mistakes.
  std::optional<Event> read(const Component& component) {
    event_.line = component.line;
    for (const Line& line : component.lines) {
      if (auto done = read_line(line); !done) note(line.number, done.error().message);
    }
    if (starts_ != 1)
      note(component.line,
           starts_ == 0 ? "the event has no DTSTART" : "the event has more than one DTSTART");
    if (is_right_) settle_length(component);
    if (event_.replaces && !(event_.rules.empty() && event_.extra.empty()))
      note(component.line,
           "an event with RECURRENCE-ID stands for one time, so it has no RRULE "
           "and no RDATE");
    return is_right_ ? std::optional{std::move(event_)} : std::nullopt;
  }

 private:
  void note(int line, std::string message) {
    is_right_ = false;
    mistakes_.add(line, std::move(message));
  }

  void settle_length(const Component& component) {
    if (auto length = find_length(); length)
      event_.length = *length;
    else
      note(component.line, "the event: " + length.error().message);
  }

  base::Result<void> read_line(const Line& line) {
    if (line.name == "UID") event_.uid = line.value;
    if (line.name == "SUMMARY") event_.summary = to_one_line(line.value);
    if (line.name == "STATUS") event_.is_cancelled = base::to_upper(line.value) == "CANCELLED";
    if (line.name == "DTSTART") return read_start(line);
    if (line.name == "DTEND") return read_end(line);
    if (line.name == "DURATION") return read_duration(line);
    if (line.name == "RRULE") return read_rule(line);
    if (line.name == "RDATE") return read_extra(line);
    if (line.name == "EXDATE") return read_excepted(line);
    if (line.name == "RECURRENCE-ID") return read_replaced(line);
    if (line.name == "EXRULE") return refuse("EXRULE is not read; list the dates with EXDATE");
    return {};
  }

  base::Result<Moment> read_moment(const Line& line, std::string_view text) {
    const auto stamp = parse_stamp(text);
    if (!stamp) return refuse(fmt::format("{}: {}", line.name, stamp.error().message));
    const std::string_view tzid = line.parameter("TZID");
    if (stamp->is_date) return Moment{stamp->local, nullptr};
    if (stamp->is_utc) return Moment{stamp->local, &context_.utc};
    if (tzid.empty()) return Moment{stamp->local, &context_.floating};
    const auto zone = context_.zones.find(tzid);
    if (!zone) return refuse(fmt::format("{}: {}", line.name, zone.error().message));
    return Moment{stamp->local, *zone};
  }

  base::Result<void> read_start(const Line& line) {
    ++starts_;
    auto moment = read_moment(line, line.value);
    if (!moment) return base::fail(std::move(moment.error()));
    event_.start = *moment;
    return {};
  }

  base::Result<void> read_end(const Line& line) {
    auto moment = read_moment(line, line.value);
    if (!moment) return base::fail(std::move(moment.error()));
    end_ = *moment;
    return {};
  }

  base::Result<void> read_duration(const Line& line) {
    auto length = parse_length(line.value);
    if (!length) return refuse("DURATION: " + length.error().message);
    duration_ = *length;
    return {};
  }

  base::Result<void> read_rule(const Line& line) {
    auto rule = parse_rule(line.value);
    if (!rule) return base::fail(std::move(rule.error()));
    event_.rules.push_back(*std::move(rule));
    return {};
  }

  base::Result<void> read_extra(const Line& line) {
    for (const std::string_view text : split(line.value, ',')) {
      const std::size_t slash = std::min(text.find('/'), text.size());
      auto start = read_moment(line, text.substr(0, slash));
      if (!start) return base::fail(std::move(start.error()));
      std::optional<Length> length;
      if (slash < text.size()) {
        auto period = read_period(line, *start, text.substr(slash + 1));
        if (!period) return base::fail(std::move(period.error()));
        length = *period;
      }
      event_.extra.push_back({*start, length});
    }
    return {};
  }

  base::Result<Length> read_period(const Line& line, const Moment& start, std::string_view end) {
    if (end.starts_with('P') || end.starts_with('+')) return parse_length(end);
    auto moment = read_moment(line, end);
    if (!moment) return base::fail(std::move(moment.error()));
    return length_between(start, *moment);
  }

  base::Result<void> read_excepted(const Line& line) {
    for (const std::string_view text : split(line.value, ',')) {
      auto moment = read_moment(line, text);
      if (!moment) return base::fail(std::move(moment.error()));
      event_.excepted.push_back(*moment);
    }
    return {};
  }

  base::Result<void> read_replaced(const Line& line) {
    if (!line.parameter("RANGE").empty())
      return refuse("RECURRENCE-ID with RANGE is not read; write one override for each time");
    auto moment = read_moment(line, line.value);
    if (!moment) return base::fail(std::move(moment.error()));
    event_.replaces = *moment;
    return {};
  }

  base::Result<Length> find_length() const {
    if (end_ && duration_) return refuse("DTEND and DURATION exclude each other");
    if (end_) return length_between(event_.start, *end_);
    if (!duration_) return event_.start.is_date() ? Length{chr::days{1}, {}} : Length{};
    if (event_.start.is_date() && duration_->seconds != chr::seconds{0})
      return refuse("the DURATION of a date is in days or weeks");
    return *duration_;
  }

  const ZoneContext& context_;
  Mistakes& mistakes_;
  Event event_;
  std::optional<Moment> end_;
  std::optional<Length> duration_;
  int starts_ = 0;
  bool is_right_ = true;
};

}  // namespace

std::vector<Event> read_events(const Component& calendar, const ZoneContext& context,
                               Mistakes& mistakes) {
  std::vector<Event> events;
  for (const Component& part : calendar.parts) {
    if (part.name != "VEVENT") continue;
    if (auto event = EventReader{context, mistakes}.read(part)) events.push_back(*std::move(event));
  }
  return events;
}

}  // namespace mainspring::icalendar
