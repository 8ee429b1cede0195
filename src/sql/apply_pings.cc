// RecordPing.
#include <fmt/core.h>

#include <algorithm>

#include "sql/apply.h"
#include "sql/expectations.h"

namespace mainspring::sql {
namespace {

using store::RecordPing;

// Nothing changed where the same was reported before: a client that got no answer asks again.
bool write(Core& core, JobKey job, const RecordPing& ping) {
  return core.database().change(
             "INSERT INTO pings(job, started_at, host, finished_at, exit_code, at)"
             " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(job, started_at, host) DO UPDATE SET"
             " finished_at = excluded.finished_at, exit_code = excluded.exit_code,"
             " at = excluded.at WHERE pings.finished_at IS DISTINCT FROM"
             " excluded.finished_at OR pings.exit_code IS DISTINCT FROM excluded.exit_code",
             job, ping.started_at, ping.host, ping.finished_at, ping.exit_code, ping.now) > 0;
}

void tell(Core& core, const JobRow& job, const RecordPing& ping) {
  json::Object payload;
  payload["job"] = job.name;
  payload["started_at"] = base::format_instant(ping.started_at);
  if (ping.finished_at) payload["finished_at"] = base::format_instant(*ping.finished_at);
  if (ping.exit_code) payload["exit_code"] = *ping.exit_code;
  if (!ping.host.empty()) payload["host"] = ping.host;
  core.add_event({job.tenant, "job.pinged", job.id.text(), ping.now, std::move(payload)});
}

}  // namespace

base::Result<store::Done> apply(Core& core, const RecordPing& command) {
  const JobRowPtr job = core.find_job(command.tenant, command.job_id);
  if (job == nullptr)
    return base::fail(base::Code::not_found,
                      fmt::format("there is no job {}", command.job_id.text()));
  if (!write(core, job->key, command)) return store::Done{};
  tell(core, *job, command);
  if (command.exit_code == 0)
    note_success(core, job->key, std::min(command.finished_at.value_or(command.now), command.now));
  return store::Done{};
}

}  // namespace mainspring::sql
