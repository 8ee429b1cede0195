// Questions of the contract that this store does not answer yet.
#include "sqlite/reads.h"

namespace mainspring::sqlite {

std::vector<model::Obstacle> SqlRunReads::obstacles(std::string_view, base::RunId, base::Instant) {
  return {};
}

std::vector<model::Queue> SqlQueueReads::all(std::string_view tenant) {
  (void)find_tenant(database_, tenant);
  return {};
}
std::optional<model::Queue> SqlQueueReads::find(std::string_view, std::string_view) { return {}; }

std::vector<model::CalendarSpec> SqlCalendarReads::all(std::string_view tenant) {
  (void)find_tenant(database_, tenant);
  return {};
}
std::optional<model::CalendarSpec> SqlCalendarReads::find(std::string_view, std::string_view) {
  return {};
}

std::optional<model::Operation> SqlOperationReads::find(std::string_view tenant,
                                                        base::OperationId) {
  (void)find_tenant(database_, tenant);
  return {};
}
base::Result<store::Listed<model::Operation>> SqlOperationReads::list(std::string_view,
                                                                      const store::Page&) {
  return store::Listed<model::Operation>{};
}
std::vector<store::OpenOperation> SqlOperationReads::open() { return {}; }

std::vector<store::Ping> SqlPingReads::of_job(base::JobId, base::Instant, base::Instant) {
  (void)find_tenant(database_, "");
  return {};
}

}  // namespace mainspring::sqlite
