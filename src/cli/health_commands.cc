// status and doctor: is there a node, is it well, and if not, what to do.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>

#include <fmt/core.h>

#include "base/version.h"
#include "cli/commands.h"
#include "model/node.h"
#include "system/real_clock.h"

namespace mainspring::cli {
namespace {

// More than this between the two clocks makes due times look wrong.
constexpr std::chrono::seconds kMostSkew{5};

struct Slots {
  std::int64_t workers = 0;  // online
  std::int64_t all = 0;
  std::int64_t busy = 0;
};

std::int64_t number_at(const json::Value& value, std::string_view key) {
  const auto* found = value.is_object() ? value.as_object().if_contains(key) : nullptr;
  return found != nullptr && found->is_int64() ? found->as_int64() : 0;
}

void for_each_online(const json::Value& list,
                     const std::function<void(const json::Value&)>& action) {
  const auto* items = list.is_object() ? list.as_object().if_contains("items") : nullptr;
  if (items == nullptr || !items->is_array()) return;
  for (const json::Value& worker : items->as_array()) {
    if (text_at(worker, "state") == "online") action(worker);
  }
}

Slots count_slots(const json::Value& list) {
  Slots slots;
  for_each_online(list, [&](const json::Value& worker) {
    slots.workers += 1;
    slots.all += number_at(worker, "slots");
    slots.busy += number_at(worker, "busy");
  });
  return slots;
}

std::int64_t count_runs(Session& session, std::string_view state) {
  const auto reply = session.call(
      {.path = "/api/v1/runs", .query = {{"state", std::string{state}}, {"limit", "500"}}});
  if (!reply || !reply->is_object()) return 0;
  const auto* items = reply->as_object().if_contains("items");
  return items != nullptr && items->is_array() ? std::ssize(items->as_array()) : 0;
}

struct Check {
  std::string name;
  std::string found;
  std::string advice = {};                    // what to do; empty when all is well
  base::Code code = base::Code::unavailable;  // what the exit code says when it is not
  bool is_warning = false;                    // not well, and no failure yet

