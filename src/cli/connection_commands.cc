// Commands about connections that do more than one request and one print.
#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/manifest_files.h"
#include "json/write.h"

namespace mainspring::cli {
namespace {

base::Result<model::ConnectionSpec> read_connection(const std::string& file) {
  auto text = read_input(file);
  if (!text) return base::fail(std::move(text.error()));
  auto manifest = model::parse_manifest(*text, format_of(file));
  if (!manifest) return base::fail(std::move(manifest.error()));
  if (manifest->connections.size() != 1 || !manifest->jobs.empty() || !manifest->queues.empty() ||
      !manifest->calendars.empty())
    return base::fail(base::Code::invalid_argument,
                      fmt::format("'{}' is not one connection alone; 'jobctl apply' takes any "
                                  "manifest",
                                  file));
  return std::move(manifest->connections.front());
}

std::string path_of(const std::string& connection) {
  return "/api/v1/connections/" + encode_segment(connection);
}

const View& report_view() {
  static const View view{{{"OK", "ok"}, {"MS", "milliseconds"}, {"SERVER", "server"}}};
  return view;
}

}  // namespace

int put_connection(Session& session, const std::string& file) {
  const auto spec = read_connection(file);
  if (!spec) return session.out().fail(spec.error(), file);
  const auto reply = session.call(
      {.method = "PUT", .path = path_of(spec->name), .body = json::write(model::canonical(*spec))});
  if (!reply) return session.out().fail(reply.error());
  session.out().print(*reply, connection_view());
  return 0;
}

int test_connection(Session& session, const std::string& connection) {
  const auto reply = session.call({.method = "POST", .path = path_of(connection) + "/test"});
  if (!reply) return session.out().fail(reply.error());
  const bool is_ok = reply->at("ok").as_bool();
  if (is_ok || !session.out().is_for_people()) session.out().print(*reply, report_view());
  if (is_ok) return 0;
  return session.out().fail(
      {base::Code::unavailable,
       fmt::format("the connection '{}' does not work: {}", connection, text_at(*reply, "error")),
       {}});
}

}  // namespace mainspring::cli
