#include "node/config.h"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

#include "base/check.h"
#include "base/text.h"
#include "json/codec.h"
#include "postgres/store.h"
#include "system/files.h"

namespace mainspring::node {
namespace {

constexpr std::size_t kConfigFileLimit = 1 << 20;
constexpr std::string_view kPrefix = "MAINSPRING_";
// What OpenTelemetry's own programs read, for the settings that say the same; later rows win.
struct Fallback {
  std::string_view variable;
  std::string_view key;
};
constexpr Fallback kFallbacks[] = {{"OTEL_EXPORTER_OTLP_ENDPOINT", "otlp_endpoint"},
                                   {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "otlp_endpoint"},
                                   {"OTEL_EXPORTER_OTLP_HEADERS", "otlp_headers"},
                                   {"OTEL_EXPORTER_OTLP_TRACES_HEADERS", "otlp_headers"},
                                   {"OTEL_SERVICE_NAME", "otlp_service_name"}};

// The rest is bound to what exists from the start: files, sockets, threads, a limit of descriptors.
constexpr std::string_view kReloadable[] = {
    "tls_certificate",  "tls_key",       "hosts",        "drain",
    "log_format",       "log_level",     "backup_every", "backup_keep",
    "retention",        "otlp_endpoint", "otlp_headers", "otlp_sample_ratio",
    "otlp_service_name"};

constexpr std::string_view kNotShown = "(not shown)";
bool is_credential(std::string_view key) { return key == "otlp_headers"; }

// What of a value may be shown to whoever may see the settings.
json::Value shown(std::string_view key, const json::Value& value) {
  if (key == "store") return json::Value(postgres::hide_password(value.as_string()));
  const bool is_empty = value == json::Value(json::Object{});
  return is_credential(key) && !is_empty ? json::Value(kNotShown) : value;
}

// Read by jobctl, not by the node.
constexpr std::string_view kOthers[] = {"MAINSPRING_SERVER",     "MAINSPRING_TOKEN",
                                        "MAINSPRING_TOKEN_FILE", "MAINSPRING_CA",
                                        "MAINSPRING_CONFIG",     "MAINSPRING_JOIN_TOKEN"};

std::string to_upper(std::string_view key) {
  std::string out{kPrefix};
  for (const char c : key)
    out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

std::string to_flag(std::string_view key) {
  std::string out{"--"};
  for (const char c : key)
    out += c == '_' ? '-' : c;
  return out;
}

json::Value to_scalar(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  return is_number ? json::Value(number) : json::Value(text);
}

json::Value to_real(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  return is_number ? json::Value(number) : json::Value(text);
}

// "a=b,c=d"; `read` makes the values.
json::Object to_map(std::string_view rest, json::Value (*read)(std::string_view)) {
  json::Object out;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    const std::string_view pair = rest.substr(0, end);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    out[pair.substr(0, equals)] =
        read(equals < pair.size() ? pair.substr(equals + 1) : std::string_view{});
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

// "a,b"
json::Array to_list(std::string_view rest) {
  json::Array out;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    out.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

bool is_section(std::string_view key) { return key == "retention" || key == "resources"; }

// A flag's or variable's text as the value it stands for: a number, a map, a string.
json::Value to_value(std::string_view key, const std::string& text) {
  if (key == "labels") {
    return to_map(text, [](std::string_view value) { return json::Value(value); });
  }
  if (key == "otlp_headers") {
    return to_map(text, [](std::string_view value) { return json::Value(value); });
  }
  if (key == "otlp_sample_ratio") return to_real(text);
  if (key == "hosts" || key == "roles") return to_list(text);
  if (key == "insecure_listen" && (text == "true" || text == "false")) {
    return json::Value(text == "true");
  }
  if (is_section(key)) return to_map(text, key == "retention" ? to_scalar : to_real);
  if (key == "slots" || key == "readers" || key == "connections" || key == "backup_keep")
    return to_scalar(text);
  return json::Value(text);
}

// Later sources win; of a section, key by key.
void merge(json::Object& merged, std::string_view key, json::Value value) {
  json::Value& place = merged[key];
  if (!is_section(key) || !place.is_object() || !value.is_object()) {
    place = std::move(value);
    return;
  }
  for (auto& item : value.as_object())
    place.as_object()[item.key()] = std::move(item.value());
}

base::Error in_file(const std::string& path, base::Error error) {
  error.message.insert(0, path + ": ");
  return error;
}

base::Result<void> read_file(const std::string& path, json::Object& merged, Sources& sources) {
  const auto text = system::read_small_file(path, kConfigFileLimit);
  if (!text) return base::fail(text.error());
  const auto documents = json::parse_yaml(*text);
  if (!documents) return base::fail(in_file(path, documents.error()));
  if (documents->empty()) return {};
  if (documents->size() > 1 || !documents->front().value.is_object()) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("'{}' must be one document of key: value lines", path));
  }
  if (const auto decoded = json::decode<Config>(documents->front()); !decoded) {
    return base::fail(in_file(path, decoded.error()));
  }
  for (const auto& item : documents->front().value.as_object()) {
    merged[item.key()] = item.value();
    sources[std::string{item.key()}] = "file " + path;
  }
  return {};
}

// "a%20b" -> "a b"; what is no escape stays.
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    const char* begin = text.data() + i + 1;
    const bool is_escape = text[i] == '%' && i + 2 < text.size() &&
                           std::from_chars(begin, begin + 2, byte, 16).ptr == begin + 2;
    out += is_escape ? static_cast<char>(byte) : text[i];
    if (is_escape) i += 2;
  }
  return out;
}

// An empty variable says nothing, as OpenTelemetry's specification has it. Values of headers are
// escaped as in a URL.
void read_fallbacks(const std::map<std::string, std::string>& environment, json::Object& merged,
                    Sources& sources) {
  for (const Fallback& fallback : kFallbacks) {
    const auto found = environment.find(std::string{fallback.variable});
    if (found == environment.end() || found->second.empty()) continue;
    merged[fallback.key] = fallback.key == "otlp_headers"
                               ? json::Value(to_map(found->second,
                                                    [](std::string_view value) {
                                                      return json::Value(unescape(value));
                                                    }))
                               : to_value(fallback.key, found->second);
    sources[std::string{fallback.key}] = fallback.variable;
  }
}

void add_problem(base::Error& error, std::string message, std::string suggestion) {
  error.problems.push_back({.pointer = {},
                            .line = 0,
                            .column = 0,
                            .message = std::move(message),
                            .suggestion = std::move(suggestion)});
}

}  // namespace

