// jobctl logs --last N, and --search TEXT.
#include <fmt/core.h>

#include "cli/client.h"
#include "cli/commands.h"

namespace mainspring::cli {
namespace {

ApiRequest make_request(const LogOptions& options) {
  const bool is_search = !options.search.empty();
  ApiRequest request{.path = fmt::format("/api/v1/runs/{}/log/{}", encode_segment(options.run),
                                         is_search ? "search" : "lines")};
  if (options.attempt) request.query.emplace_back("attempt", std::to_string(*options.attempt));
  if (options.last) request.query.emplace_back("last", std::to_string(*options.last));
  if (!is_search) return request;
  request.query.emplace_back("q", options.search);
  request.query.emplace_back("ignore_case", options.ignore_case ? "true" : "false");
  request.query.emplace_back("limit", "500");
  return request;
}

// "7: text"; with the attempt before it where the log has several.
void print_line(Session& session, const json::Value& line, std::string_view shown) {
  const auto text = std::string_view(line.at("text").as_string());
  const std::int64_t attempt = line.at("attempt").to_number<std::int64_t>();
  const std::string place = attempt > 1 ? fmt::format("{}.", attempt) : std::string();
  if (shown == "numbered") {
    session.out().line(
        fmt::format("{}{}: {}", place, line.at("line").to_number<std::int64_t>(), text));
  } else {
    session.out().line(text);
  }
}

}  // namespace

int show_log_lines(Session& session, const LogOptions& options) {
  const auto client = session.client();
  if (!client) return session.out().fail(client.error());
  ApiRequest request = make_request(options);
  const Format format = session.out().format();
  json::Array all;
  while (true) {
    const auto reply = (*client)->call(request);
    if (!reply) return session.out().fail(reply.error());
    for (const json::Value& line : reply->at("items").as_array()) {
      if (format == Format::table || format == Format::wide || format == Format::name)
        print_line(session, line, options.search.empty() ? "plain" : "numbered");
      else
        all.push_back(line);
    }
    const json::Value* next = reply->as_object().if_contains("next_cursor");
    if (next == nullptr || next->is_null()) break;
    std::erase_if(request.query, [](const auto& each) { return each.first == "cursor"; });
    request.query.emplace_back("cursor", std::string(next->as_string()));
  }
  if (format == Format::json || format == Format::jsonl || format == Format::yaml)
    session.out().print(json::Object{{"items", std::move(all)}}, {});
  return 0;
}

}  // namespace mainspring::cli
