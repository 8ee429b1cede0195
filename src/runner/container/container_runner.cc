#include "runner/container/container_runner.h"

#include <sys/stat.h>

#include <algorithm>
#include <stop_token>

#include <fmt/core.h>

#include "json/base64.h"
#include "json/write.h"
#include "runner/attempt/environment.h"
#include "runner/attempt/program_outcome.h"
#include "runner/attempt/values.h"
#include "runner/container/container_attempt.h"
#include "runner/container/image.h"
#include "runner/container/spec.h"

namespace mainspring::runner {
namespace {

using base::Code;
using base::Result;
using execution::Order;

Result<const model::ConnectionSpec*> find_connection(const Order& order, std::string_view key,
                                                     const std::string& name) {
  const model::ConnectionSpec* found = order.find_connection(name);
  if (found != nullptr) return found;
  return base::fail(Code::not_found,
                    fmt::format("there is no connection '{}', which {} names; store one with "
                                "jobctl apply (kind: connection)",
                                name, key));
}

Result<Endpoint> choose_endpoint(const Order& order, const Endpoint& own) {
  const std::string& name = order.spec->container->engine;
  if (name.empty()) return own;
  const auto connection = find_connection(order, "container.engine", name);
  if (!connection) return base::fail(connection.error());
  return make_endpoint(**connection);
}

// Base64 for URLs, as the header X-Registry-Auth wants it.
std::string encode_auth(const json::Value& auth) {
  std::string out = json::encode_base64(json::write(auth));
  std::ranges::replace(out, '+', '-');
  std::ranges::replace(out, '/', '_');
  return out;
}

Result<std::string> load_registry_auth(const Order& order, Values& values) {
  const model::ContainerSpec& container = *order.spec->container;
  if (container.registry.empty()) return std::string{};
  const auto found = find_connection(order, "container.registry", container.registry);
  if (!found) return base::fail(found.error());
  const model::ConnectionSpec& connection = **found;
  if (connection.type != model::ConnectionType::registry) {
    return base::fail(Code::invalid_argument,
                      fmt::format("the connection '{}' is not of type registry, which "
                                  "container.registry needs",
                                  connection.name));
  }
  const auto password = load_password(connection, values);
  if (!password) return password;
  const json::Object auth{
      {"username", connection.user}, {"password", *password}, {"serveraddress", connection.url}};
  std::string header = encode_auth(auth);
  values.keep_secret(header);
  return header;
}

// The outer directory lets nobody of this machine in but the node and the engine; the inner one is
// the container's, whoever that runs as.
struct Scratches {
  Scratch outer;
  Scratch inside;
};

Result<Scratches> make_scratches(const std::string& root, const Order& order) {
  auto outer = Scratch::make(root, order.run_id.text(), std::nullopt);
  if (!outer) return base::fail(std::move(outer.error()));
  auto inside = Scratch::make(outer->path(), "inside", std::nullopt);
  if (!inside) return base::fail(std::move(inside.error()));
  json::Object params;
  for (const auto& [name, value] : order.params)
    params.insert_or_assign(name, value);
  if (auto wrote = inside->write_file(kInputFile, json::write(params)); !wrote)
    return base::fail(std::move(wrote.error()));
  ::chmod(inside->path().c_str(), 0777);
  ::chmod(inside->path_of(kInputFile).c_str(), 0644);
  return Scratches{std::move(*outer), std::move(*inside)};
}

}  // namespace

ContainerRunner::ContainerRunner(ContainerSettings settings)
    : settings_(std::move(settings)), records_(settings_.records) {
  remove_leftovers({records_, settings_.own, settings_.node, settings_.log});
  left_ = records_.load();
}

model::Outcome ContainerRunner::run(const Order& order, const execution::StopSignal& stop,
                                    execution::Report& report) {
  const auto refuse = [](const base::Error& error) {
    return make_outcome(fail_for_good("connection", error.message).error());
  };
  const auto endpoint = choose_endpoint(order, settings_.own);
  if (!endpoint) return refuse(endpoint.error());
  const auto scratches = make_scratches(settings_.scratch_root, order);
  if (!scratches) return make_start_failure(scratches.error());
  Values values{order.tenant, settings_.secrets};
  const std::optional<std::string> inside =
      endpoint->is_local() ? std::optional<std::string>{kInside} : std::nullopt;
  auto environment = make_contained_environment(order, inside, values);
  if (!environment) return make_start_failure(environment.error());
  auto auth = load_registry_auth(order, values);
  if (!auth) return refuse(auth.error());
  MaskedReport masked{report, values.secret()};
  for (const std::string& note : values.notes())
    masked.note(note);

  StopLine line;
  const std::stop_callback on_stop{stop.source.get_token(), [&] { line.ask(); }};
  const std::stop_callback on_kill{stop.kill.get_token(), [&] { line.kill(); }};
  if (line.level() != StopLevel::none) return make_unstarted(stop.cause);
  auto engine = Engine::connect(*endpoint);
  if (!engine) return masked.mask(make_outcome(explain_unreachable(engine.error())));
  remove_left(*engine);
  ContainerAttempt attempt{std::move(*engine),
                           {order, stop, line, masked, records_, scratches->inside, settings_.node,
                            std::move(*environment), std::move(*auth)}};
  const model::Outcome outcome = masked.mask(attempt.run());
  if (attempt.left()) {
    const std::lock_guard lock(mutex_);
    left_.push_back(*attempt.left());
  }
  return outcome;
}

// What is left at this engine, now that it answers.
void ContainerRunner::remove_left(Engine& engine) {
  std::vector<ContainerRecord> here;
  {
    const std::lock_guard lock(mutex_);
    const auto rest = std::ranges::partition(
        left_, [&](const ContainerRecord& record) { return record.endpoint != engine.endpoint(); });
    here.assign(rest.begin(), rest.end());
    left_.erase(rest.begin(), rest.end());
  }
  for (const ContainerRecord& record : here) {
    if (remove_container(engine, record.name, kEndLimit)) {
      records_.erase(record.name);
      settings_.log.info(fmt::format("removed the container {}, which was left", record.name));
      continue;
    }
    const std::lock_guard lock(mutex_);
    left_.push_back(record);
  }
}

}  // namespace mainspring::runner