bool is_setting_variable(std::string_view name) {
  return name.starts_with(kPrefix) || std::ranges::count(kFallbacks, name, &Fallback::variable) > 0;
}

base::Result<LoadedConfig> load_config(const ConfigInputs& inputs) {
  json::Object merged;
  Sources sources;
  read_fallbacks(inputs.environment, merged, sources);
  if (!inputs.file.empty()) {
    if (auto read = read_file(inputs.file, merged, sources); !read) {
      return base::fail(std::move(read.error()));
    }
  }
  base::Error error{base::Code::invalid_argument, "The configuration is not valid.", {}};
  std::vector<std::string> variables;
  for (const json::FieldRow& field : Config::described().fields) {
    variables.push_back(to_upper(field.name));
    const auto variable = inputs.environment.find(variables.back());
    if (variable != inputs.environment.end()) {
      merge(merged, field.name, to_value(field.name, variable->second));
      sources[std::string{field.name}] = variables.back();
    }
    const auto flag = inputs.flags.find(std::string{field.name});
    if (flag != inputs.flags.end()) {
      merge(merged, field.name, to_value(field.name, flag->second));
      sources[std::string{field.name}] = to_flag(field.name);
    }
  }
  const std::vector<std::string_view> known(variables.begin(), variables.end());
  for (const auto& [name, value] : inputs.environment) {
    if (!name.starts_with(kPrefix)) continue;
    const bool is_known = std::ranges::find(known, name) != known.end() ||
                          std::ranges::find(kOthers, name) != std::end(kOthers);
    if (!is_known) {
      add_problem(error, fmt::format("unknown variable {}", name), base::find_closest(name, known));
    }
  }
  const auto decoded = json::decode<Config>(json::Value(merged));
  if (!decoded) {
    for (const base::Problem& problem : decoded.error().problems) {
      const std::string path =
          problem.pointer.substr(std::min<std::size_t>(1, problem.pointer.size()));
      const std::string key = path.substr(0, path.find('/'));
      const auto source = sources.find(key);
      add_problem(
          error,
          fmt::format("{}: {}", source == sources.end() ? key : source->second, problem.message),
          problem.suggestion);
    }
  }
  if (!error.problems.empty()) return base::fail(std::move(error));
  return LoadedConfig{*decoded, std::move(sources)};
}

