#include "runner/container/spec.h"

#include <chrono>
#include <cmath>

#include <fmt/core.h>

#include "json/codec.h"

namespace mainspring::runner {
namespace {

using json::Array;
using json::Object;

Array to_array(const std::vector<std::string>& words) {
  Array out;
  for (const std::string& word : words)
    out.emplace_back(word);
  return out;
}

Array make_environment_list(const std::map<std::string, std::string>& environment) {
  Array out;
  for (const auto& [name, value] : environment)
    out.emplace_back(fmt::format("{}={}", name, value));
  return out;
}

Object make_labels(const Contained& contained) {
  const execution::Order& order = contained.order;
  return {{kRunLabel, order.run_id.text()},
          {kAttemptLabel, std::to_string(order.attempt)},
          {kEpochLabel, std::to_string(order.epoch)},
          {kJobLabel, order.spec->name},
          {kNodeLabel, contained.node}};
}

Object make_mount(const model::MountSpec& mount) {
  Object out{{"Type", json::to_text(mount.type)}, {"Target", mount.target}};
  if (mount.type != model::MountType::tmpfs) out["Source"] = mount.source;
  if (mount.read_only) out["ReadOnly"] = true;
  if (mount.size_bytes > 0) out["TmpfsOptions"] = Object{{"SizeBytes", mount.size_bytes}};
  return out;
}

// Mounts, not Binds: of these a source that is missing would be made, as root.
Array make_mounts(const Contained& contained) {
  Array out;
  for (const model::MountSpec& mount : contained.order.spec->container->mounts)
    out.emplace_back(make_mount(mount));
  if (contained.scratch)
    out.emplace_back(Object{{"Type", "bind"}, {"Source", *contained.scratch}, {"Target", kInside}});
  return out;
}

void add_ports(const std::vector<std::string>& ports, Object& body, Object& host) {
  if (ports.empty()) return;
  Object exposed, bindings;
  for (const std::string& text : ports) {
    const PublishedPort port = parse_port(text);
    exposed[port.inside] = Object{};
    json::Value& list = bindings[port.inside];
    if (!list.is_array()) list = Array{};
    list.as_array().emplace_back(Object{{"HostIp", port.address}, {"HostPort", port.outside}});
  }
  body["ExposedPorts"] = std::move(exposed);
  host["PortBindings"] = std::move(bindings);
}

void add_resources(const execution::Order& order, Object& host) {
  const model::ResourceSpec& resources = order.spec->resources;
  if (resources.cpu > 0) host["NanoCpus"] = std::llround(resources.cpu * 1e9);
  if (resources.memory_bytes > 0) {
    host["Memory"] = resources.memory_bytes;
    host["MemorySwap"] = resources.memory_bytes;  // of both together: no swap besides
  }
  if (resources.pids > 0) host["PidsLimit"] = resources.pids;
  if (order.gpus.empty()) return;
  Array numbers;
  for (const int number : order.gpus)
    numbers.emplace_back(std::to_string(number));
  Array capabilities;
  capabilities.emplace_back(Array{"gpu"});
  Array requests;
  requests.emplace_back(
      Object{{"DeviceIDs", std::move(numbers)}, {"Capabilities", std::move(capabilities)}});
  host["DeviceRequests"] = std::move(requests);
}

Object make_host_part(const Contained& contained) {
  const model::ContainerSpec& container = *contained.order.spec->container;
  Object host{{"AutoRemove", false},  // what has gone cannot be asked how it went
              {"Init", container.init},
              {"ReadonlyRootfs", container.read_only},
              {"Mounts", make_mounts(contained)},
              {"RestartPolicy", Object{{"Name", "no"}}},
              // Its output is in the run's log; engines would keep another copy, and alter it.
              {"LogConfig", Object{{"Type", "none"}, {"Config", Object{}}}}};
  if (!container.network.empty()) host["NetworkMode"] = container.network;
  if (container.shm_bytes > 0) host["ShmSize"] = container.shm_bytes;
  if (!container.cap_add.empty()) host["CapAdd"] = to_array(container.cap_add);
  if (!container.cap_drop.empty()) host["CapDrop"] = to_array(container.cap_drop);
  add_resources(contained.order, host);
  return host;
}

void add_command(const model::JobSpec& spec, Object& body) {
  if (!spec.container->entrypoint.empty())
    body["Entrypoint"] = to_array(spec.container->entrypoint);
  if (!spec.command.argv.empty()) body["Cmd"] = to_array(spec.command.argv);
  if (!spec.command.shell.empty()) body["Cmd"] = Array{"/bin/sh", "-c", spec.command.shell};
}

std::int64_t ceil_seconds(base::Duration duration) {
  return std::chrono::ceil<std::chrono::seconds>(duration).count();
}

}  // namespace

json::Value make_create_body(const Contained& contained) {
  const model::JobSpec& spec = *contained.order.spec;
  Object body{
      {"Image", spec.container->image},
      {"Env", make_environment_list(contained.environment)},
      {"Labels", make_labels(contained)},
      {"Tty", false},  // a terminal would mix both streams and change line ends
      {"AttachStdout", true},
      {"AttachStderr", true},
      // For those who stop the engine or the container by hand; we keep the grace ourselves.
      {"StopTimeout", ceil_seconds(spec.timeout.grace)}};
  add_command(spec, body);
  if (!spec.working_dir.empty()) body["WorkingDir"] = spec.working_dir;
  if (!spec.user.empty()) body["User"] = spec.user;
  if (!spec.stdin_text.empty()) {
    body["AttachStdin"] = true;
    body["OpenStdin"] = true;
    body["StdinOnce"] = true;
  }
  Object host = make_host_part(contained);
  add_ports(spec.container->ports, body, host);
  body["HostConfig"] = std::move(host);
  return body;
}

std::string make_container_name(const execution::Order& order) {
  return fmt::format("mainspring-{}-{}", order.run_id.text(), order.attempt);
}

PublishedPort parse_port(std::string_view text) {
  PublishedPort out;
  const std::size_t slash = text.find('/');
  const std::string_view protocol =
      slash == std::string_view::npos ? "tcp" : text.substr(slash + 1);
  text = text.substr(0, slash);
  const std::size_t last = text.rfind(':');
  out.inside = fmt::format("{}/{}", text.substr(last == text.npos ? 0 : last + 1), protocol);
  if (last == std::string_view::npos) return out;
  text = text.substr(0, last);
  const std::size_t before = text.rfind(':');
  out.outside = text.substr(before == text.npos ? 0 : before + 1);
  if (before == std::string_view::npos) return out;
  std::string_view address = text.substr(0, before);
  if (address.starts_with('[') && address.ends_with(']'))
    address = address.substr(1, address.size() - 2);
  out.address = address;
  return out;
}

CreateWarnings sort_warnings(const json::Value& reply) {
  CreateWarnings out;
  const Object* object = reply.if_object();
  const json::Value* warnings = object == nullptr ? nullptr : object->if_contains("Warnings");
  if (warnings == nullptr || !warnings->is_array()) return out;
  for (const json::Value& warning : warnings->as_array()) {
    if (!warning.is_string()) continue;
    std::string text{warning.as_string()};
    if (text.contains("iscarded") && out.discarded.empty()) out.discarded = text;
    out.notes.push_back(std::move(text));
  }
  return out;
}

std::string find_program(const model::JobSpec& spec) {
  if (!spec.container->entrypoint.empty()) return spec.container->entrypoint.front();
  if (!spec.command.argv.empty()) return spec.command.argv.front();
  return spec.command.shell.empty() ? "" : "/bin/sh";
}

}  // namespace mainspring::runner
