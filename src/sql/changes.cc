#include "sql/changes.h"

#include <iterator>

#include "json/codec.h"

namespace mainspring::sql {
namespace {

using json::field;

template <class T>
void append(std::vector<T>& to, std::vector<T> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

void Changes::add(Changes later) {
  is_everything = is_everything || later.is_everything;
  has_definitions = has_definitions || later.has_definitions;
  append(runs, std::move(later.runs));
  append(queues, std::move(later.queues));
  append(pauses, std::move(later.pauses));
  append(notices, std::move(later.notices));
}

const json::StructTable& QueueName::described() {
  static const auto table = json::describe<QueueName>(
      "QueueName", "A queue of a tenant.",
      field<&QueueName::tenant>("tenant", "The row key of the tenant.").required(),
      field<&QueueName::name>("name", "The name.").required());
  return table;
}

const json::StructTable& TenantRuns::described() {
  static const auto table = json::describe<TenantRuns>(
      "TenantRuns", "Runs of a tenant.",
      field<&TenantRuns::tenant>("tenant", "The row key of the tenant.").required(),
      field<&TenantRuns::runs>("runs", "The runs."));
  return table;
}

const json::StructTable& Changes::described() {
  static const auto table = json::describe<Changes>(
      "Changes", "What a transaction changed.",
      field<&Changes::is_everything>("is_everything", "What it was is not known."),
      field<&Changes::has_definitions>("has_definitions", "Tenants, jobs or workers changed."),
      field<&Changes::runs>("runs", "Runs that began, moved or ended."),
      field<&Changes::queues>("queues", "Queues that were put, paused, or gave tokens."),
      field<&Changes::pauses>("pauses", "Jobs whose pause has another end."),
      field<&Changes::notices>("notices", "What listeners are told."));
  return table;
}

}  // namespace mainspring::sql
