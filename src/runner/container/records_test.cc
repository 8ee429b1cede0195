#include "runner/container/records.h"

#include <doctest/doctest.h>

#include <fstream>

#include "runner/container/init_process.h"
#include "runner/process/fixtures.h"

namespace mainspring::runner {
namespace {

TEST_CASE("a record is read back as it was written, until it is erased") {
  const TestDirectory directory;
  const ContainerRecords records{directory.path()};
  CHECK(records.load().empty());
  model::TlsSpec tls;
  tls.ca = "/ca.pem";
  ContainerRecord record{.name = "mainspring-1-1",
                         .endpoint = {.url = "tcp://engine:2376", .tls = tls}};
  REQUIRE(records.write(record));
  record.id = "abc";
  record.pid = 17;
  REQUIRE(records.write(record));
  const auto found = records.load();
  REQUIRE_EQ(found.size(), 1);
  CHECK_EQ(found[0].id, "abc");
  CHECK_EQ(found[0].pid, 17);
  CHECK(found[0].endpoint == record.endpoint);
  CHECK(records.has(record.name));
  records.erase(record.name);
  CHECK_FALSE(records.has(record.name));
  CHECK_EQ(directory.count_entries(), 0);
}

TEST_CASE("what is no record is passed over, and a place that is not there holds none") {
  const TestDirectory directory;
  std::ofstream{directory.path() + "/torn.json"} << "{\"name\":";
  std::ofstream{directory.path() + "/other"} << "text";
  CHECK(ContainerRecords{directory.path()}.load().empty());
  CHECK(ContainerRecords{"/nonexistent"}.load().empty());
  CHECK(end_recorded_containers(""));
}

TEST_CASE("a container whose engine cannot be asked may be left, and its record stays") {
  const TestDirectory directory;
  const ContainerRecords records{directory.path()};
  const Endpoint nowhere{.url = "unix://" + directory.path() + "/no.sock", .tls = {}};
  REQUIRE(records.write({.name = "one", .endpoint = nowhere}));
  CHECK_FALSE(end_recorded_containers(directory.path()));
  const std::string node = "wrk_1";
  remove_leftovers({records, nowhere, node, base::Log{}});
  CHECK(records.has("one"));
}

TEST_CASE("a process counts as a container's only while its control group says so") {
  CHECK_FALSE(InitProcess::find(::getpid(), "0123456789abcdef").has_value());
  CHECK_FALSE(InitProcess::find(::getpid(), "").has_value());
  CHECK_FALSE(InitProcess::find(0, "0123456789abcdef").has_value());
}

}  // namespace
}  // namespace mainspring::runner
