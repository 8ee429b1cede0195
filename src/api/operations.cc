// Handlers of the noun operation: work on many runs, and backfills.
#include <fmt/core.h>

#include "api/core.h"
#include "api/handlers.h"
#include "api/messages.h"
#include "api/operation_messages.h"
#include "json/codec.h"
#include "model/manifest.h"
#include "model/run_query.h"
#include "plan/backfill.h"

namespace mainspring::api {

using json::field;

const json::StructTable& BackfillBody::described() {
  static const auto table = json::describe<BackfillBody>(
      "BackfillBody", "The fires of a past range, to be made up for.",
      field<&BackfillBody::job>("job", "The job, by name or id.").required(),
      field<&BackfillBody::schedule>("schedule", "Only this schedule of it."),
      field<&BackfillBody::from>("from", "The first instant.").required(),
      field<&BackfillBody::until>("until", "The end, itself not included.").required(),
      field<&BackfillBody::overlap>("overlap", "What to do while an earlier run is not finished."),
      field<&BackfillBody::params>("params", "Values for its runs, over those of the schedule."));
  return table;
}

const json::StructTable& OperationBody::described() {
  static const auto table = json::describe<OperationBody>(
      "OperationBody", "Work on many runs, or a backfill.",
      field<&OperationBody::kind>("kind", "What to do.").required(),
      field<&OperationBody::selection>("selection", "To which runs; of every kind but backfill."),
      field<&OperationBody::query>(
          "query", "The selection as one text, such as state:failed since:2h; see run-query."),
      field<&OperationBody::backfill>("backfill", "Which fires, for a backfill."),
      field<&OperationBody::reason>("reason", "Why; kept with each run.").max_length(1'000));
  return table;
}

const json::StructTable& OperationPreview::described() {
  static const auto table = json::describe<OperationPreview>(
      "OperationPreview", "What an operation would find now.",
      field<&OperationPreview::kind>("kind", "What it would do."),
      field<&OperationPreview::runs>("runs", "To how many runs, or fires."),
      field<&OperationPreview::is_complete>("complete", "False: there are at least so many."));
  return table;
}

const json::StructTable& OperationList::described() {
  static const auto table = json::describe<OperationList>(
      "OperationList", "A page of operations, newest first.",
      field<&OperationList::items>("items", "The operations."),
      field<&OperationList::next_cursor>("next_cursor",
                                         "Give it as `cursor`; absent on the last page."));
  return table;
}

namespace {

constexpr std::int64_t kFiresCounted = 100'000;  // by a dry run: well under a second
constexpr std::size_t kFiresPerSlice = 1'000;

std::unexpected<base::Error> invalid(std::string message) {
  return base::fail(base::Code::invalid_argument, std::move(message));
}

// The schedules that a backfill means. Errors: not_found, invalid_argument (none; several whose
// params differ, of which a run cannot have both).
base::Result<std::vector<model::Schedule>> find_schedules(const Call& call, const model::Job& job,
                                                          const BackfillBody& body) {
  std::vector<model::Schedule> found = call.reads().schedules().of_job(job.id);
  if (found.empty()) return invalid(fmt::format("Job '{}' has no schedule.", job.spec.name));
  if (body.schedule) {
    std::erase_if(found, [&](const model::Schedule& s) { return s.id != *body.schedule; });
    if (!found.empty()) return found;
    return base::fail(base::Code::not_found,
                      fmt::format("Job '{}' has no schedule {}; 'jobctl job get {}' shows them.",
                                  job.spec.name, body.schedule->text(), job.spec.name));
  }
  for (const model::Schedule& schedule : found) {
    if (schedule.spec.params == found.front().spec.params) continue;
    return invalid(
        fmt::format("The schedules of job '{}' have different params; name one of them "
                    "in `schedule`.",
                    job.spec.name));
  }
  return found;
}

struct BackfillDraft {
  model::BackfillSpec spec;
  std::vector<model::Schedule> schedules;
};

base::Result<BackfillDraft> draft_backfill(const Call& call, const BackfillBody& body) {
  const auto job = find_job(call, body.job);
  if (!job) return base::fail(job.error());
  if (body.from >= body.until) return invalid("backfill: `from` is not before `until`.");
  if (body.until > call.now())
    return invalid("backfill: `until` is not past; the schedule itself fires what is to come.");
  auto schedules = find_schedules(call, *job, body);
  if (!schedules) return base::fail(std::move(schedules.error()));
  auto given = schedules->front().spec.params;
  for (const auto& [name, value] : body.params)
    given[name] = value;
  auto params = model::bind_params(job->spec, given);
  if (!params) return base::fail(std::move(params.error()));
  BackfillDraft out;
  out.spec = {job->id, body.schedule, body.from, body.until, body.overlap, std::move(*params)};
  out.schedules = std::move(*schedules);
  return out;
}

class NoIds final : public plan::RunIds {
 public:
  base::RunId next_run_id(base::Instant) override { return {}; }
};

base::Result<store::SelectionCount> count_fires(const BackfillDraft& draft) {
  store::SelectionCount out{0, false};
  NoIds ids;
  base::Instant from = draft.spec.from;
  while (out.runs < kFiresCounted && !out.is_complete) {
    const auto slice = plan::plan_backfill({.schedules = draft.schedules,
                                            .from = from,
                                            .until = draft.spec.until,
                                            .limit = kFiresPerSlice},
                                           ids);
    if (!slice) return base::fail(slice.error());
    out.runs += std::ssize(slice->fires);
    out.is_complete = slice->is_last;
    from = slice->planned_until;
  }
  return out;
}

// A query takes the place of the selection.
base::Result<void> read_query(const Call& call, OperationBody& body) {
  if (!body.query) return {};
  if (body.selection) return invalid("Give `selection` or `query`, not both.");
  auto query = model::parse_run_query(*body.query, call.now());
  if (!query) return base::fail(at_parameter("query", std::move(query.error())));
  auto selection = model::to_selection(*query);
  if (!selection) return base::fail(at_parameter("query", std::move(selection.error())));
  body.selection = std::move(*selection);
  return {};
}

base::Result<void> check_parts(const OperationBody& body) {
  const bool is_backfill = body.kind == model::OperationKind::backfill;
  if (is_backfill && (!body.backfill || body.selection))
    return invalid("A backfill takes `backfill`, and no `selection`.");
  if (!is_backfill && (!body.selection || body.backfill))
    return invalid("This kind of operation takes a `selection` or a `query`, and no `backfill`.");
  return {};
}

void answer_preview(Call& call, model::OperationKind kind,
                    const base::Result<store::SelectionCount>& count) {
  if (!count) return call.fail(count.error());
  call.answer_json(200, json::encode_text(OperationPreview{kind, count->runs, count->is_complete}));
}

base::Result<base::OperationId> read_id(const Call& call) {
  return base::OperationId::parse(call.path(0));
}

// Goes on as a look at the operation, under the status and Location of what began or ended it.
void answer_as_it_stands(Call& call, base::OperationId id) {
  if (call.wait_until()) call.set_status(200);
  call.continue_as(get_route("get_operation"), {id.text()});
  call.core().dispatch(call.shared_from_this());
}

}  // namespace

void start_operation(const CallPtr& call) {
  const auto dry_run = call->query_flag("dry_run");
  if (!dry_run) return call->fail(dry_run.error());
  auto body = call->body<OperationBody>();
  if (!body) return call->fail(body.error());
  if (auto read = read_query(*call, *body); !read) return call->fail(read.error());
  if (auto checked = check_parts(*body); !checked) return call->fail(checked.error());
  model::OperationSpec spec{body->kind, body->selection, std::nullopt, body->reason};
  if (body->backfill) {
    const auto draft = draft_backfill(*call, *body->backfill);
    if (!draft) return call->fail(draft.error());
    if (*dry_run) return answer_preview(*call, body->kind, count_fires(*draft));
    spec.backfill = draft->spec;
  } else if (*dry_run) {
    return answer_preview(*call, body->kind,
                          call->reads().operations().count(call->tenant(), spec));
  }
  const Services& services = call->core().services();
  store::StartOperation command{env::make_id<base::OperationId>(services.clock, services.random),
                                call->tenant(), std::move(spec), call->who().name, call->now()};
  call->apply(std::move(command), [](Call& self, const store::OperationStarted& reply) {
    answer_as_it_stands(self, reply.id);
  });
}

void list_operations(const CallPtr& call) {
  const auto page = call->query_page();
  if (!page) return call->fail(page.error());
  auto listed = call->reads().operations().list(call->tenant(), *page);
  if (!listed) return call->fail(listed.error());
  OperationList reply{.items = std::move(listed->items), .next_cursor = std::nullopt};
  if (!listed->next.empty()) reply.next_cursor = listed->next;
  call->answer_with(reply);
}

void get_operation(const CallPtr& call) {
  const std::int64_t since = call->core().hub().version();
  const auto id = read_id(*call);
  if (!id) return call->fail(id.error());
  const auto operation = call->reads().operations().find(call->tenant(), *id);
  if (!operation) {
    return call->fail(
        {base::Code::not_found, fmt::format("There is no operation '{}'.", call->path(0)), {}});
  }
  const bool is_running = operation->state == model::OperationState::running;
  if (call->may_wait() && is_running) {
    return call->core().hub().wait(
        {.run_id = id->text(), .since = since, .deadline = *call->wait_until(), .resume = [call] {
           call->core().dispatch(call);
         }});
  }
  http::Response response{
      .status = call->status(), .headers = {}, .body = json::encode_text(*operation)};
  response.headers.set("Content-Type", "application/json");
  if (call->status() == 202) response.headers.set("Location", "/api/v1/operations/" + id->text());
  call->answer(std::move(response));
}

void cancel_operation(const CallPtr& call) {
  const auto id = read_id(*call);
  if (!id) return call->fail(id.error());
  store::CancelOperation command{call->tenant(), *id, call->who().name, call->now()};
  call->apply(std::move(command),
              [id = *id](Call& self, const store::Done&) { answer_as_it_stands(self, id); });
}

}  // namespace mainspring::api
