#include "model/aliases.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace mainspring::model {
namespace {

using json::Array;
using json::Object;
using json::Part;
using json::Value;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

// The number as it is written before a unit; nothing for what is no whole number from 0 up.
std::optional<std::string> count_text(const Value& value) {
  constexpr std::int64_t kLongestCount = 1'000'000'000'000;  // of milliseconds: 31 years
  const auto* whole = value.if_int64();
  if (whole == nullptr || *whole < 0 || *whole > kLongestCount) return std::nullopt;
  return std::to_string(*whole);
}

class Resolver {
 public:
  explicit Resolver(const Object& user) : user_(user) {}

  Resolved run() {
    for (const auto& member : user_)
      take(member.key(), member.value());
    infer_type();
    for (const FlatKey& row : flat_keys())
      if (user_.contains(row.key)) take_flat(row.key);
    for (const LaterKey& row : later_keys())
      if (user_.contains(row.key)) drop_later(row);
    return {std::move(out_), std::move(moves_), std::move(mistakes_)};
  }

 private:
  void take(std::string_view key, const Value& value) {
    if (key == "cmd") return take_cmd(value);
    if (key == "args") return take_args();
    if (key == "timeout_secs") return take_timeout_secs(value);
    if (key == "on_failure") return take_on_failure(value);
    if (key == "timeout") return take_timeout(value);
    if (key == "schedule") return take_schedule(value);
    if (key == "type") return take_type(value);
    if (is_later_key(key)) return mistake(key, "is not in this build yet; leave it out");
    out_[key] = value;
  }

  // True when the user wrote the canonical key as well, which then counts.
  bool is_doubled(std::string_view old_key, std::string_view key) {
    if (!user_.contains(key)) return false;
    mistake(old_key, fmt::format("is the old name of \"{}\"; give only one of them", key));
    return true;
  }

  void take_cmd(const Value& cmd) {
    if (is_doubled("cmd", "command")) return;
    moves_.add("/command", "/cmd");
    const Value* args = user_.if_contains("args");
    const bool is_words =
        cmd.is_string() && std::ranges::any_of(std::string_view(cmd.get_string()), is_blank);
    // Alone, a text with blanks was meant for a shell; anything else is a program to execute.
    if (!cmd.is_string() || (args == nullptr && is_words)) {
      out_["command"] = cmd;
      return;
    }
    Array command{cmd};
    moves_.add("/command/0", "/cmd");
    if (args != nullptr && !args->is_array())
      mistakes_.push_back({"/args", Part::value, "expected a list of strings"});
    if (args != nullptr && args->is_array()) {
      for (const Value& arg : args->get_array()) {
        moves_.add(fmt::format("/command/{}", command.size()),
                   fmt::format("/args/{}", command.size() - 1));
        command.push_back(arg);
      }
    }
    out_["command"] = std::move(command);
  }

  void take_args() {
    if (user_.contains("cmd")) return;
    mistake("args", "needs \"cmd\" beside it; or write both as \"command\", one list");
  }

  void take_timeout_secs(const Value& value) {
    if (is_doubled("timeout_secs", "timeout")) return;
    const auto count = count_text(value);
    if (!count) {
      mistakes_.push_back({"/timeout_secs", Part::value,
                           "expected a whole number of seconds; or write timeout: 90s"});
      return;
    }
    moves_.add("/timeout", "/timeout_secs");
    moves_.add("/timeout/run", "/timeout_secs");
    out_["timeout"] = Object{{"run", *count + "s"}};
  }

  // A plain value means `run`.
  void take_timeout(const Value& value) {
    if (value.is_object()) {
      out_["timeout"] = value;
      return;
    }
    moves_.add("/timeout/run", "/timeout");
    out_["timeout"] = Object{{"run", value}};
  }

  // A text, alone or in a list, means `cron`.
  void take_schedule(const Value& value) {
    if (!value.is_array()) {
      out_["schedule"] = schedule_entry(value, "/schedule");
      return;
    }
    Array entries;
    for (const Value& entry : value.get_array())
      entries.push_back(schedule_entry(entry, fmt::format("/schedule/{}", entries.size())));
    out_["schedule"] = std::move(entries);
  }

