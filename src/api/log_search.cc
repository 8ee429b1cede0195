// The handler that searches logs.
#include <algorithm>

#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/log_lines.h"
#include "api/log_messages.h"
#include "store/terminal_text.h"

namespace mainspring::api {
namespace {

// One answer keeps a reader so long and no longer; the next request goes on.
constexpr base::Duration kPatience{300};
constexpr std::size_t kMostSpans = 20;  // of one line; a person does not count further

struct SearchRequest {
  LogFilter filter;
  FilterPlace place;
};

base::Result<void> read_bounds(const Call& call, store::LogSearch& search) {
  const auto from = query_positive(call, "from");
  if (!from) return base::fail(from.error());
  const auto to = query_positive(call, "to");
  if (!to) return base::fail(to.error());
  if ((*from || *to) && !search.attempt) {
    return base::fail(base::Code::invalid_argument,
                      "from: lines count within an attempt; give `attempt` too");
  }
  search.from = from->value_or(1);
  search.to = *to;
  const auto limit = call.query_integer("limit");
  if (!limit) return base::fail(limit.error());
  search.limit = limit->value_or(search.limit);
  if (search.limit < 0 || search.limit > store::kPageLimit) {
    return base::fail(base::Code::invalid_argument, fmt::format("limit: {} is not between 0 and {}",
                                                                search.limit, store::kPageLimit));
  }
  return {};
}

base::Result<SearchRequest> read_search(const Call& call, base::RunId run_id) {
  auto filter = query_filter(call, run_id);
  if (!filter) return base::fail(std::move(filter.error()));
  store::LogSearch& search = filter->search;
  if (search.pattern.text.empty() && !search.stream) {
    return base::fail(base::Code::invalid_argument, "q: give the text to look for");
  }
  if (auto bounds = read_bounds(call, search); !bounds) {
    return base::fail(std::move(bounds.error()));
  }
  const auto backward = call.query_flag("backward");
  if (!backward) return base::fail(backward.error());
  if (*backward) search.order = store::LogOrder::backward;
  if (*backward && filter->context > 0) {
    return base::fail(base::Code::invalid_argument,
                      "context: lines around a match are given forward only");
  }
  search.patience = kPatience;
  auto place = parse_place(call.query("cursor"));
  if (!place) return base::fail(std::move(place.error()));
  return SearchRequest{std::move(*filter), *place};
}

// Bytes of UTF-8 to the UTF-16 code units that JavaScript counts in.
std::int64_t utf16_length(std::string_view text) {
  std::int64_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80) units += byte >= 0xF0 ? 2 : 1;
  }
  return units;
}

LogMatchView make_match(const FilteredLine& filtered, const store::LineFinder& finder) {
  auto view = make_line<LogMatchView>(filtered.line);
  view.match = filtered.is_match;
  if (!filtered.is_match) return view;
  const std::string visible = store::visible_text(view.text);
  for (const store::TextSpan& span : finder.find_spans(view.text, kMostSpans)) {
    const std::string_view text = visible;
    view.spans.push_back({utf16_length(text.substr(0, span.begin)),
                          utf16_length(text.substr(span.begin, span.length))});
  }
  return view;
}

// As many lines of the page as an answer may hold; the page is cut behind them.
std::vector<LogMatchView> take_matches(FilterPage& page, const SearchRequest& request,
                                       const store::LineFinder& finder) {
  std::vector<LogMatchView> out;
  std::size_t room = kLogPageBytes;
  for (const FilteredLine& line : page.items) {
    LogMatchView view = make_match(line, finder);
    const std::size_t size = json::encode_text(view).size() + 1;
    if (size > room && !out.empty()) break;
    room -= std::min(room, size);
    out.push_back(std::move(view));
  }
  if (!out.empty()) cut_page(page, out.size(), request.filter, request.place);
  return out;
}

}  // namespace

void search_log(const CallPtr& call) {
  const auto run = find_run(*call, call->path(0));
  if (!run) return call->fail(run.error());
  const auto request = read_search(*call, run->summary.id);
  if (!request) return call->fail(request.error());
  const auto finder = store::LineFinder::make(request->filter.search.pattern);
  if (!finder) return call->fail(at_parameter("q", finder.error()));
  auto page = load_filter_page(call->reads().runs(), request->filter, request->place);
  if (!page) return call->fail(page.error());
  LogMatchList reply;
  reply.items = take_matches(*page, *request, *finder);
  reply.matches = page->count;
  reply.looked_at = {page->place.attempt, page->place.looked_at};
  if (!page->is_complete) reply.next_cursor = format_place(page->place);
  reply.complete = page->is_complete && model::is_final(run->summary.state);
  call->answer_with(reply);
}

}  // namespace mainspring::api
