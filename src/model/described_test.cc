#include <set>

#include <doctest/doctest.h>

#include "json/codec.h"
#include "model/event.h"
#include "model/node.h"
#include "model/occurrence.h"
#include "model/run.h"
#include "model/transition.h"
#include "model/worker.h"

namespace mainspring::model {
namespace {

const std::vector<const json::StructTable*>& tables() {
  static const std::vector<const json::StructTable*> all{
      &JobSpec::described(),     &ScheduleSpec::described(),    &TimeoutSpec::described(),
      &BackoffSpec::described(), &RetryOnly::described(),       &RetrySpec::described(),
      &ParamSpec::described(),   &ConcurrencySpec::described(), &DedupeSpec::described(),
      &Job::described(),         &ResourceSpec::described(),    &PlacementSpec::described(),
      &RunSummary::described(),  &RetentionSpec::described(),   &Run::described(),
      &Failure::described(),     &ResourceUse::described(),     &Outcome::described(),
      &Attempt::described(),     &CancelRequest::described(),   &Progress::described(),
      &LogChunk::described(),    &Occurrence::described(),      &Schedule::described(),
      &PlannedFire::described(), &PlannedEnding::described(),   &SchedulePlan::described(),
      &Worker::described(),      &WorkerResources::described(), &Node::described(),
      &Event::described()};
  return all;
}

TEST_CASE("no two structs have one name, and no two keys of a struct") {
  std::set<std::string_view> names;
  for (const json::StructTable* table : tables()) {
    CAPTURE(table->name);
    CHECK(names.insert(table->name).second);
    CHECK_FALSE(table->doc.empty());
    std::set<std::string_view> keys;
    for (const json::FieldRow& field : table->fields) {
      CAPTURE(field.name);
      CHECK(keys.insert(field.name).second);
      CHECK_FALSE(field.doc.empty());
    }
  }
}

TEST_CASE("every struct has a schema") {
  json::Definitions definitions;
  json::schema<Job>(definitions);
  json::schema<Run>(definitions);
  json::schema<RunSummary>(definitions);
  json::schema<SchedulePlan>(definitions);
  json::schema<Schedule>(definitions);
  json::schema<Occurrence>(definitions);
  json::schema<Worker>(definitions);
  json::schema<Node>(definitions);
  json::schema<Event>(definitions);
  json::schema<LogChunk>(definitions);
  const json::Object all = definitions.all();
  for (const json::StructTable* table : tables())
    CHECK_MESSAGE(all.contains(table->name), table->name);
}

// Rows in the order of the enumeration, from 0, so that an enumerator added in the middle shows.
void check_rows(const json::EnumTable& table) {
  CAPTURE(table.name);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    CHECK_EQ(table.rows[i].value, i);
    CHECK_FALSE(table.rows[i].doc.empty());
  }
}

TEST_CASE("the rows of an enumeration stand in its order") {
  check_rows(described(JobType{}));
  check_rows(described(Overlap{}));
  check_rows(described(Misfire{}));
  check_rows(described(BackoffType{}));
  check_rows(described(Jitter{}));
  check_rows(described(OutcomeStatus{}));
  check_rows(described(ParamType{}));
  check_rows(described(RunState{}));
  check_rows(described(Trigger{}));
  check_rows(described(LogStream{}));
  check_rows(described(Move{}));
  check_rows(described(Ending{}));
  check_rows(described(WorkerState{}));
  check_rows(described(NodeRole{}));
  check_rows(described(NodeState{}));
  CHECK_EQ(json::to_text(LogStream::out), "stdout");
  CHECK_EQ(json::to_text(LogStream::err), "stderr");
}

TEST_CASE("a run's summary stands at the top level, and comes back from there") {
  Run run;
  run.summary.job = "nightly";
  run.summary.state = RunState::failed;
  run.summary.attempts = 2;
  run.summary.exit_code = 75;
  run.params["region"] = json::Value("eu");
  Attempt attempt;
  attempt.number = 2;
  attempt.outcome.emplace();
  attempt.outcome->status = OutcomeStatus::retryable;
  attempt.outcome->usage.max_rss_bytes = 4096;
  run.attempts = {attempt};

  const json::Value value = json::encode(run);
  const json::Value summary = json::encode(run.summary);
  for (const auto& member : summary.as_object())
    CHECK_EQ(json::write(value.at(member.key())), json::write(member.value()));
  CHECK_EQ(value.at("attempt_count").as_int64(), 2);
  CHECK_EQ(value.at("attempts").as_array().size(), 1);

  const Run back = json::decode<Run>(value).value();
  CHECK_EQ(back.summary.job, "nightly");
  CHECK_EQ(back.summary.exit_code, 75);
  CHECK_EQ(back.attempts.at(0).outcome->usage.max_rss_bytes, 4096);
  CHECK_EQ(json::encode_text(back), json::write(value));
}

}  // namespace
}  // namespace mainspring::model