  bool is_ok() const { return advice.empty(); }
  std::string_view state() const {
    if (is_ok()) return "ok";
    return is_warning ? "warn" : "failed";
  }
};

Check check_target(Session& session) {
  const auto target = find_target(session.flags());
  if (!target) {
    return {"target", "not found", target.error().message, target.error().code};
  }
  return {"target", fmt::format("{}, from {}", target->server, target->origin)};
}

Check check_answer(const base::Result<ApiReply>& reply) {
  if (!reply) return {"server", "no answer", reply.error().message};
  if (reply->status == 200) return {"server", "answers"};
  return {"server", fmt::format("answers with status {}", reply->status),
          "Something else listens there. Look at --server and MAINSPRING_SERVER."};
}

Check check_version(const base::Result<ApiReply>& reply) {
  const auto document = json::parse_json(reply ? reply->body : "");
  const std::string version = document ? text_at(document->value, "version") : "";
  if (version == base::kVersion) return {"version", fmt::format("{}, as jobctl", version)};
  return {"version",
          fmt::format("node {}, jobctl {}", version.empty() ? "?" : version, base::kVersion),
          "Install the same version of both; what the older one does not know will fail.",
          base::Code::conflict};
}

Check check_clock(const base::Result<ApiReply>& reply) {
  if (!reply || !reply->date) return {"clock", "the server does not tell its time"};
  const auto skew =
      std::chrono::round<std::chrono::seconds>(system::SystemClock{}.now() - *reply->date);
  if (std::chrono::abs(skew) <= kMostSkew) return {"clock", "within 5 s of this machine's"};
  return {"clock",
          fmt::format("{} s {} this machine's", std::chrono::abs(skew).count(),
                      skew.count() > 0 ? "behind" : "ahead of"),
          "Let both machines set their clocks (timedatectl set-ntp true)."};
}

Check check_ready(Session& session) {
  const auto reply = session.call({.path = "/readyz"});
  if (reply) return {"ready", "the store can be read and written"};
  return {"ready", reply.error().message, "Look at the node's log; a full disk is the usual cause.",
          reply.error().code};
}

Check check_credential(Session& session) {
  const auto reply = session.call({.path = "/api/v1/session"});
  if (reply) {
    return {"credential", fmt::format("{}, {}", text_at(*reply, "name"), text_at(*reply, "role"))};
  }
  return {"credential", reply.error().message,
          "Give --token-file, MAINSPRING_TOKEN_FILE or MAINSPRING_TOKEN; the node wrote its admin "
          "token to a file at its first start and printed where.",
          reply.error().code};
}

Check check_workers(Session& session) {
  const auto reply = session.call({.path = "/api/v1/workers"});
  if (!reply)
    return {"workers", reply.error().message, "Mend what failed above.", reply.error().code};
  const Slots slots = count_slots(*reply);
  const std::string found =
      fmt::format("{} online, {} of {} slots busy", slots.workers, slots.busy, slots.all);
  if (slots.workers == 0) {
    return {"workers", found, "Start one: 'mainspring worker', or a node with the role worker."};
  }
  if (slots.busy >= slots.all) {
    return {"workers", found,
            "Runs wait until a slot is free. Start another worker or give this one more slots."};
  }
  return {"workers", found};
}

// Whether anybody does what time does, and whether clocks and versions agree.
Check check_nodes(Session& session) {
  const auto reply = session.call({.path = "/api/v1/nodes"});
  if (!reply)
    return {"nodes", reply.error().message, "Mend what failed above.", reply.error().code};
  int online = 0;
  int planning = 0;
  std::string skewed;
  for_each_online(*reply, [&](const json::Value& node) {
    const auto offset = std::abs(number_at(node, "clock_offset_ms"));
    const auto* roles = node.as_object().if_contains("roles");
    const auto is_scheduler_role = [](const json::Value& role) {
      return role.is_string() && role.as_string() == "scheduler";
    };
    const bool is_scheduler = roles != nullptr && roles->is_array() &&
                              std::ranges::any_of(roles->as_array(), is_scheduler_role);
    const bool is_in_time = offset <= model::kClockTolerance.count();
    ++online;
    if (is_scheduler && is_in_time) ++planning;
    if (!is_in_time)
      skewed +=
          fmt::format("{}{} by {} ms", skewed.empty() ? "" : ", ", text_at(node, "name"), offset);
  });
  const std::string found =
      fmt::format("{} online, {} of them plan{}", online, planning, planning == 1 ? "s" : "");
  if (planning == 0) {
    return {"nodes", found,
            "Start a node with the role scheduler: nothing fires by time until then."};
  }
  if (skewed.empty()) return {"nodes", found};
  return {.name = "nodes",
          .found = found,
          .advice = fmt::format("Clocks are off the store's: {}. Set them (timedatectl set-ntp "
                                "true).",
                                skewed),
          .is_warning = true};
}

// "memory.pids.cpu" -> "memory, pids, cpu"
std::string spell_out(std::string_view limits) {
  std::string text;
  for (const char c : limits)
    text += c == '.' ? ", " : std::string(1, c);
  return text;
}

// What each worker online says in its labels of the limits that hold there.
Check check_limits(Session& session) {
  const auto reply = session.call({.path = "/api/v1/workers"});
  if (!reply)
    return {"limits", reply.error().message, "Mend what failed above.", reply.error().code};
  std::string found;
  for_each_online(*reply, [&](const json::Value& worker) {
    const auto* labels = worker.as_object().if_contains("labels");
    if (labels == nullptr) return;
    const std::string limits = text_at(*labels, "mainspring/limits");
    if (limits.empty()) return;
    const std::string words = limits == "none" ? "none can be enforced, its log says why"
                                               : fmt::format("{} (cgroup {})", spell_out(limits),
                                                             text_at(*labels, "mainspring/cgroup"));
    found += fmt::format("{}{}: {}", found.empty() ? "" : "; ", text_at(worker, "name"), words);
  });
  return {"limits", found.empty() ? "no worker tells which it can enforce" : found};
}

// A backup that nobody has restored is a hope; one that is old is a smaller one.
Check check_backup(Session& session) {
  const auto reply = session.call({.path = "/api/v1/backups"});
  if (!reply && reply.error().code == base::Code::unsupported)
    return {"backup", reply.error().message};
  if (!reply)
    return {"backup", reply.error().message, "Mend what failed above.", reply.error().code, true};
  Check check{.name = "backup", .is_warning = true};
  const std::string made = text_at(*reply, "last_made_at");
  const std::string proven = text_at(*reply, "last_proven_at");
  check.found = made.empty() ? "none yet" : fmt::format("the last was made at {}", made);
  check.found += proven.empty() ? ", and no restore was proven"
                                : fmt::format("; a restore was proven at {}", proven);
  const std::string problem = text_at(*reply, "problem");
  if (!problem.empty()) {
    check.advice = fmt::format("The last attempt failed: {}.", problem);
  } else if (made.empty() || proven.empty()) {
    check.advice = "Set backup_every for the node, or call `jobctl backup create`.";
  }
  return check;
}

std::vector<Check> make_checks(Session& session) {
  std::vector<Check> checks{check_target(session)};
  if (!checks.back().is_ok()) return checks;
  const auto client = session.client();
  const auto version = (*client)->send({.path = "/version"});
  checks.push_back(check_answer(version));
  if (!checks.back().is_ok()) return checks;
  checks.push_back(check_version(version));
  checks.push_back(check_clock(version));
  checks.push_back(check_ready(session));
  checks.push_back(check_credential(session));
  checks.push_back(check_nodes(session));
  checks.push_back(check_workers(session));
  checks.push_back(check_limits(session));
  checks.push_back(check_backup(session));
  return checks;
}

}  // namespace

int doctor(Session& session) {
  static const View view{{{"CHECK", "check"}, {"STATE", "state"}, {"FOUND", "found"}}, "check"};
  int exit_code = 0;
  json::Array items;
  std::vector<std::string> advice;
  for (const Check& check : make_checks(session)) {
    json::Object item{{"check", check.name}, {"state", check.state()}, {"found", check.found}};
    if (!check.is_ok()) {
      item["advice"] = check.advice;
      advice.push_back(fmt::format("{}: {}", check.name, check.advice));
      if (exit_code == 0 && !check.is_warning) exit_code = base::code_row(check.code).exit_code;
    }
    items.push_back(std::move(item));
  }
  session.out().print(json::Object{{"items", std::move(items)}}, view);
  if (session.out().is_for_people()) {
    for (const std::string& line : advice)
      session.out().note(line);
  }
  return exit_code;
}

int status(Session& session) {
  const auto version = session.call({.path = "/version"});
  if (!version) return session.out().fail(version.error());
  const auto health = session.call({.path = "/healthz"});
  const auto ready = session.call({.path = "/readyz"});
  const auto workers = session.call({.path = "/api/v1/workers"});
  if (!workers) return session.out().fail(workers.error());
  const Slots slots = count_slots(*workers);
  const json::Object result{{"server", (*session.client())->target().server},
                            {"version", text_at(*version, "version")},
                            {"health", health ? text_at(*health, "status") : "failed"},
                            {"ready", ready ? "yes" : "no"},
                            {"workers", slots.workers},
                            {"slots", slots.all},
                            {"busy", slots.busy},
                            {"running", count_runs(session, "running")},
                            {"queued", count_runs(session, "queued")}};
  static const View view{{{"SERVER", "server"},
                          {"VERSION", "version"},
                          {"HEALTH", "health"},
                          {"READY", "ready"},
                          {"WORKERS", "workers"},
                          {"SLOTS", "slots"},
                          {"BUSY", "busy"},
                          {"RUNNING", "running"},
                          {"QUEUED", "queued"}},
                         "server"};
  session.out().print(result, view);
  return ready ? 0 : session.out().fail(ready.error());
}

}  // namespace mainspring::cli
