#include <doctest/doctest.h>

#include "postgres/address.h"
#include "postgres/store.h"

namespace mainspring::postgres {
namespace {

std::string value_of(const Address& address, std::string_view key) {
  for (const auto& [name, value] : address.parameters)
    if (name == key) return value;
  return "";
}

TEST_CASE("an address is what libpq understands, with a node's own defaults where it is silent") {
  const auto address = parse_address(
      "postgresql://me:secret@db.example:6543/jobs?sslmode=verify-full&connect_timeout=9", "");
  REQUIRE(address);
  CHECK(address->shown == "jobs at db.example:6543");
  CHECK(value_of(*address, "sslmode") == "verify-full");
  CHECK(value_of(*address, "connect_timeout") == "9");
  CHECK(value_of(*address, "password") == "secret");
  CHECK(value_of(*address, "target_session_attrs") == "read-write");
}

TEST_CASE("several hosts are an address") {
  const auto address = parse_address("postgresql://a.example:1,b.example:2/jobs", "");
  REQUIRE(address);
  CHECK(value_of(*address, "host") == "a.example,b.example");
}

TEST_CASE("a password of a file counts more than that of the address") {
  const auto address = parse_address("postgresql://me:secret@db.example/jobs", "other");
  REQUIRE(address);
  CHECK(value_of(*address, "password") == "other");
}

TEST_CASE("what is said of an address that cannot be read does not quote it") {
  const auto address = parse_address("postgresql://me:s3cr3t@host:port:/x?nothing=1", "");
  REQUIRE(!address);
  CHECK(address.error().code == base::Code::invalid_argument);
  CHECK(address.error().message.find("s3cr3t") == std::string::npos);
}

TEST_CASE("an address is shown without any of its passwords") {
  CHECK(hide_password("postgresql://me:secret@db/jobs?sslmode=require") ==
        "postgresql://me:***@db/jobs?sslmode=require");
  CHECK(hide_password("postgresql://me:a@b:c@db/jobs") == "postgresql://me:***@db/jobs");
  CHECK(hide_password("postgresql://db/jobs?password=secret&sslpassword=x") ==
        "postgresql://db/jobs?password=***&sslpassword=***");
  CHECK(hide_password("postgresql://me@db/jobs") == "postgresql://me@db/jobs");
  CHECK(hide_password("") == "");
}

TEST_CASE("a setting that names PostgreSQL is told by how it begins") {
  CHECK(is_url("postgresql://db/jobs"));
  CHECK(is_url("postgres://db/jobs"));
  CHECK(!is_url("/var/lib/mainspring"));
}

}  // namespace
}  // namespace mainspring::postgres
