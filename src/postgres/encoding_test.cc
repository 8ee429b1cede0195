// Values that go to the server and come back, as they were or as the header says.
#include <doctest/doctest.h>

#include <limits>

#include "postgres/database.h"
#include "postgres/test_database.h"

namespace mainspring::postgres {
namespace {

using base::Instant;

TEST_CASE("instants come back to the millisecond, and what is out of reach is at the end of time") {
  PgDatabase database(test_address(test_server().url()));
  for (const std::int64_t millis : {0L, -1L, 1L, 946'684'799'999L, 946'684'800'001L,
                                    -62'135'596'800'000L, 253'402'300'799'999L}) {
    sql::Rows rows = database.query("SELECT CAST(?1 AS timestamptz)", base::from_millis(millis));
    REQUIRE(rows.next());
    Instant back;
    rows.read(back);
    CHECK(base::to_millis(back) == millis);
  }
  constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();
  sql::Rows rows = database.query("SELECT CAST(?1 AS timestamptz)", base::from_millis(kEnd));
  REQUIRE(rows.next());
  Instant back;
  rows.read(back);
  CHECK(base::to_millis(back) == kEnd);
}

TEST_CASE("numbers of every type are read, and sums of them") {
  PgDatabase database(test_address(test_server().url()));
  sql::Rows rows = database.query(
      "SELECT CAST(-7 AS smallint), CAST(70000 AS integer), CAST(?1 AS bigint), 1 = 1, 1 = 2,"
      " sum(each), CAST(?2 AS double precision), NULL FROM (VALUES (CAST(?1 AS bigint)),"
      " (CAST(20000000000 AS bigint)), (CAST(4 AS bigint))) AS numbers(each)",
      std::int64_t{-9'000'000'000}, 0.25);
  REQUIRE(rows.next());
  std::int64_t small = 0;
  std::int64_t middle = 0;
  std::int64_t large = 0;
  std::int64_t is_true = 0;
  std::int64_t is_false = 1;
  std::int64_t sum = 0;
  double real = 0;
  std::optional<std::int64_t> none = 1;
  rows.read(small, middle, large, is_true, is_false, sum, real, none);
  CHECK(small == -7);
  CHECK(middle == 70'000);
  CHECK(large == -9'000'000'000);
  CHECK(is_true == 1);
  CHECK(is_false == 0);
  CHECK(sum == 11'000'000'004);
  CHECK(real == 0.25);
  CHECK(!none);
}

TEST_CASE("texts that PostgreSQL cannot store are repaired, and all bytes of a blob stay") {
  PgDatabase database(test_address(test_server().url()));
  const std::string broken("a\0b\xff\xc3\xa9", 6);
  const base::Blob blob{std::string("\0\xff'\\", 4)};
  sql::Rows rows = database.query("SELECT CAST(?1 AS text), CAST(?2 AS bytea)", broken, blob);
  REQUIRE(rows.next());
  std::string text;
  base::Blob back;
  rows.read(text, back);
  CHECK(text ==
        "a\xEF\xBF\xBD"
        "b\xEF\xBF\xBD\xc3\xa9");
  CHECK(back == blob);
}

TEST_CASE("a document in a json column keeps its bytes, zeros and all") {
  PgDatabase database(test_address(test_server().url()));
  const std::string document = R"({"b":1,  "a":"\u0000","b":2})";
  sql::Rows rows = database.query("SELECT CAST(?1 AS json)", document);
  REQUIRE(rows.next());
  std::string back;
  rows.read(back);
  CHECK(back == document);
}

}  // namespace
}  // namespace mainspring::postgres
