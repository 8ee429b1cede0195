// Handlers of the noun connection.
#include <fmt/core.h>

#include "api/connection_views.h"
#include "api/core.h"
#include "api/handlers.h"
#include "model/manifest.h"

namespace mainspring::api {
namespace {

base::Result<model::ConnectionSpec> find_connection(const Call& call) {
  auto spec = call.reads().connections().find(call.tenant(), call.path(0));
  if (spec) return *std::move(spec);
  return base::fail(base::Code::not_found,
                    fmt::format("There is no connection '{}'.", call.path(0)));
}

// The body, under the name that the path gives. A body may be the connection's manifest.
base::Result<model::ConnectionSpec> read_body(const Call& call) {
  auto document = json::parse_json(call.request().body);
  if (!document) return base::fail(std::move(document.error()));
  if (auto* object = document->value.if_object(); object && !object->contains("name"))
    object->emplace("name", call.path(0));
  auto spec = model::read_connection(*document);
  if (!spec || spec->name == call.path(0)) return spec;
  return base::fail(base::Code::invalid_argument,
                    fmt::format("The body is connection '{}', and the path names '{}'; a "
                                "connection keeps its name.",
                                spec->name, call.path(0)));
}

// "db.internal:5432/sales".
std::string target_of(const model::ConnectionSpec& spec) {
  if (!spec.url.empty()) return spec.url;
  if (!spec.path.empty()) return spec.path;
  const std::string port = spec.port ? fmt::format(":{}", *spec.port) : "";
  return fmt::format("{}{}/{}", spec.host, port, spec.database);
}

}  // namespace

void list_connections(const CallPtr& call) {
  ConnectionList reply;
  for (const model::ConnectionSpec& spec : call->reads().connections().all(call->tenant()))
    reply.items.push_back({spec.name, spec.type, target_of(spec), spec.description});
  call->answer_with(reply);
}

void get_connection(const CallPtr& call) {
  const auto spec = find_connection(*call);
  if (!spec) return call->fail(spec.error());
  call->answer_with(model::canonical(*spec));
}

void put_connection(const CallPtr& call) {
  const auto spec = read_body(*call);
  if (!spec) return call->fail(spec.error());
  call->apply(
      store::PutConnection{call->tenant(), *spec, call->who().name, call->now()},
      [spec = *spec](Call& self, const store::Done&) { self.answer_with(model::canonical(spec)); });
}

void delete_connection(const CallPtr& call) {
  call->apply(store::DeleteConnection{call->tenant(), call->path(0), call->who().name, call->now()},
              [](Call& self, const store::Done&) {
                self.answer(http::Response{.status = 204, .headers = {}, .body = {}});
              });
}

void test_connection(const CallPtr& call) {
  const auto spec = find_connection(*call);
  if (!spec) return call->fail(spec.error());
  if (!call->core().services().test_connection)
    return call->fail({base::Code::unsupported, "This node tries no connections out.", {}});
  const bool is_started = call->core().errands().start([call, spec = *spec] {
    call->answer_with(call->core().services().test_connection(spec, call->tenant()));
  });
  if (!is_started)
    call->fail({base::Code::overloaded, "Several connections are being tried out already.", {}});
}

}  // namespace mainspring::api
