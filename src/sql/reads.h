// The questions of store/reads.h, in SQL. One object per noun, all on one read-only connection.
// Internal to this module; belongs to one thread.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "sql/database.h"
#include "sql/engine.h"
#include "store/reads.h"

namespace mainspring::sql {

class SqlJobReads final : public store::JobReads {
 public:
  explicit SqlJobReads(Database& database) : database_(database) {}
  std::optional<model::Job> find_by_id(std::string_view tenant, base::JobId id) override;
  std::optional<model::Job> find_by_name(std::string_view tenant, std::string_view name) override;
  base::Result<store::Listed<model::Job>> list(const store::JobFilter& filter,
                                               const store::Page& page) override;
  std::string cursor_after(const model::Job& job) override;
  std::optional<model::JobVersion> find_version(base::JobId id, std::int64_t version) override;
  base::Result<store::Listed<model::JobVersion>> versions(base::JobId id,
                                                          const store::Page& page) override;
  std::optional<model::SuccessWatch> find_watch(base::JobId id) override;
  store::FailingJobs failing(std::string_view tenant, std::int64_t limit) override;

 private:
  Rows start_list(const store::JobFilter& filter, TenantKey tenant, const std::string& after,
                  const std::string& label);
  bool has_ended_so(JobKey key, const std::vector<model::RunState>& states);
  std::optional<model::Job> load_match(const store::JobFilter& filter, JobKey key);

  Database& database_;
};

class SqlRunReads final : public store::RunReads {
 public:
  SqlRunReads(Database& database, const LiveCounts& counts)
      : database_(database), counts_(counts) {}
  std::optional<model::Run> find(std::string_view tenant, base::RunId id) override;
  base::Result<store::Listed<model::RunSummary>> list(const store::RunFilter& filter,
                                                      const store::Page& page) override;
  std::vector<model::Attempt> attempts(base::RunId id) override;
  std::vector<model::RunTiming> timings(base::JobId job, std::int64_t limit) override;
  std::vector<store::RunGlance> recent(base::JobId job, std::int64_t limit) override;
  std::vector<store::RunGlance> finished(base::JobId job, std::int64_t limit) override;
  std::vector<store::EndedRuns> ended_per_minute(std::string_view tenant,
                                                 base::Instant from) override;
  std::vector<store::StoredLogChunk> log(const store::LogQuery& query) override;
  std::vector<store::LogExtent> log_extents(base::RunId id) override;
  store::LogLines lines(const store::LineQuery& query) override;
  base::Result<store::LogMatches> search(const store::LogSearch& query) override;
  std::vector<model::Obstacle> obstacles(std::string_view tenant, base::RunId id,
                                         base::Instant now) override;
  std::vector<std::pair<model::RunState, std::int64_t>> count_live(
      std::string_view tenant) override;

 private:
  bool read_live(TenantKey tenant, model::Run& run);
  bool read_done(TenantKey tenant, model::Run& run);

  Database& database_;
  const LiveCounts& counts_;
};

class SqlScheduleReads final : public store::ScheduleReads {
 public:
  explicit SqlScheduleReads(Database& database) : database_(database) {}
  std::vector<model::Schedule> active(base::ScheduleId after, std::int64_t limit) override;
  std::vector<model::Schedule> of_job(base::JobId id) override;
  base::Result<store::Listed<model::Occurrence>> occurrences(const store::OccurrenceFilter& filter,
                                                             const store::Page& page) override;
  std::vector<model::Occurrence> occurrences_at(base::JobId id, base::Instant at) override;
  store::EndingCounts endings(base::JobId id, base::Instant from, base::Instant until) override;

 private:
  Database& database_;
};

class SqlQueueReads final : public store::QueueReads {
 public:
  SqlQueueReads(Database& database, const LiveCounts& counts)
      : database_(database), counts_(counts) {}
  std::vector<model::Queue> all(std::string_view tenant) override;
  std::optional<model::Queue> find(std::string_view tenant, std::string_view name) override;

 private:
  Database& database_;
  const LiveCounts& counts_;
};

class SqlCalendarReads final : public store::CalendarReads {
 public:
  explicit SqlCalendarReads(Database& database) : database_(database) {}
  std::vector<model::CalendarSpec> all(std::string_view tenant) override;
  std::optional<model::CalendarSpec> find(std::string_view tenant, std::string_view name) override;