  Value schedule_entry(const Value& entry, const std::string& pointer) {
    if (!entry.is_string()) return entry;
    moves_.add(pointer + "/cron", pointer);
    return Object{{"cron", entry}};
  }

  void take_type(const Value& value) {
    out_["type"] =
        value.is_string() && (value == "javascript" || value == "typescript") ? Value("js") : value;
  }

  void take_on_failure(const Value& value) {
    if (is_doubled("on_failure", "retry")) return;
    moves_.add("/retry", "/on_failure");
    if (!value.is_object() || !value.get_object().contains("type")) {
      mistakes_.push_back({"/on_failure", Part::value,
                           "expected {type: retry, max_attempts: 3, backoff_ms: 5000}; better "
                           "write \"retry\""});
      return;
    }
    Object retry;
    for (const auto& member : value.get_object())
      take_failure_key(member.key(), member.value(), retry);
    out_["retry"] = std::move(retry);
  }

  void take_failure_key(std::string_view key, const Value& value, Object& retry) {
    const std::string pointer = fmt::format("/on_failure/{}", key);
    if (key == "type") {
      if (value == "retry") return;
      mistakes_.push_back({pointer, Part::value, "only \"retry\" is known here", "retry"});
    } else if (key == "max_attempts") {
      retry["max_attempts"] = value;
    } else if (key == "backoff_ms") {
      const auto count = count_text(value);
      if (!count) {
        mistakes_.push_back({pointer, Part::value, "expected a whole number of milliseconds"});
        return;
      }
      moves_.add("/retry/backoff", pointer);
      moves_.add("/retry/backoff/initial", pointer);
      retry["backoff"] = Object{{"type", "fixed"}, {"initial", *count + "ms"}, {"jitter", "none"}};
    } else {
      std::string escaped = "/on_failure";
      json::append_pointer(escaped, key);
      mistakes_.push_back({std::move(escaped), Part::key,
                           "unknown key; on_failure has type, max_attempts and backoff_ms"});
    }
  }

  void infer_type() {
    if (user_.contains("type")) return;
    if (user_.contains("jobs")) {
      out_["type"] = "pipeline";
      return;
    }
    const auto is_given = [&](std::string_view section) { return user_.contains(section); };
    if (std::ranges::count_if(kSections, is_given) == 1)
      out_["type"] = *std::ranges::find_if(kSections, is_given);
    else if (user_.contains("module"))
      out_["type"] = "js";
  }

  std::string_view type_text() const {
    const Value* type = out_.if_contains("type");
    if (type == nullptr) return "command";
    return type->is_string() ? std::string_view(type->get_string()) : std::string_view();
  }

  // Puts it into the section of the job's type. Comes for the same key once for each owner.
  void take_flat(std::string_view key) {
    if (!out_.contains(key)) return;
    const std::string_view type = type_text();
    const auto row = std::ranges::find_if(flat_keys(), [&](const FlatKey& known) {
      return known.key == key && known.section == type;
    });
    const Value value = user_.at(key);
    out_.erase(key);
    if (row == flat_keys().end()) {
      const bool is_told = type == "command" || std::ranges::count(kSections, type) > 0;
      if (is_told)
        mistake(key, fmt::format("belongs to {}; this job is of type {}", owners_of(key), type));
      return;
    }
    Value& section = out_[row->section];
    if (section.is_null()) section = Object{};
    if (!section.is_object()) return;
    if (section.get_object().contains(row->member))
      return mistake(key, fmt::format("is {0}.{1}, which is there too; give only one of them",
                                      row->section, row->member));
    moves_.add(fmt::format("/{}/{}", row->section, row->member), fmt::format("/{}", key));
    section.get_object()[row->member] = value;
  }

  static std::string owners_of(std::string_view key) {
    std::vector<std::string_view> owners;
    for (const FlatKey& row : flat_keys())
      if (row.key == key) owners.push_back(row.section);
    return fmt::format("type{} {}", owners.size() == 1 ? "" : "s", fmt::join(owners, " and "));
  }

