// What ApplyJobs and ClaimRuns share with the commands on connections. Internal to this module; the
// writer's thread.
#pragma once

#include <vector>

#include "base/error.h"
#include "sql/core.h"
#include "store/commands.h"

namespace mainspring::sql {

// Nothing changes where the connection stands as it is. Errors: too_large (kConnectionsPerTenant).
base::Result<void> put_connection(Core& core, const store::PutConnection& command);

// Whether every connection that the job names exists. Errors: not_found, with the name that may be
// meant.
base::Result<void> check_connections(Core& core, TenantKey tenant, const model::JobSpec& spec);

// Which connections the newest version of a job names.
void write_users(Core& core, TenantKey tenant, JobKey job, const model::JobSpec& spec);
void erase_users(Core& core, TenantKey tenant, JobKey job, const model::JobSpec& spec);

// Those that exist.
std::vector<model::ConnectionSpec> load_connections(Core& core, TenantKey tenant,
                                                    const model::JobSpec& spec);

}  // namespace mainspring::sql
