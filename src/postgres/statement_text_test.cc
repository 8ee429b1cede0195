#include <doctest/doctest.h>

#include "postgres/statement_text.h"

namespace mainspring::postgres {
namespace {

TEST_CASE("places of values get PostgreSQL's sign, and texts in quotes stay") {
  CHECK(to_postgres("SELECT a, '?1 FROM jobs' WHERE b = ?12") ==
        "SELECT a, '?1 FROM jobs' WHERE b = $12");
}

TEST_CASE("a table gets its schema where it is read or written, and nowhere else") {
  CHECK(to_postgres("DELETE FROM jobs WHERE jobs.id = ?1") ==
        "DELETE FROM mainspring.jobs WHERE jobs.id = $1");
  CHECK(to_postgres("INSERT INTO pings(job) VALUES (?1) ON CONFLICT(job) DO UPDATE SET at = ?2") ==
        "INSERT INTO mainspring.pings(job) VALUES ($1) ON CONFLICT(job) DO UPDATE SET at = $2");
  CHECK(to_postgres("UPDATE events SET jobs = 1") == "UPDATE mainspring.events SET jobs = 1");
  CHECK(to_postgres("SELECT 1 FROM (SELECT tenants FROM tenants)") ==
        "SELECT 1 FROM (SELECT tenants FROM mainspring.tenants)");
  CHECK(to_postgres("WITH some AS (SELECT 1) SELECT * FROM some") ==
        "WITH some AS (SELECT 1) SELECT * FROM some");
}

TEST_CASE("what fixes the plans of SQLite is left out") {
  CHECK(to_postgres("SELECT 1 FROM runs_done AS r INDEXED BY runs_done_of_job"
                    " CROSS JOIN jobs AS j ON j.key = r.job WHERE +r.tenant = ?1 AND a + 1 = ?2") ==
        "SELECT 1 FROM mainspring.runs_done AS r "
        " JOIN mainspring.jobs AS j ON j.key = r.job WHERE r.tenant = $1 AND a + 1 = $2");
}

}  // namespace
}  // namespace mainspring::postgres
