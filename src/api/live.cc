// Handlers of events and the live stream.
#include <charconv>
#include <limits>

#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/messages.h"
#include "http/sse.h"

namespace mainspring::api {
namespace {

base::Result<std::int64_t> parse_position(std::string_view text, std::string_view what) {
  std::int64_t position = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position);
  if (error == std::errc{} && end == text.data() + text.size() && position >= 0) return position;
  return base::fail(base::Code::invalid_argument,
                    fmt::format("{}: '{}' is not the position of an event", what, text));
}

}  // namespace

void list_events(const CallPtr& call) {
  auto page = call->query_page();
  if (!page) return call->fail(page.error());
  const std::string order = call->query("order");
  if (!order.empty() && order != "asc" && order != "desc") {
    return call->fail(
        {base::Code::invalid_argument, fmt::format("order: '{}' is not asc or desc.", order), {}});
  }
  const bool is_backwards = order == "desc";
  std::int64_t place = is_backwards ? std::numeric_limits<std::int64_t>::max() : 0;
  if (!page->after.empty()) {
    const auto position = parse_position(page->after, "cursor");
    if (!position) return call->fail(position.error());
    place = *position;
  }
  const store::EventFilter filter{.tenant = call->tenant(),
                                  .type_prefix = call->query("type"),
                                  .subject = call->query("subject")};
  store::EventReads& events = call->reads().events();
  EventList reply;
  for (const model::Event& event : is_backwards ? events.before(filter, place, page->limit)
                                                : events.after(filter, place, page->limit)) {
    reply.items.push_back(to_cloud_event(event));
  }
  if (!reply.items.empty()) reply.next_cursor = reply.items.back().id;
  call->answer_with(reply);
}

void open_stream(const CallPtr& call) {
  auto topics = parse_topics(call->query("topics"));
  if (!topics) return call->fail(topics.error());
  std::optional<std::int64_t> after;
  if (const auto last = call->request().headers.find("Last-Event-ID")) {
    const auto position = parse_position(*last, "Last-Event-ID");
    if (!position) return call->fail(position.error());
    after = *position;
  }
  auto seat = call->core().hub().take_seat();
  if (!seat) return call->fail(seat.error());
  http::Response head{.status = 200, .headers = {}, .body = {}};
  head.headers.set("Content-Type", std::string{http::kEventStreamType});
  add_security_headers(head.headers);
  head.headers.set("X-Accel-Buffering", "no");  // nginx would hold events back
  auto stream = call->exchange().start_stream(std::move(head));
  call->core().hub().subscribe({.seat = std::move(*seat),
                                .tenant = call->tenant(),
                                .topics = std::move(*topics),
                                .after = after,
                                .stream = std::move(stream),
                                .token = call->who().token,
                                .ends_at = call->who().ends_at});
}

}  // namespace mainspring::api
