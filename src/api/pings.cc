// Handlers of pings: reports of real runs by another scheduler.
#include <algorithm>

#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/shadow.h"

namespace mainspring::api {
namespace {

using namespace std::chrono_literals;

constexpr base::Duration kUsualPast = 7 * 24h;
// Clocks of two machines differ by less than this, or one of them is wrong.
constexpr base::Duration kMostAhead = 1h;

base::Result<void> check(const PingBody& body, base::Instant now) {
  if (body.started_at > now + kMostAhead) {
    return base::fail(
        base::Code::invalid_argument,
        fmt::format("started_at: {} is in the future; it is {} here. Is the clock of that machine "
                    "right?",
                    base::format_instant(body.started_at), base::format_instant(now)));
  }
  if (body.finished_at && *body.finished_at < body.started_at) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("finished_at: {} is before started_at, {}.",
                                  base::format_instant(*body.finished_at),
                                  base::format_instant(body.started_at)));
  }
  return {};
}

PingView make_view(const store::Ping& ping) {
  return {ping.started_at, ping.finished_at, ping.exit_code, ping.host};
}

// Where a page ended: "2026-01-05T10:00:00.000Z/alpha".
struct Place {
  base::Instant started_at;
  std::string host;

  std::string text() const { return base::format_instant(started_at) + "/" + host; }
  bool is_before(const store::Ping& ping) const {
    return started_at < ping.started_at || (started_at == ping.started_at && host < ping.host);
  }
};

base::Result<std::optional<Place>> read_place(const std::string& cursor) {
  if (cursor.empty()) return std::nullopt;
  const std::size_t slash = cursor.find('/');
  const auto at = base::parse_instant(cursor.substr(0, slash));
  if (slash == std::string::npos || !at) {
    return base::fail(base::Code::invalid_argument,
                      "cursor: not one that this list gave; start from the first page, without a "
                      "cursor");
  }
  return Place{*at, cursor.substr(slash + 1)};
}

PingList make_page(std::vector<store::Ping> pings, const std::optional<Place>& after,
                   std::int64_t limit) {
  PingList reply;
  const bool was_full = std::ssize(pings) == store::kPageLimit;
  for (const store::Ping& ping : pings) {
    if (after && !after->is_before(ping)) continue;
    if (std::ssize(reply.items) == limit) {
      const PingView& last = reply.items.back();
      reply.next_cursor = Place{last.started_at, last.host}.text();
      return reply;
    }
    reply.items.push_back(make_view(ping));
  }
  if (was_full) reply.next_cursor = Place{pings.back().started_at, pings.back().host}.text();
  return reply;
}

}  // namespace

void record_ping(const CallPtr& call) {
  auto body = call->body<PingBody>();
  if (!body) return call->fail(body.error());
  if (auto checked = check(*body, call->now()); !checked) return call->fail(checked.error());
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  store::RecordPing command{call->tenant(),  job->id,    body->started_at, body->finished_at,
                            body->exit_code, body->host, call->now()};
  const PingView view{body->started_at, body->finished_at, body->exit_code, body->host};
  call->apply(std::move(command),
              [view](Call& self, const store::Done&) { self.answer_with(view); });
}

void list_pings(const CallPtr& call) {
  const auto page = call->query_page();
  if (!page) return call->fail(page.error());
  const auto after = read_place(page->after);
  if (!after) return call->fail(after.error());
  const auto from = call->query_instant("from");
  if (!from) return call->fail(from.error());
  const auto until = call->query_instant("until");
  if (!until) return call->fail(until.error());
  const auto job = find_job(*call, call->path(0));
  if (!job) return call->fail(job.error());
  const base::Instant end = until->value_or(call->now() + kMostAhead);
  base::Instant begin = from->value_or(std::min(call->now(), end) - kUsualPast);
  if (*after) begin = std::max(begin, (*after)->started_at);
  call->answer_with(
      make_page(call->reads().pings().of_job(job->id, begin, end), *after, page->limit));
}

}  // namespace mainspring::api
