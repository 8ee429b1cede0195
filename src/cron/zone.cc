#include "cron/zone.h"

#include <algorithm>
#include <array>

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>
#include <fmt/core.h>

#include "base/text.h"

namespace mainspring::cron {
namespace {

namespace chr = std::chrono;

// Far outside the years of a cron expression, near enough that no sum of them overflows.
constexpr chr::sys_seconds kFirst = chr::sys_days{chr::year{1900} / 1 / 1};
constexpr chr::sys_seconds kLast = chr::sys_days{chr::year{2300} / 1 / 1};

constexpr std::size_t kLongestName = 64;  // the longest IANA name has 32 characters

// Names that people mean; the database itself cannot be listed without reading a folder.
constexpr std::array<std::string_view, 92> kCommonNames{"UTC",
                                                        "Etc/UTC",
                                                        "GMT",
                                                        "Europe/London",
                                                        "Europe/Dublin",
                                                        "Europe/Lisbon",
                                                        "Europe/Madrid",
                                                        "Europe/Paris",
                                                        "Europe/Brussels",
                                                        "Europe/Amsterdam",
                                                        "Europe/Luxembourg",
                                                        "Europe/Zurich",
                                                        "Europe/Berlin",
                                                        "Europe/Vienna",
                                                        "Europe/Rome",
                                                        "Europe/Prague",
                                                        "Europe/Warsaw",
                                                        "Europe/Budapest",
                                                        "Europe/Belgrade",
                                                        "Europe/Copenhagen",
                                                        "Europe/Oslo",
                                                        "Europe/Stockholm",
                                                        "Europe/Helsinki",
                                                        "Europe/Tallinn",
                                                        "Europe/Riga",
                                                        "Europe/Vilnius",
                                                        "Europe/Athens",
                                                        "Europe/Bucharest",
                                                        "Europe/Sofia",
                                                        "Europe/Kyiv",
                                                        "Europe/Istanbul",
                                                        "Europe/Minsk",
                                                        "Europe/Moscow",
                                                        "Atlantic/Reykjavik",
                                                        "Atlantic/Azores",
                                                        "Africa/Cairo",
                                                        "Africa/Casablanca",
                                                        "Africa/Johannesburg",
                                                        "Africa/Lagos",
                                                        "Africa/Nairobi",
                                                        "Africa/Algiers",
                                                        "Africa/Tunis",
                                                        "America/New_York",
                                                        "America/Chicago",
                                                        "America/Denver",
                                                        "America/Phoenix",
                                                        "America/Los_Angeles",
                                                        "America/Anchorage",
                                                        "America/Halifax",
                                                        "America/St_Johns",
                                                        "America/Toronto",
                                                        "America/Winnipeg",
                                                        "America/Edmonton",
                                                        "America/Vancouver",
                                                        "America/Mexico_City",
                                                        "America/Havana",
                                                        "America/Bogota",
                                                        "America/Lima",
                                                        "America/Caracas",
                                                        "America/Santiago",
                                                        "America/Asuncion",
                                                        "America/Argentina/Buenos_Aires",
                                                        "America/Sao_Paulo",
                                                        "Pacific/Honolulu",
                                                        "Asia/Jerusalem",
                                                        "Asia/Beirut",
                                                        "Asia/Baghdad",
                                                        "Asia/Riyadh",
                                                        "Asia/Dubai",
                                                        "Asia/Tehran",
                                                        "Asia/Karachi",
                                                        "Asia/Kolkata",
                                                        "Asia/Kathmandu",
                                                        "Asia/Dhaka",
                                                        "Asia/Tashkent",
                                                        "Asia/Almaty",
                                                        "Asia/Bangkok",
                                                        "Asia/Ho_Chi_Minh",
                                                        "Asia/Jakarta",
                                                        "Asia/Singapore",
                                                        "Asia/Kuala_Lumpur",
                                                        "Asia/Manila",
                                                        "Asia/Shanghai",
                                                        "Asia/Hong_Kong",
                                                        "Asia/Taipei",
                                                        "Asia/Seoul",
                                                        "Asia/Tokyo",
                                                        "Australia/Perth",
                                                        "Australia/Adelaide",
                                                        "Australia/Brisbane",
                                                        "Australia/Sydney",
                                                        "Pacific/Auckland"};

// cctz also takes paths, fixed offsets and the machine's own zone; a schedule must not depend on
// any of them. The right/ names count leap seconds, which instants here do not.
bool is_zone_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '-' || c == '+';
  };
  return !name.empty() && name.size() <= kLongestName && std::ranges::all_of(name, allowed) &&
         !name.starts_with('/') && name != "localtime" && name != "posixrules" &&
         name != "Factory" && !name.starts_with("Fixed/") && !name.starts_with("right/");
}

