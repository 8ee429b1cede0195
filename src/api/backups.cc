// Handlers of the noun backup: copies that the node makes of its store.
#include "api/core.h"
#include "api/handlers.h"
#include "json/codec.h"

namespace mainspring::api {
namespace {

base::Error no_backups(const CallPtr& call) {
  return {base::Code::unsupported, call->core().services().no_backups, {}};
}

}  // namespace

void start_backup(const CallPtr& call) {
  store::Backups* const backups = call->core().services().backups;
  if (backups == nullptr) return call->fail(no_backups(call));
  const auto started = backups->start();
  if (!started) return call->fail(started.error());
  call->answer_with(*started);
}

void list_backups(const CallPtr& call) {
  store::Backups* const backups = call->core().services().backups;
  if (backups == nullptr) return call->fail(no_backups(call));
  const auto list = backups->list();
  if (!list) return call->fail(list.error());
  call->answer_with(*list);
}

}  // namespace mainspring::api
