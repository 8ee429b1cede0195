// Cases about connections: putting, deleting, the jobs that name them, and who is given them.
#include <array>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

using base::Code;

model::ConnectionSpec connection(std::string name, std::string host = "db.internal") {
  model::ConnectionSpec out;
  out.name = std::move(name);
  out.type = model::ConnectionType::postgres;
  out.host = std::move(host);
  out.database = "sales";
  out.user = "report";
  out.password.secret = "warehouse";
  return out;
}

void put(World& w, const model::ConnectionSpec& spec) {
  w.apply(PutConnection{w.tenant, spec, "ada", w.now});
}

// A job that asks the database.
model::JobSpec user_of(std::string name, std::string job = "ask") {
  model::JobSpec spec = World::spec(std::move(job));
  spec.type = model::JobType::sql;
  spec.sql.emplace();
  spec.sql->connection = std::move(name);
  spec.sql->statement = "SELECT 1";
  return spec;
}

ApplyJobs manifest(World& w, const std::vector<model::JobSpec>& jobs,
                   std::vector<model::ConnectionSpec> connections) {
  ApplyJobs out{w.tenant, {}, "ada", w.now};
  for (const model::JobSpec& spec : jobs)
    out.jobs.push_back(w.draft(spec));
  out.connections = std::move(connections);
  return out;
}

std::vector<std::string> names(World& w) {
  std::vector<std::string> out;
  for (const model::ConnectionSpec& spec : w.reads().connections().all(w.tenant))
    out.push_back(spec.name);
  return out;
}

void expect_words(const base::Error& error, std::string_view words,
                  Where where = Where::current()) {
  if (!error.message.contains(words)) fail(error.message, where);
}