chr::sys_seconds as_if_utc(const cctz::civil_second& civil) {
  const auto seconds = civil - cctz::civil_second{1970, 1, 1, 0, 0, 0};
  return chr::sys_seconds{chr::seconds{seconds}};
}

chr::seconds zone_offset(const cctz::time_zone& zone, chr::sys_seconds instant) {
  return chr::seconds{zone.lookup(instant).offset};
}

// Both walk over changes of a zone's name or of its summer flag that leave the clock alone.
void find_end(const cctz::time_zone& zone, chr::sys_seconds instant, OffsetSpan& span) {
  cctz::time_zone::civil_transition change;
  for (chr::sys_seconds at = instant; at < kLast && zone.next_transition(at, &change);) {
    at = as_if_utc(change.from) - span.offset;
    if (change.from == change.to) continue;
    span.end = at;
    span.offset_after = span.offset + chr::seconds{change.to - change.from};
    return;
  }
}

void find_begin(const cctz::time_zone& zone, chr::sys_seconds instant, OffsetSpan& span) {
  cctz::time_zone::civil_transition change;
  for (chr::sys_seconds at = instant + chr::seconds{1};
       at > kFirst && zone.prev_transition(at, &change);) {
    at = as_if_utc(change.to) - span.offset;
    if (change.from == change.to) continue;
    span.begin = at;
    span.offset_before = span.offset - chr::seconds{change.to - change.from};
    return;
  }
}

}  // namespace

base::Result<TimeZone> TimeZone::load(std::string_view name) {
  TimeZone loaded;
  if (name == "UTC") return loaded;
  cctz::time_zone zone;
  if (!is_zone_name(name) || !cctz::load_time_zone(std::string{name}, &zone)) {
    std::string close = base::find_closest(name, kCommonNames);
    std::string message =
        fmt::format("'{}' is not a time zone of the tz database; write {}", name,
                    close.empty() ? "a name such as Europe/Berlin or UTC" : close);
    base::Problem problem{"", 0, 0, message, std::move(close)};
    return base::fail(base::Error{base::Code::invalid_argument, std::move(message), {problem}});
  }
  loaded.zone_ = std::make_shared<const cctz::time_zone>(zone);
  return loaded;
}

std::string TimeZone::name() const { return zone_ ? zone_->name() : "UTC"; }

OffsetSpan TimeZone::span_at(chr::sys_seconds instant) const {
  const chr::seconds offset = zone_ ? zone_offset(*zone_, instant) : chr::seconds{0};
  OffsetSpan span{kFirst, kLast, offset, offset, offset};
  if (zone_) {
    find_end(*zone_, instant, span);
    find_begin(*zone_, instant, span);
  }
  return span;
}

chr::seconds TimeZone::offset_at(base::Instant instant) const {
  return zone_ ? zone_offset(*zone_, chr::floor<chr::seconds>(instant)) : chr::seconds{0};
}

LocalTime TimeZone::to_local(base::Instant instant) const {
  const auto seconds = chr::floor<chr::seconds>(instant);
  return LocalTime{seconds.time_since_epoch() + offset_at(instant)};
}

std::string format_local(LocalTime local) {
  const auto day = chr::floor<chr::days>(local);
  const chr::year_month_day date{day};
  const chr::hh_mm_ss time{local - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string format_local(base::Instant instant, const TimeZone& zone) {
  const std::string local = format_local(zone.to_local(instant));
  return local + (zone.name() == "UTC" ? "Z" : format_offset(zone.offset_at(instant)));
}

std::string format_offset(chr::seconds offset) {
  const auto total = offset.count() < 0 ? -offset.count() : offset.count();
  std::string out =
      fmt::format("{}{:02}:{:02}", offset.count() < 0 ? '-' : '+', total / 3600, total / 60 % 60);
  if (total % 60 != 0) out += fmt::format(":{:02}", total % 60);
  return out;
}

}  // namespace mainspring::cron
