// RecordPing, and what becomes of pings.
#include <chrono>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

using namespace std::chrono_literals;

RecordPing begun(const World& w, base::JobId job, base::Instant started_at) {
  return {w.tenant, job, started_at, std::nullopt, std::nullopt, "alpha", w.now};
}

RecordPing ended(const World& w, base::JobId job, base::Instant started_at, int exit_code = 0) {
  RecordPing out = begun(w, job, started_at);
  out.finished_at = started_at + 5s;
  out.exit_code = exit_code;
  return out;
}

std::vector<Ping> pings(World& w, base::JobId job) {
  return w.reads().pings().of_job(job, w.now - 24h * 1'000, w.now + 1h);
}

const auto kCases = std::to_array<ConformanceCase>({
    {"a ping is found by its time, as it was reported",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       w.apply(ended(w, job, w.now - 10s, 3));
       w.apply(begun(w, job, w.now - 20s));
       const auto found = pings(w, job);
       expect_equal(found.size(), 2u);
       expect(found[0].started_at == w.now - 20s && found[1].started_at == w.now - 10s);
       expect(!found[0].finished_at && !found[0].exit_code);
       expect(found[1].finished_at == w.now - 5s && found[1].exit_code == 3);
       expect_equal(found[1].host, "alpha");
     }},
    {"a ping is told, and a job without one has none",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const base::JobId other = w.job("other");
       w.apply(ended(w, job, w.now));
       expect_equal(w.events("job.pinged"), "job.pinged");
       expect(pings(w, other).empty());
     }},
    {"a later ping of the same beginning and host replaces the first",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       w.apply(begun(w, job, w.now));
       w.apply(ended(w, job, w.now, 1));
       expect_equal(pings(w, job).size(), 1u);
       expect(pings(w, job)[0].exit_code == 1);
       expect_equal(w.events("job.pinged"), "job.pinged,job.pinged");
     }},
    {"a ping that is repeated changes and tells nothing",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const RecordPing ping = ended(w, job, w.now);
       w.apply(ping);
       w.now += 1s;
       w.apply(ping);
       expect_equal(pings(w, job).size(), 1u);
       expect_equal(w.events("job.pinged"), "job.pinged");
     }},
    {"hosts that begin at the same instant are told apart",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       RecordPing ping = ended(w, job, w.now);
       for (const char* host : {"beta", "alpha", ""}) {
         ping.host = host;
         w.apply(ping);
       }
       const auto found = pings(w, job);
       expect_equal(found.size(), 3u);
       expect(found[0].host.empty() && found[1].host == "alpha" && found[2].host == "beta");
     }},
    {"pings are asked for by a half-open range, at most a page at once",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       const base::Instant first = w.now;
       for (int i = 0; i < 510; ++i)
         w.apply(begun(w, job, first + i * 1s));
       auto& reads = w.reads().pings();
       expect_equal(reads.of_job(job, first, first + 1h).size(),
                    static_cast<std::size_t>(kPageLimit));
       expect_equal(reads.of_job(job, first + 1s, first + 3s).size(), 2u);
     }},
    {"a ping of a job that is not there, or not the tenant's, is refused",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       expect_code(w.refuse(begun(w, w.fresh<base::JobId>(), w.now)), base::Code::not_found);
       w.tenant = "other";
       expect_code(w.refuse(begun(w, job, w.now)), base::Code::not_found);
     }},
    {"the pings of a deleted job go with it",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       w.apply(ended(w, job, w.now));
       w.apply(DeleteJob{w.tenant, job, std::nullopt, "ada", w.now});
       expect(pings(w, job).empty());
       expect_code(w.refuse(ended(w, job, w.now)), base::Code::not_found);
     }},
    {"pings survive a restart",
     [](Subject& subject) {
       World w(subject);
       const base::JobId job = w.job("backup");
       w.apply(ended(w, job, w.now));
       w.reopen();
       expect_equal(pings(w, job).size(), 1u);
     }},
    {"pings are kept as long as the ledger, else as long as runs",
     [](Subject& subject) {
       World w(subject);
       model::JobSpec own = World::spec("own");
       own.retention.ledger_age = 240h;
       const base::JobId patient = w.put(own).id;
       const base::JobId job = w.job("backup");
       const auto trim = [&w](const model::RetentionSpec& usual) {
         w.now += 2h;
         while (w.apply(TrimHistory{usual, 3, w.now}).has_more) {
         }
       };
       const base::Instant begin = w.now;
       for (int i = 0; i < 10; ++i) {
         w.apply(ended(w, job, begin + i * 24h));
         w.apply(ended(w, patient, begin + i * 24h));
       }
       w.now = begin + 9 * 24h;
       trim({});
       expect_equal(pings(w, job).size(), 10u);
       trim({.age = 5 * 24h});
       expect_equal(pings(w, job).size(), 5u);
       trim({.age = 5 * 24h, .ledger_age = 2 * 24h});
       expect_equal(pings(w, job).size(), 2u);
       expect_equal(pings(w, patient).size(), 10u);
     }},
});

}  // namespace

std::span<const ConformanceCase> ping_cases() { return kCases; }

}  // namespace mainspring::store::conformance