std::vector<api::SettingView> list_settings(const LoadedConfig& loaded) {
  const json::Object values = json::encode(loaded.config).as_object();
  const json::Object usual = json::encode(Config{}).as_object();
  std::vector<api::SettingView> out;
  for (const json::FieldRow& field : Config::described().fields) {
    if (field.is_write_only) continue;
    const auto at = [&field](const json::Object& object) {
      const json::Value* value = object.if_contains(field.name);
      return value == nullptr ? json::Value{} : *value;
    };
    const auto source = loaded.sources.find(std::string{field.name});
    out.push_back({.name = std::string{field.name},
                   .value = shown(field.name, at(values)),
                   .usual = at(usual),
                   .source = source == loaded.sources.end() ? "default" : source->second,
                   .is_reloadable = is_reloadable(field.name),
                   .doc = std::string{field.doc}});
  }
  return out;
}

std::string show_config(const LoadedConfig& loaded) {
  const json::Object values = json::encode(loaded.config).as_object();
  std::string out;
  for (const auto& item : values) {
    const std::string key{item.key()};
    const auto source = loaded.sources.find(key);
    const json::Value may_see = shown(key, item.value());
    const std::string value =
        may_see.is_string() ? std::string{may_see.as_string()} : json::write(may_see);
    out += fmt::format("{:<20} {:<28} {:<8} {}\n", key, value.empty() ? "\"\"" : value,
                       is_reloadable(key) ? "reload" : "restart",
                       source == loaded.sources.end() ? "default" : source->second);
  }
  return out;
}

bool is_reloadable(std::string_view key) { return std::ranges::count(kReloadable, key) > 0; }

Reloaded reload(const LoadedConfig& running, const LoadedConfig& wanted) {
  json::Object merged = json::encode(running.config).as_object();
  const json::Object next = json::encode(wanted.config).as_object();
  Reloaded out;
  out.settings.sources = wanted.sources;
  for (const json::FieldRow& field : Config::described().fields) {
    const json::Value* value = next.if_contains(field.name);
    json::Value& place = merged[field.name];
    if (value == nullptr || *value == place) continue;
    // Another certificate is taken; whether there is any is a matter of how the node listens.
    const bool turns_tls =
        field.name.starts_with("tls_") && running.config.has_tls() != wanted.config.has_tls();
    const bool is_taken = is_reloadable(field.name) && !turns_tls;
    (is_taken ? out.changed : out.needs_restart).emplace_back(field.name);
    if (is_taken) {
      place = *value;
      continue;
    }
    const std::string key{field.name};
    out.settings.sources.erase(key);
    const auto source = running.sources.find(key);
    if (source != running.sources.end()) out.settings.sources.insert(*source);
  }
  const auto decoded = json::decode<Config>(json::Value(std::move(merged)));
  CHECK(decoded.has_value());  // every value was valid where it came from
  out.settings.config = *decoded;
  return out;
}

base::Result<ListenAddress> parse_listen(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  ListenAddress address;
  if (colon != std::string_view::npos && colon > 0) {
    address.host = text.substr(0, colon);
    if (address.host.starts_with('[') && address.host.ends_with(']')) {
      address.host = address.host.substr(1, address.host.size() - 2);
    }
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, address.port);
    if (error == std::errc{} && stop == end && colon + 1 < text.size()) return address;
  }
  return base::fail(base::Code::invalid_argument,
                    fmt::format("listen: '{}' is not HOST:PORT, such as 127.0.0.1:7070", text));
}

}  // namespace mainspring::node
