#include "node/config.h"

#include <algorithm>

#include "json/codec.h"
#include "model/codecs.h"
#include "postgres/store.h"

namespace mainspring::node {

const json::StructTable& ResourceConfig::described() {
  using json::field;
  using model::field_as;
  static const auto table = json::describe<ResourceConfig>(
      "ResourceConfig", "What the worker has for its runs.",
      field<&ResourceConfig::cpu>("cpu", "Cores, such as 7.5; 0: all of the machine's.").min(0.0),
      field_as<&ResourceConfig::memory_bytes>(model::kSizeType, "memory",
                                              "Memory; 0: all that the node may use."),
      field<&ResourceConfig::gpus>("gpus", "Graphics processors; -1: those of NVIDIA it has.")
          .min(-1)
          .max(64),
      field_as<&ResourceConfig::gpu_memory_bytes>(model::kSizeType, "gpu_memory",
                                                  "Memory of each of them; 0: not known."));
  return table;
}

const json::StructTable& RetentionConfig::described() {
  using json::field;
  using model::field_as;
  constexpr base::Duration kNone{0};
  static const auto table = json::describe<RetentionConfig>(
      "RetentionConfig", "How much history is kept where a job does not say; 0 keeps everything.",
      field<&RetentionConfig::runs>("runs", "Finished runs of a job, the newest.")
          .min(1)
          .max(1'000'000),
      field<&RetentionConfig::age>("age", "How long a finished run is kept.").min(kNone),
      field<&RetentionConfig::log_age>("log_age",
                                       "How long its log is kept; 0: as long as the run.")
          .min(kNone),
      field_as<&RetentionConfig::log_bytes>(model::kSizeType, "log_bytes",
                                            "Log of all runs of a job, the newest."),
      field<&RetentionConfig::ledger_age>("ledger_age",
                                          "How long the ledger of occurrences is kept.")
          .min(kNone),
      field<&RetentionConfig::events_age>("events_age",
                                          "How long events and ended operations are kept.")
          .min(kNone));
  return table;
}

const json::EnumTable& described(LogFormat) {
  static const auto table =
      json::enumeration<LogFormat>("LogFormat", "How the node writes its log.",
                                   {{LogFormat::text, "text", "A line for people."},
                                    {LogFormat::json, "json", "A JSON object per line."}});
  return table;
}

const json::EnumTable& described(LogLevel) {
  static const auto table = json::enumeration<LogLevel>(
      "LogLevel", "What the node logs: this and what is graver.",
      {{LogLevel::debug, "debug", "Every request, too."},
       {LogLevel::info, "info", "What happens now and then, and is right."},
       {LogLevel::warn, "warn", "Something went wrong, and the node goes on by itself."},
       {LogLevel::error, "error", "Somebody must look."}});
  return table;
}

namespace {

bool is_endpoint(std::string_view text) {
  return text.empty() || (text.starts_with("http://") && text.size() > 7) ||
         (text.starts_with("https://") && text.size() > 8);
}

bool is_store(std::string_view text) { return text.empty() || postgres::is_url(text); }

bool is_header_value(std::string_view text) {
  return std::ranges::none_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

auto store_field() {
  return json::field<&Config::store>("store",
                                     "postgresql://...: keep it there; empty: SQLite in data_dir.")
      .matches(is_store, "^$|^postgres(ql)?://.+",
               "a store is a PostgreSQL database, postgresql://USER@HOST:PORT/DATABASE; left out "
               "it is an SQLite file in data_dir");
}

auto otlp_endpoint_field() {
  return json::field<&Config::otlp_endpoint>("otlp_endpoint",
                                             "URL of an OpenTelemetry collector; empty: no traces.")
      .matches(is_endpoint, "^$|^https?://.+",
               "an endpoint begins with http:// or https://, such as http://127.0.0.1:4318");
}

auto otlp_headers_field() {
  return json::field<&Config::otlp_headers>("otlp_headers", "Sent to it with the spans; a=b,c=d.")
      .max_items(32)
      .matches(is_header_value, "^[^\\x00-\\x1f\\x7f]*$",
               "the value of a header has no control characters");
}

}  // namespace

const json::StructTable& Config::described() {
  using namespace std::chrono_literals;
  using json::field;
  static const auto table = json::describe<Config>(
      "Config", "The settings of a node.",
      field<&Config::data_dir>("data_dir", "Where the node keeps everything it must remember."),
      store_field(),
      field<&Config::store_password_file>("store_password_file",
                                          "Holds the password for the database, and nothing else."),
      field<&Config::listen>("listen",
                             "HOST:PORT of the API; other than loopback needs tls_certificate."),
      field<&Config::tls_certificate>("tls_certificate", "PEM file: the certificate, its chain."),
      field<&Config::tls_key>("tls_key", "PEM file: its private key, for the node's user alone."),
      field<&Config::tls_hsts>("tls_hsts", "How long browsers insist on HTTPS; 0s: not told.")
          .min(base::Duration{0s})
          .max(base::Duration{2 * 8784h}),
      field<&Config::insecure_listen>(
          "insecure_listen", "true: allow an address that others reach, without encryption."),
      field<&Config::hosts>("hosts", "Names under which browsers reach this node; commas.")
          .max_items(64),
      field<&Config::name>("name", "Of this node; the host's name when empty."),
      field<&Config::roles>("roles", "What this node does: api, scheduler, worker; commas.")
          .max_items(3),
      field<&Config::liveness>("liveness", "After so long a silence others take over.")
          .min(base::Duration{2s})
          .max(base::Duration{10min}),
      field<&Config::slots>("slots", "Runs at the same time; 0: two per core, at least 4.")
          .min(0)
          .max(1'024),
      field<&Config::labels>("labels", "Of this node's worker.").max_items(64),
      field<&Config::resources>("resources", "What its worker has for runs; the machine's."),
      field<&Config::lease>("lease", "How long a worker may act on a run without renewing.")
          .min(base::Duration{1s})
          .max(base::Duration{10min}),
      field<&Config::heartbeat>("heartbeat", "How often leases are renewed.")
          .min(base::Duration{100ms})
          .max(base::Duration{1min}),
      field<&Config::plan_ahead>("plan_ahead", "How far ahead fires are written.")
          .min(base::Duration{1s})
          .max(base::Duration{1h}),
      field<&Config::drain>("drain", "How long a stopping node lets running work go on.")
          .min(base::Duration{0s})
          .max(base::Duration{24h}),
      field<&Config::readers>("readers", "Threads that answer questions.").min(1).max(64),
      field<&Config::connections>("connections", "Open at once, of the API; more get 503.")
          .min(16)
          .max(100'000),
      field<&Config::log_format>("log_format", "How the log is written: text or json."),
      field<&Config::log_level>("log_level", "The least that is logged: debug, info, warn, error."),
      field<&Config::backup_dir>("backup_dir",
                                 "Where backups go; empty: backups/ in the data directory."),
      field<&Config::backup_every>("backup_every",
                                   "How often the node makes one, such as 24h; 0s: when asked.")
          .min(base::Duration{0s})
          .max(base::Duration{8760h}),
      field<&Config::backup_keep>("backup_keep", "How many are kept, the newest.")
          .min(1)
          .max(10'000),
      field<&Config::retention>("retention", "How much history is kept where a job does not say."),
      otlp_endpoint_field(), otlp_headers_field(),
      field<&Config::otlp_sample_ratio>("otlp_sample_ratio",
                                        "Of the traces that begin here; 0 to 1.")
          .min(0.0)
          .max(1.0),
      field<&Config::otlp_service_name>("otlp_service_name", "service.name of the spans."));
  return table;
}

}  // namespace mainspring::node
