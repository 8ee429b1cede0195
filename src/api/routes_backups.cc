// The rows of the route table about backups.
#include "api/handlers.h"
#include "api/route_table.h"
#include "store/backups.h"

namespace mainspring::api {

std::vector<Route> make_backup_routes() {
  using base::Code;
  using http::Method;
  return {
      {.method = Method::post,
       .path = "/api/v1/backups",
       .operation = "start_backup",
       .tag = "backups",
       .summary = "Begin a backup into the node's directory. It is verified after it was made; "
                  "GET /api/v1/backups and the events backup.* say how it went.",
       .permission = Permission::administer,
       .reply = {schema_of<store::Backup>},
       .status = 202,
       .errors = {Code::conflict, Code::unsupported},
       .handler = start_backup},
      {.method = Method::get,
       .path = "/api/v1/backups",
       .operation = "list_backups",
       .tag = "backups",
       .summary = "The backups in the node's directory, and the last restore that was proven.",
       .permission = Permission::operate,
       .reply = {schema_of<store::BackupList>},
       .errors = {Code::unsupported, Code::unavailable},
       .handler = list_backups},
  };
}

}  // namespace mainspring::api
