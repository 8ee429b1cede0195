#include "runner/container/records.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "http/url.h"
#include "json/codec.h"
#include "runner/container/engine.h"
#include "runner/container/init_process.h"
#include "runner/container/spec.h"
#include "runner/process/fd.h"
#include "runner/process/proc_stat.h"

namespace mainspring::runner {
namespace {

using json::field;
using mainspring::http::percent_encode;

constexpr std::size_t kRecordLimit = 64 << 10;
constexpr std::size_t kRecordCount = 10'000;  // more slots than any node has
constexpr std::string_view kEnding = ".json";

std::unexpected<base::Error> fail_errno(const std::string& path) {
  const int reason = errno;
  const bool is_full = reason == ENOSPC || reason == EDQUOT;
  return base::fail(is_full ? base::Code::storage_full : base::Code::unavailable,
                    fmt::format("cannot write down a container in '{}': {}", path,
                                std::generic_category().message(reason)));
}

bool write_all(const Fd& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::write(file.get(), bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

std::vector<std::string> list_labelled(Engine& engine, const std::string& node) {
  const std::string filter =
      json::write(json::Object{{"label", json::Array{fmt::format("{}={}", kNodeLabel, node)}}});
  const auto reply = engine.call(
      {.path = "/containers/json?all=1&filters=" + percent_encode(filter), .limit = kEndLimit});
  std::vector<std::string> ids;
  const json::Value list = reply && reply->is_ok() ? reply->json() : json::Value{};
  if (!list.is_array()) return ids;
  for (const json::Value& each : list.as_array()) {
    const json::Object* object = each.if_object();
    const json::Value* id = object == nullptr ? nullptr : object->if_contains("Id");
    if (id != nullptr && id->is_string()) ids.emplace_back(id->as_string());
  }
  return ids;
}

// Those of the records that are on this engine; nothing when it cannot be asked.
struct Swept {
  std::vector<std::string> removed, left;
};
Swept sweep(const std::vector<ContainerRecord>& records, const Endpoint& endpoint) {
  Swept out;
  auto engine = Engine::connect(endpoint);
  const auto until = std::chrono::steady_clock::now() + kEndLimit;
  for (const ContainerRecord& record : records) {
    if (record.endpoint != endpoint) continue;
    const bool has_time = std::chrono::steady_clock::now() < until;
    const bool is_gone = engine && has_time && remove_container(*engine, record.name, kEndLimit);
    (is_gone ? out.removed : out.left).push_back(record.name);
  }
  return out;
}

std::vector<Endpoint> endpoints_of(const std::vector<ContainerRecord>& records) {
  std::vector<Endpoint> out;
  for (const ContainerRecord& record : records)
    if (std::ranges::find(out, record.endpoint) == out.end()) out.push_back(record.endpoint);
  return out;
}

void kill_all(const std::vector<ContainerRecord>& records) {
  for (const ContainerRecord& record : records)
    if (record.endpoint.is_local()) kill_init(static_cast<pid_t>(record.pid), record.id);
}

}  // namespace

const json::StructTable& ContainerRecord::described() {
  static const auto table = json::describe<ContainerRecord>(
      "ContainerRecord", "A container of this node.",
      field<&ContainerRecord::name>("name", "Its name.").required(),
      field<&ContainerRecord::id>("id", "Its id, once it has one."),
      field<&ContainerRecord::pid>("pid", "Its first process."),
      field<&ContainerRecord::endpoint>("endpoint", "Its engine.").required());
  return table;
}

std::string ContainerRecords::path_of(const std::string& name) const {
  return fmt::format("{}/{}{}", directory_, name, kEnding);
}

base::Result<void> ContainerRecords::write(const ContainerRecord& record) const {
  const std::string path = path_of(record.name), fresh = path + ".new";
  const Fd file{::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
  if (!file.is_open()) return fail_errno(path);
  if (!write_all(file, json::encode_text(record, json::Audience::self))) return fail_errno(path);
  if (::rename(fresh.c_str(), path.c_str()) < 0) return fail_errno(path);
  return {};
}

void ContainerRecords::erase(const std::string& name) const { ::unlink(path_of(name).c_str()); }

bool ContainerRecords::has(const std::string& name) const {
  return ::access(path_of(name).c_str(), F_OK) == 0;
}

std::vector<ContainerRecord> ContainerRecords::load() const {
  std::vector<ContainerRecord> out;
  std::error_code ignored;  // a directory that is not there has no records
  for (const auto& entry : std::filesystem::directory_iterator(directory_, ignored)) {
    if (!entry.path().string().ends_with(kEnding) || out.size() == kRecordCount) continue;
    const auto document = json::parse_json(load_text(entry.path().string(), kRecordLimit));
    if (!document) continue;
    auto record = json::decode<ContainerRecord>(*document, json::Audience::self);
    if (record) out.push_back(std::move(*record));
  }
  return out;
}

bool remove_container(Engine& engine, const std::string& name, std::chrono::milliseconds limit) {
  const auto ask = [&](const char* method, std::string_view rest) {
    return engine.call(
        {.method = method, .path = fmt::format("/containers/{}{}", name, rest), .limit = limit});
  };
  auto reply = ask("DELETE", "?force=1&v=1");
  if (reply && reply->status == 409) reply = ask("POST", "/wait?condition=removed");
  return reply && (reply->is_ok() || reply->status == 404);
}

void kill_recorded_containers(const std::string& directory) {
  if (!directory.empty()) kill_all(ContainerRecords{directory}.load());
}

bool end_recorded_containers(const std::string& directory) {
  if (directory.empty()) return true;
  const auto records = ContainerRecords{directory}.load();
  bool is_done = true;
  for (const Endpoint& endpoint : endpoints_of(records))
    is_done = sweep(records, endpoint).left.empty() && is_done;
  return is_done;
}

void remove_leftovers(const Leftovers& leftovers) {
  const auto& [records, own, node, log] = leftovers;
  const auto found = records.load();
  kill_all(found);
  for (const Endpoint& endpoint : endpoints_of(found)) {
    const Swept swept = sweep(found, endpoint);
    for (const std::string& name : swept.removed) {
      records.erase(name);
      log.info(fmt::format("removed a container of an earlier life of this node: {}", name));
    }
    for (const std::string& name : swept.left)
      log.warn(
          fmt::format("cannot remove the container {} of an earlier life of this node: its "
                      "engine at {} does not answer; it is tried again before the next "
                      "container is made there",
                      name, endpoint.url));
  }
  auto engine = Engine::connect(own);
  if (!engine) return;  // a machine without an engine has no containers
  for (const std::string& id : list_labelled(*engine, node)) {
    if (remove_container(*engine, id, kEndLimit))
      log.info(fmt::format("removed a container of an earlier life of this node: {}", id));
  }
}

}  // namespace mainspring::runner
