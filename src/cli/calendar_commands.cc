// Commands about calendars that send a file.
#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/manifest_files.h"
#include "json/write.h"

namespace mainspring::cli {
namespace {

base::Result<model::CalendarSpec> read_calendar(const std::string& file) {
  auto text = read_input(file);
  if (!text) return base::fail(std::move(text.error()));
  auto manifest = model::parse_manifest(*text, format_of(file));
  if (!manifest) return base::fail(std::move(manifest.error()));
  if (manifest->calendars.size() != 1 || !manifest->jobs.empty() || !manifest->queues.empty() ||
      !manifest->connections.empty())
    return base::fail(base::Code::invalid_argument,
                      fmt::format("'{}' is not one calendar alone; 'jobctl apply' takes any "
                                  "manifest",
                                  file));
  return std::move(manifest->calendars.front());
}

std::string path_of(const std::string& calendar) {
  return "/api/v1/calendars/" + encode_segment(calendar);
}

std::string count_words(std::int64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

// "Imported 9 days or spans of days and 0 spans of times, from 2026-01-01 to 2030-12-31."
void tell_import(Session& session, const json::Object& reply) {
  const auto number = [&](const char* key) { return reply.at(key).to_number<std::int64_t>(); };
  const auto text = [&](const char* key) { return std::string(reply.at(key).as_string()); };
  session.out().note(fmt::format(
      "Imported {} and {}, from {} to {}. Days after that are not in the calendar: import again "
      "before.",
      count_words(number("dates"), "span of days", "spans of days"),
      count_words(number("times"), "span of times", "spans of times"), text("from"),
      text("until")));
  if (const auto* notes = reply.if_contains("notes")) {
    for (const json::Value& note : notes->as_array())
      session.out().note(std::string(note.as_string()));
  }
}

}  // namespace

int put_calendar(Session& session, const PutCalendarOptions& options) {
  const auto spec = read_calendar(options.file);
  if (!spec) return session.out().fail(spec.error(), options.file);
  const auto reply = session.call(
      {.method = "PUT", .path = path_of(spec->name), .body = json::write(model::canonical(*spec))});
  if (!reply) return session.out().fail(reply.error());
  session.out().print(*reply, calendar_view());
  return 0;
}

int import_calendar(Session& session, const ImportCalendarOptions& options) {
  auto text = read_input(options.file);
  if (!text) return session.out().fail(text.error());
  ApiRequest request{.method = "POST",
                     .path = path_of(options.calendar) + "/import",
                     .body = *std::move(text),
                     .content_type = "text/calendar"};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) request.query.emplace_back(name, value);
  };
  add("mode", options.mode);
  add("from", options.from);
  add("until", options.until);
  add("timezone", options.timezone);
  add("keep", options.keep ? "true" : "");
  const auto reply = session.call(request);
  if (!reply) return session.out().fail(reply.error(), options.file);
  tell_import(session, reply->as_object());
  session.out().print(reply->as_object().at("calendar"), calendar_view());
  return 0;
}

}  // namespace mainspring::cli
