// The list of jobs: what it is filtered by, and how much of each job it holds.
#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/messages.h"
#include "api/views.h"
#include "base/text.h"
#include "json/write.h"

namespace mainspring::api {
namespace {

constexpr std::int64_t kUsualPage = 25;  // with everything that can be included, some 80 KB

base::Result<JobParts> read_parts(const Call& call) {
  const std::string given = call.query("include");
  if (given.empty()) return JobParts{};
  JobParts parts{.spec = false, .next = false};
  const std::vector<std::pair<std::string_view, bool*>> known = {{"spec", &parts.spec},
                                                                 {"next", &parts.next},
                                                                 {"recent", &parts.recent},
                                                                 {"stats", &parts.stats}};
  for (std::string_view rest = given; !rest.empty();) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    const std::string_view word = rest.substr(0, end);
    const auto found = std::ranges::find(known, word, &std::pair<std::string_view, bool*>::first);
    if (found == known.end()) {
      std::vector<std::string_view> words;
      for (const auto& [name, part] : known)
        words.push_back(name);
      base::Error error{
          base::Code::invalid_argument,
          fmt::format("include: '{:.100}' is none of {}", word, base::join_words(words, " and ")),
          {}};
      error.problems.push_back({.pointer = {},
                                .line = 0,
                                .column = 0,
                                .message = "unknown part of a job",
                                .suggestion = base::find_closest(word, words)});
      return base::fail(std::move(error));
    }
    *found->second = true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return parts;
}

base::Result<store::JobFilter> read_filter(const Call& call) {
  store::JobFilter filter{.tenant = call.tenant(), .name_prefix = call.query("prefix")};
  filter.name_part = call.query("text");
  auto selector = model::parse_selector(call.query("label"));
  if (!selector) return base::fail(std::move(selector.error()));
  filter.selector = std::move(*selector);
  if (!call.query("paused").empty()) {
    const auto paused = call.query_flag("paused");
    if (!paused) return base::fail(paused.error());
    filter.paused = *paused;
  }
  if (const std::string text = call.query("type"); !text.empty()) {
    auto type = json::parse_enum<model::JobType>(text);
    if (!type) return base::fail(at_parameter("type", std::move(type.error())));
    filter.type = *type;
  }
  auto states = read_choices<model::RunState>(call, "last_state");
  if (!states) return base::fail(std::move(states.error()));
  filter.ended = std::move(*states);
  return filter;
}

JobView make_item(const Call& call, const model::Job& job, const JobParts& parts) {
  store::Reads& reads = call.reads();
  JobView view = make_job_view(job, reads.schedules().of_job(job.id), call.now(), parts);
  if (parts.recent) {
    view.recent.emplace();
    for (const store::RunGlance& run : reads.runs().recent(job.id, kRecentRuns))
      view.recent->push_back(make_glance(run));
  }
  if (parts.stats) {
    view.stats = make_glance(model::summarise(reads.runs().timings(job.id, kGlanceRuns)));
  }
  return view;
}

// As many of the jobs as fit; one at least, so that a reader gets on.
base::Result<json::Value> make_page(const Call& call, const store::JobFilter& filter,
                                    const store::Page& page, const JobParts& parts) {
  auto listed = call.reads().jobs().list(filter, page);
  if (!listed) return base::fail(std::move(listed.error()));
  json::Array items;
  std::size_t bytes = 0;
  for (const model::Job& job : listed->items) {
    json::Value item = json::encode(make_item(call, job, parts));
    bytes += json::write(item).size();
    if (bytes > kListBytes && !items.empty()) {
      listed->next = call.reads().jobs().cursor_after(listed->items[items.size() - 1]);
      break;
    }
    items.push_back(std::move(item));
  }
  json::Object reply{{"items", std::move(items)}};
  if (!listed->next.empty()) reply["next_cursor"] = listed->next;
  return reply;
}

}  // namespace

void list_jobs(const CallPtr& call) {
  auto page = call->query_page();
  if (!page) return call->fail(page.error());
  if (call->query("limit").empty()) page->limit = kUsualPage;
  const auto parts = read_parts(*call);
  if (!parts) return call->fail(parts.error());
  const auto filter = read_filter(*call);
  if (!filter) return call->fail(filter.error());
  const auto reply = make_page(*call, *filter, *page, *parts);
  if (!reply) return call->fail(reply.error());
  call->answer_with(*reply);
}

}  // namespace mainspring::api
