// What a worker is given, on its way to one that is elsewhere.
#include <doctest/doctest.h>

#include "json/codec.h"
#include "store/commands.h"

namespace mainspring::store {
namespace {

TEST_CASE("a claimed run has its connections on the other side of the wire, as they are stored") {
  ClaimedRun run;
  run.epoch = 7;
  run.spec.name = "ask";
  run.spec.type = model::JobType::sql;
  run.spec.sql.emplace();
  run.spec.sql->connection = "warehouse";
  model::ConnectionSpec warehouse;
  warehouse.name = "warehouse";
  warehouse.type = model::ConnectionType::postgres;
  warehouse.host = "db.internal";
  warehouse.port = 6432;
  warehouse.password.secret = "warehouse";
  warehouse.tls = model::TlsSpec{.verify = model::TlsVerify::ca, .ca = "/etc/ca.pem"};
  model::ConnectionSpec api;
  api.name = "api";
  api.url = "https://api.example.org";
  api.auth.basic = model::BasicAuth{"ada", {.secret = "api", .file = ""}};
  api.headers["X-Team"] = "data";
  run.connections = {warehouse, api};
  const std::string wire = json::encode_text(run, json::Audience::self);
  const auto read = json::decode<ClaimedRun>(json::parse_json(wire).value(), json::Audience::self);
  REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().message));
  CHECK(read->connections == run.connections);
  CHECK(read->spec == run.spec);
}

TEST_CASE("a claimed run that a node without connections sends is read too") {
  ClaimedRun run;
  run.spec.name = "plain";
  json::Value value = json::encode(run, json::Audience::self);
  value.get_object().erase("connections");
  const auto read = json::decode<ClaimedRun>(value, json::Audience::self);
  REQUIRE(read.has_value());
  CHECK(read->connections.empty());
}

}  // namespace
}  // namespace mainspring::store
