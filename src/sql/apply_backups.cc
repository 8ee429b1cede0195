// RecordBackup.
#include "sql/apply.h"

namespace mainspring::sql {
namespace {

std::string_view event_of(store::BackupFact fact) {
  switch (fact) {
    case store::BackupFact::completed:
      return "backup.completed";
    case store::BackupFact::failed:
      return "backup.failed";
    case store::BackupFact::verified:
      return "backup.verified";
  }
  return "backup.failed";
}

}  // namespace

base::Result<store::Done> apply(Core& core, const store::RecordBackup& command) {
  json::Object payload = command.details.is_object() ? command.details.as_object() : json::Object{};
  core.add_event(
      {kDefaultTenant, event_of(command.fact), command.name, command.now, std::move(payload)});
  return store::Done{};
}

}  // namespace mainspring::sql