 private:
  Database& database_;
};

class SqlConnectionReads final : public store::ConnectionReads {
 public:
  explicit SqlConnectionReads(Database& database) : database_(database) {}
  std::vector<model::ConnectionSpec> all(std::string_view tenant) override;
  std::optional<model::ConnectionSpec> find(std::string_view tenant,
                                            std::string_view name) override;

 private:
  Database& database_;
};

class SqlOperationReads final : public store::OperationReads {
 public:
  explicit SqlOperationReads(Database& database) : database_(database) {}
  std::optional<model::Operation> find(std::string_view tenant, base::OperationId id) override;
  base::Result<store::Listed<model::Operation>> list(std::string_view tenant,
                                                     const store::Page& page) override;
  std::vector<store::OpenOperation> open() override;
  base::Result<store::SelectionCount> count(std::string_view tenant,
                                            const model::OperationSpec& spec) override;

 private:
  Database& database_;
};

class SqlPingReads final : public store::PingReads {
 public:
  explicit SqlPingReads(Database& database) : database_(database) {}
  std::vector<store::Ping> of_job(base::JobId id, base::Instant from, base::Instant until) override;

 private:
  Database& database_;
};

class SqlEventReads final : public store::EventReads {
 public:
  explicit SqlEventReads(Database& database) : database_(database) {}
  std::vector<model::Event> after(const store::EventFilter& filter, std::int64_t after,
                                  std::int64_t limit) override;
  std::vector<model::Event> before(const store::EventFilter& filter, std::int64_t before,
                                   std::int64_t limit) override;
  std::int64_t last_position() override;
  std::int64_t first_position() override;

 private:
  std::vector<model::Event> after_of_all(const store::EventFilter& filter, std::int64_t after,
                                         std::int64_t limit);

  Database& database_;
};

class SqlWorkerReads final : public store::WorkerReads {
 public:
  SqlWorkerReads(Database& database, const LiveCounts& counts)
      : database_(database), counts_(counts) {}
  std::vector<model::Worker> all() override;
  std::optional<model::Worker> find(base::WorkerId id) override;
  std::optional<store::WorkerGrant> find_grant(const base::Blob& sha256) override;

 private:
  Database& database_;
  const LiveCounts& counts_;
};

class SqlNodeReads final : public store::NodeReads {
 public:
  explicit SqlNodeReads(Database& database) : database_(database) {}
  std::vector<model::Node> all() override;

 private:
  Database& database_;
};

class SqlTokenReads final : public store::TokenReads {
 public:
  SqlTokenReads(Database& database, const LiveCounts& counts)
      : database_(database), counts_(counts) {}
  std::vector<store::TokenGrant> all(std::string_view tenant) override;
  std::vector<store::JoinToken> all_join_tokens(std::string_view tenant) override;
  std::optional<store::TokenGrant> find(const base::Blob& sha256) override;

 private:
  std::optional<store::TokenGrant> ask(const base::Blob& sha256);

  Database& database_;
  const LiveCounts& counts_;
  // Every request asks for one: those found since the last change, by their hash.
  std::unordered_map<std::string, store::TokenGrant> known_;
  std::int64_t known_at_ = -1;
};

// All of them, on one connection.
class Reads : public store::Reads {
 public:
  // Both must outlive this.
  Reads(Database& database, const LiveCounts& counts);

  store::JobReads& jobs() override { return jobs_; }
  store::RunReads& runs() override { return runs_; }
  store::ScheduleReads& schedules() override { return schedules_; }
  store::QueueReads& queues() override { return queues_; }
  store::CalendarReads& calendars() override { return calendars_; }
  store::ConnectionReads& connections() override { return connections_; }
  store::OperationReads& operations() override { return operations_; }
  store::PingReads& pings() override { return pings_; }
  store::EventReads& events() override { return events_; }
  store::WorkerReads& workers() override { return workers_; }
  store::NodeReads& nodes() override { return nodes_; }
  store::TokenReads& tokens() override { return tokens_; }

 private:
  SqlJobReads jobs_;
  SqlRunReads runs_;
  SqlScheduleReads schedules_;
  SqlQueueReads queues_;
  SqlCalendarReads calendars_;
  SqlConnectionReads connections_;
  SqlOperationReads operations_;
  SqlPingReads pings_;
  SqlEventReads events_;
  SqlWorkerReads workers_;
  SqlNodeReads nodes_;
  SqlTokenReads tokens_;
};

// Shared by the questions.
std::vector<model::Node> read_nodes(Database& database);
std::optional<TenantKey> find_tenant(Database& database, std::string_view name);
std::int64_t page_size(std::int64_t asked);  // within 1..kPageLimit

}  // namespace mainspring::sql
