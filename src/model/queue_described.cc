#include "json/codec.h"
#include "model/names.h"
#include "model/queue.h"

namespace mainspring::model {

using json::field;

const json::StructTable& RateSpec::described() {
  static const auto table = json::describe<RateSpec>(
      "Rate", "How often runs may start.",
      field<&RateSpec::count>("count", "Starts in each `per`.").min(1),
      field<&RateSpec::per>("per", "The time that `count` is for.").min(base::Duration{1}),
      field<&RateSpec::burst>("burst", "Starts at once after a quiet time; 0: `count`.").min(0));
  return table;
}

const json::StructTable& QueueSpec::described() {
  static const auto table = json::describe<QueueSpec>(
      "QueueSpec", "The limits of a queue.",
      field<&QueueSpec::name>("name", "The queue's name, unique within its tenant.")
          .required()
          .matches(kNameRule.accepts, kNameRule.pattern, kNameRule.sentence),
      field<&QueueSpec::description>("description", "What the queue is for, for people.")
          .max_length(4096),
      field<&QueueSpec::limit>("limit", "Attempts under way at the same time.").min(1),
      field<&QueueSpec::rate>("rate", "How often runs may start.")
          .example(R"({"count": 10, "per": "1m"})"),
      field<&QueueSpec::depth>("depth", "Runs that may wait; more are refused.").min(1),
      field<&QueueSpec::weight>(
          "weight", "Its share of the starts, beside the queues of its tenant; theirs is 1.")
          .min(1)
          .max(1000));
  return table;
}

const json::StructTable& Queue::described() {
  static const auto table = json::describe<Queue>(
      "Queue", "A queue as it stands.",
      field<&Queue::tenant>("tenant", "The tenant that owns it.").required(),
      field<&Queue::spec>("spec", "Its limits.").required(),
      field<&Queue::pause>("pause", "Who holds it back, and why; absent: runs start."),
      field<&Queue::waiting>("waiting", "Runs that wait.").required(),
      field<&Queue::running>("running", "Attempts under way.").required(),
      field<&Queue::oldest_due_at>("oldest_due_at", "Since when the oldest of them waits."));
  return table;
}

}  // namespace mainspring::model