  void drop_later(const LaterKey& row) {
    out_.erase(row.key);
    const std::string_view type = type_text();
    if (type == "command" || std::ranges::count(kSections, type) > 0)
      mistake(row.key, fmt::format("belongs to {}; this job is of type {}", row.owner, type));
  }

  static bool is_later_key(std::string_view key) {
    constexpr std::string_view kLater[] = {"hooks",  "trigger", "triggers",
                                           "events", "webhook", "stream"};
    return std::ranges::count(kLater, key) > 0;
  }

  void mistake(std::string_view key, std::string message) {
    mistakes_.push_back({fmt::format("/{}", key), Part::key, std::move(message)});
  }

  const Object& user_;
  Object out_;
  Moves moves_;
  std::vector<Mistake> mistakes_;
};

}  // namespace

std::string Moves::original(std::string_view canonical) const {
  for (std::size_t end = canonical.size(); end > 0; end = canonical.rfind('/', end - 1)) {
    const auto move = moves_.find(canonical.substr(0, end));
    if (move != moves_.end()) return move->second + std::string(canonical.substr(end));
  }
  return std::string(canonical);
}

Resolved resolve_aliases(const Object& document) { return Resolver(document).run(); }

const std::vector<FlatKey>& flat_keys() {
  static const std::vector<FlatKey> table{{"image", "container", "image"},
                                          {"entrypoint", "container", "entrypoint"},
                                          {"volumes", "container", "mounts"},
                                          {"mounts", "container", "mounts"},
                                          {"ports", "container", "ports"},
                                          {"network", "container", "network"},
                                          {"pull", "container", "pull"},
                                          {"url", "http", "url"},
                                          {"method", "http", "method"},
                                          {"headers", "http", "headers"},
                                          {"query", "http", "query"},
                                          {"body", "http", "body"},
                                          {"connection", "http", "connection"},
                                          {"connection", "sql", "connection"},
                                          {"statement", "sql", "statement"},
                                          {"script", "sql", "script"},
                                          {"script", "python", "file"},
                                          {"script", "node", "file"},
                                          {"module", "python", "module"},
                                          {"module", "node", "module"},
                                          {"code", "python", "code"},
                                          {"code", "node", "code"},
                                          {"function", "python", "function"},
                                          {"function", "node", "function"},
                                          {"requirements", "python", "lock_file"}};
  return table;
}

const std::vector<LaterKey>& later_keys() {
  static const std::vector<LaterKey> table{{"context", "type js"},
                                           {"jobs", "type pipeline"},
                                           {"broadcast", "type broadcast"},
                                           {"reduce", "type broadcast"},
                                           {"message", "type approval"},
                                           {"approvers", "type approval"},
                                           {"needs", "a step of a pipeline"},
                                           {"if", "a step of a pipeline"},
                                           {"with", "a step of a pipeline"},
                                           {"input_from", "a step of a pipeline"},
                                           {"map", "a step of a pipeline"},
                                           {"continue_on_failure", "a step of a pipeline"},
                                           {"cache", "a step of a pipeline"}};
  return table;
}

const std::vector<Alias>& aliases() {
  static const std::vector<Alias> table{
      {"cmd", "The program of `command`, when `args` are apart; alone, with blanks, a shell line.",
       R"({"type": "string"})"},
      {"args", "The arguments that follow `cmd`.",
       R"({"type": "array", "items": {"type": "string"}})"},
      {"timeout_secs", "The same as `timeout: {run: <seconds>s}`.",
       R"({"type": "integer", "minimum": 1})"},
      {"on_failure", "The same as `retry` with a fixed pause of `backoff_ms` and no jitter.",
       R"({"type": "object", "required": ["type"], "additionalProperties": false, "properties": {
           "type": {"const": "retry"}, "max_attempts": {"type": "integer", "minimum": 1},
           "backoff_ms": {"type": "integer", "minimum": 0}}})"}};
  return table;
}

}  // namespace mainspring::model