constexpr auto kCases = std::to_array<ConformanceCase>({
    {"a connection that is put is found by its name, as it was put",
     [](Subject& subject) {
       World w(subject);
       model::ConnectionSpec spec = connection("warehouse");
       spec.description = "sales of the day";
       spec.port = 6432;
       spec.options["application_name"] = "nightly";
       spec.tls = model::TlsSpec{.verify = model::TlsVerify::ca, .ca = "/etc/ca.pem"};
       put(w, spec);
       put(w, connection("archive"));
       expect(w.reads().connections().find("default", "warehouse") == spec);
       expect(!w.reads().connections().find("default", "warehous"));
       expect((names(w) == std::vector<std::string>{"archive", "warehouse"}));
       expect_equal(w.events("connection."), "connection.created,connection.created");
     }},
    {"a connection belongs to its tenant",
     [](Subject& subject) {
       World w(subject);
       put(w, connection("warehouse"));
       w.tenant = "other";
       expect(names(w).empty());
       expect(!w.reads().connections().find("other", "warehouse"));
       expect_code(w.refuse(manifest(w, {user_of("warehouse")}, {})), Code::not_found);
       expect_code(w.refuse(DeleteConnection{"other", "warehouse", "ada", w.now}), Code::not_found);
     }},
    {"putting a connection again replaces it, and an equal one changes nothing",
     [](Subject& subject) {
       World w(subject);
       put(w, connection("warehouse"));
       put(w, connection("warehouse"));
       expect_equal(w.events("connection."), "connection.created");
       put(w, connection("warehouse", "db2.internal"));
       expect(w.reads().connections().find("default", "warehouse") ==
              connection("warehouse", "db2.internal"));
       expect_equal(w.events("connection."), "connection.created,connection.updated");
     }},
    {"a connection survives a restart",
     [](Subject& subject) {
       World w(subject);
       put(w, connection("warehouse"));
       w.put(user_of("warehouse"));
       w.reopen();
       expect(w.reads().connections().find("default", "warehouse") == connection("warehouse"));
       expect_code(w.refuse(DeleteConnection{"default", "warehouse", "ada", w.now}),
                   Code::conflict);
     }},
    {"a run is claimed with the connections that its job names, as they are then",
     [](Subject& subject) {
       World w(subject);
       put(w, connection("warehouse"));
       put(w, connection("archive"));
       const base::JobId job = w.put(user_of("warehouse")).id;
       w.submit(job);
       put(w, connection("warehouse", "db2.internal"));
       const ClaimedRun claimed = w.claim_one(w.worker());
       expect_equal(claimed.connections.size(), std::size_t{1});
       expect(claimed.connections[0] == connection("warehouse", "db2.internal"));
     }},
    {"a run whose job names no connection is claimed without any",
     [](Subject& subject) {
       World w(subject);
       put(w, connection("warehouse"));
       w.submit(w.job("plain"));
       expect(w.claim_one(w.worker()).connections.empty());
     }},
    {"each attempt of a run gets the connection as it is when it is claimed",
     [](Subject& subject) {
       World w(subject);
       put(w, connection("warehouse"));
       model::JobSpec spec = user_of("warehouse");
       spec.retry.max_attempts = 2;
       spec.retry.backoff.initial = base::Duration{0};
       w.submit(w.put(spec).id);
       const base::WorkerId worker = w.worker();
       w.finish(w.claim_one(worker), World::failed(1));
       put(w, connection("warehouse", "db2.internal"));
       w.now += std::chrono::seconds{1};
       w.promote();
       expect_equal(w.claim_one(worker).connections.at(0).host, "db2.internal");
     }},
    {"a container may name an engine and a registry, and gets both",
     [](Subject& subject) {
       World w(subject);
       put(w, connection("engine"));
       put(w, connection("images"));
       model::JobSpec spec = World::spec("boxed");
       spec.type = model::JobType::container;
       spec.container.emplace();
       spec.container->image = "busybox";
       spec.container->engine = "engine";
       spec.container->registry = "images";
       w.submit(w.put(spec).id);
       const ClaimedRun claimed = w.claim_one(w.worker());
       expect_equal(claimed.connections.size(), std::size_t{2});
       expect_code(w.refuse(DeleteConnection{"default", "engine", "ada", w.now}), Code::conflict);
       expect_code(w.refuse(DeleteConnection{"default", "images", "ada", w.now}), Code::conflict);
     }},
    {"a job that names an unknown connection is refused, with the name that may be meant",
     [](Subject& subject) {
       World w(subject);
       put(w, connection("warehouse"));
       const base::Error error = w.refuse(manifest(w, {user_of("warehous", "report")}, {}));
       expect_code(error, Code::not_found);
       expect_words(error, "job 'report' names the connection 'warehous', which does not exist");
       expect_words(error, "did you mean 'warehouse'?");
       expect(!w.reads().jobs().find_by_name("default", "report"));
     }},
    {"a manifest may bring the connection that its jobs name",
     [](Subject& subject) {
       World w(subject);
       w.apply(manifest(w, {user_of("warehouse", "report")}, {connection("warehouse")}));
       expect(w.reads().connections().find("default", "warehouse") == connection("warehouse"));
       expect(w.reads().jobs().find_by_name("default", "report").has_value());
     }},
    {"connections of a manifest that is refused stay as they were",
     [](Subject& subject) {
       World w(subject);
       put(w, connection("warehouse"));
       const auto error = w.refuse(manifest(
           w, {user_of("nothing")}, {connection("warehouse", "db2.internal"), connection("new")}));
       expect_code(error, Code::not_found);
       expect((names(w) == std::vector<std::string>{"warehouse"}));
       expect(w.reads().connections().find("default", "warehouse") == connection("warehouse"));
     }},
    {"a connection that jobs use cannot be deleted, and the refusal names them",
     [](Subject& subject) {
       World w(subject);
       put(w, connection("warehouse"));
       w.put(user_of("warehouse", "report"));
       w.put(user_of("warehouse", "backup"));
       const base::Error error = w.refuse(DeleteConnection{"default", "warehouse", "ada", w.now});
       expect_code(error, Code::conflict);
       expect_words(error, "backup and report");
       expect(w.reads().connections().find("default", "warehouse").has_value());
     }},
    {"a connection that no job uses any more is deleted",
     [](Subject& subject) {
       World w(subject);
       put(w, connection("warehouse"));
       put(w, connection("archive"));
       w.put(user_of("warehouse", "changed"));
       const base::JobId deleted = w.put(user_of("warehouse", "deleted")).id;
       w.put(user_of("archive", "changed"));
       expect_code(w.refuse(DeleteConnection{"default", "warehouse", "ada", w.now}),
                   Code::conflict);
       w.apply(DeleteJob{"default", deleted, {}, "ada", w.now});
       w.apply(DeleteConnection{"default", "warehouse", "ada", w.now});
       expect((names(w) == std::vector<std::string>{"archive"}));
       expect_equal(w.events("connection."),
                    "connection.created,connection.created,connection.deleted");
       expect_code(w.refuse(DeleteConnection{"default", "warehouse", "ada", w.now}),
                   Code::not_found);
     }},
    {"a run of a job as it was goes without a connection that was deleted since",
     [](Subject& subject) {
       World w(subject);
       put(w, connection("warehouse"));
       w.submit(w.put(user_of("warehouse")).id);
       w.put(World::spec("ask"));
       w.apply(DeleteConnection{"default", "warehouse", "ada", w.now});
       for (const ClaimedRun& claimed : w.claim(w.worker()))
         expect(claimed.connections.empty());
     }},
    {"a tenant has only so many connections",
     [](Subject& subject) {
       World w(subject);
       std::vector<model::ConnectionSpec> many;
       for (std::int64_t i = 0; i < kConnectionsPerTenant; ++i)
         many.push_back(connection(fmt::format("connection-{:04}", i)));
       w.apply(manifest(w, {}, many));
       expect_equal(std::ssize(names(w)), kConnectionsPerTenant);
       expect_code(w.refuse(PutConnection{"default", connection("one-more"), "ada", w.now}),
                   Code::too_large);
       put(w, connection("connection-0007", "db2.internal"));
     }},
});

}  // namespace

std::span<const ConformanceCase> connection_cases() { return kCases; }

}  // namespace mainspring::store::conformance
