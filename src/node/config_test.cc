#include "node/config.h"

#include <doctest/doctest.h>

#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace mainspring::node {
namespace {

std::string write_temporary(std::string_view text) {
  char path[] = "/tmp/mainspring-config-XXXXXX";
  const int file = mkstemp(path);
  REQUIRE(file >= 0);
  std::ofstream(path) << text;
  ::close(file);
  return path;
}

TEST_CASE("a value comes from the last source that names it, and says which") {
  const std::string file = write_temporary("slots: 3\nlisten: 127.0.0.1:1\nplan_ahead: 30s\n");
  const auto loaded = load_config(
      {.file = file,
       .environment = {{"MAINSPRING_LISTEN", "127.0.0.1:2"}, {"MAINSPRING_DRAIN", "1m"}},
       .flags = {{"drain", "5s"}}});
  REQUIRE(loaded.has_value());
  CHECK_EQ(loaded->config.slots, 3);
  CHECK_EQ(loaded->config.listen, "127.0.0.1:2");
  CHECK_EQ(loaded->config.drain, std::chrono::seconds{5});
  CHECK_EQ(loaded->sources.at("slots"), "file " + file);
  CHECK_EQ(loaded->sources.at("listen"), "MAINSPRING_LISTEN");
  CHECK_EQ(loaded->sources.at("drain"), "--drain");
  CHECK_FALSE(loaded->sources.contains("lease"));
  CHECK(show_config(*loaded).contains("MAINSPRING_LISTEN"));
}

TEST_CASE("a list and a switch are read from a flag") {
  const auto loaded = load_config({.file = {},
                                   .environment = {{"MAINSPRING_HOSTS", "a.example,b.example"}},
                                   .flags = {{"insecure_listen", "true"}, {"connections", "64"}}});
  REQUIRE(loaded.has_value());
  CHECK_EQ(loaded->config.hosts, std::vector<std::string>{"a.example", "b.example"});
  CHECK(loaded->config.insecure_listen);
  CHECK_EQ(loaded->config.connections, 64);
  CHECK_FALSE(load_config({.file = {}, .environment = {}, .flags = {{"insecure_listen", "yes"}}}));
}

TEST_CASE("a reload takes what may change and names what needs a restart") {
  Config running;
  running.slots = 4;
  Config wanted = running;
  wanted.log_level = LogLevel::debug;
  wanted.retention.runs = 7;
  wanted.slots = 8;
  const Reloaded next = reload(
      {running, {}}, {wanted, {{"slots", "--slots"}, {"log_level", "MAINSPRING_LOG_LEVEL"}}});
  CHECK_EQ(next.changed, std::vector<std::string>{"log_level", "retention"});
  CHECK_EQ(next.needs_restart, std::vector<std::string>{"slots"});
  CHECK_EQ(next.settings.config.log_level, LogLevel::debug);
  CHECK_EQ(next.settings.config.retention.runs, 7);
  CHECK_EQ(next.settings.config.slots, 4);
  CHECK(next.settings.sources == Sources{{"log_level", "MAINSPRING_LOG_LEVEL"}});
  CHECK(reload(next.settings, next.settings).changed.empty());
}

TEST_CASE("a reload takes another certificate, and a restart turns TLS on or off") {
  Config plain;
  Config encrypted = plain;
  encrypted.tls_certificate = "a.crt";
  encrypted.tls_key = "a.key";
  Config renewed = encrypted;
  renewed.tls_certificate = "b.crt";
  CHECK_EQ(reload({encrypted, {}}, {renewed, {}}).settings.config.tls_certificate, "b.crt");
  const std::vector<std::string> both{"tls_certificate", "tls_key"};
  CHECK_EQ(reload({plain, {}}, {encrypted, {}}).needs_restart, both);
  CHECK_EQ(reload({encrypted, {}}, {plain, {}}).needs_restart, both);
}

TEST_CASE("the address of the store is shown without its password") {
  const auto loaded = load_config(
      {.file = {},
       .environment = {{"MAINSPRING_STORE", "postgresql://me:s3cret@db.example/jobs"}}});
  REQUIRE(loaded);
  CHECK_FALSE(loaded->config.has_own_store());
  const std::string text = show_config(*loaded);
  CHECK(text.contains("postgresql://me:***@db.example/jobs"));
  CHECK_FALSE(text.contains("s3cret"));
  for (const api::SettingView& view : list_settings(*loaded))
    CHECK_FALSE(json::write(view.value).contains("s3cret"));
}

TEST_CASE("a store that is no address of PostgreSQL is refused") {
  CHECK_FALSE(load_config({.file = {}, .environment = {{"MAINSPRING_STORE", "mysql://db/jobs"}}}));
}

TEST_CASE("the reference says of each setting what a reload does with it") {
  std::ifstream file("docs/reference/configuration.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const json::FieldRow& field : Config::described().fields) {
    CAPTURE(field.name);
    const std::size_t row = text.find("| `" + std::string{field.name} + "` | ");
    REQUIRE_NE(row, std::string::npos);
    const std::string line = text.substr(row, text.find('\n', row) - row);
    CHECK_EQ(line.contains("| yes |"), is_reloadable(field.name));
  }
}

TEST_CASE("a misspelt variable is an error with a suggestion") {
  const auto loaded = load_config({.file = {}, .environment = {{"MAINSPRING_LISTNE", "x"}}});
  REQUIRE_FALSE(loaded.has_value());
  REQUIRE_EQ(loaded.error().problems.size(), 1);
  CHECK_EQ(loaded.error().problems[0].suggestion, "MAINSPRING_LISTEN");
}

TEST_CASE("each key of a section comes from the last source that names it") {
  const std::string file = write_temporary("retention: {runs: 5, log_bytes: 2MiB}\n");
  const auto loaded = load_config({.file = file,
                                   .environment = {{"MAINSPRING_RETENTION", "runs=6,age=7d"}},
                                   .flags = {{"retention", "age=2d"}}});
  REQUIRE(loaded.has_value());
  const RetentionConfig& retention = loaded->config.retention;
  CHECK_EQ(retention.runs, 6);
  CHECK_EQ(retention.age, std::chrono::days{2});
  CHECK_EQ(retention.log_bytes, 2 << 20);
  CHECK_EQ(retention.ledger_age, RetentionConfig{}.ledger_age);
}

TEST_CASE("a mistake within a section names its source and its key") {
  const auto loaded = load_config({.file = {}, .flags = {{"retention", "runs=0,aeg=1d"}}});
  REQUIRE_FALSE(loaded.has_value());
  const std::string text = base::to_text(loaded.error());
  CHECK(text.contains("--retention: "));
  CHECK(text.contains("age"));
}

TEST_CASE("the variables of OpenTelemetry say what nothing of ours says") {
  const std::map<std::string, std::string> environment{
      {"OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"},
      {"OTEL_EXPORTER_OTLP_HEADERS", "api-key=a%20b%3D,x=1"},
      {"OTEL_SERVICE_NAME", ""},
      {"OTEL_TRACES_SAMPLER", "always_on"}};
  const auto loaded = load_config({.file = {}, .environment = environment});
  REQUIRE(loaded.has_value());
  CHECK_EQ(loaded->config.otlp_endpoint, "http://collector:4318");
  CHECK_EQ(loaded->config.otlp_headers.at("api-key"), "a b=");
  CHECK_EQ(loaded->config.otlp_headers.at("x"), "1");
  CHECK_EQ(loaded->config.otlp_service_name, "mainspring");
  CHECK_EQ(loaded->sources.at("otlp_endpoint"), "OTEL_EXPORTER_OTLP_ENDPOINT");
  CHECK_FALSE(show_config(*loaded).contains("a b="));
  const std::string file = write_temporary("otlp_endpoint: ''\notlp_sample_ratio: 0.5\n");
  const auto off = load_config({.file = file, .environment = environment});
  REQUIRE(off.has_value());
  CHECK_EQ(off->config.otlp_endpoint, "");
  CHECK_EQ(off->config.otlp_sample_ratio, 0.5);
}

TEST_CASE("traces are refused an address, a ratio or a header that cannot be") {
  for (const auto& [key, value] :
       std::map<std::string, std::string>{{"otlp_endpoint", "collector:4318"},
                                          {"otlp_sample_ratio", "2"},
                                          {"otlp_headers", "a=b\r\nc: d"}}) {
    CAPTURE(key);
    const auto loaded = load_config({.file = {}, .environment = {}, .flags = {{key, value}}});
    REQUIRE_FALSE(loaded.has_value());
    CHECK(base::to_text(loaded.error()).contains(key == "otlp_endpoint" ? "http://" : "--otlp"));
  }
}

TEST_CASE("jobctl's own variables are no mistake of the node's") {
  const auto loaded = load_config({.file = {}, .environment = {{"MAINSPRING_SERVER", "http://x"}}});
  CHECK(loaded.has_value());
}

TEST_CASE("a wrong value is reported under the source that gave it") {
  const auto loaded = load_config(
      {.file = {}, .environment = {{"MAINSPRING_LEASE", "ten"}}, .flags = {{"slots", "-1"}}});
  REQUIRE_FALSE(loaded.has_value());
  const std::string text = base::to_text(loaded.error());
  CHECK(text.contains("MAINSPRING_LEASE: "));
  CHECK(text.contains("--slots: "));
}

TEST_CASE("a file with an unknown key is refused with its line") {
  const auto loaded = load_config({.file = write_temporary("slots: 2\nlisten_on: x\n")});
  REQUIRE_FALSE(loaded.has_value());
  REQUIRE_EQ(loaded.error().problems.size(), 1);
  CHECK_EQ(loaded.error().problems[0].line, 2);
}

TEST_CASE("a format or level of the log that is none is refused with what there is") {
  const auto loaded = load_config({.file = {}, .flags = {{"log_level", "warn"}}});
  REQUIRE(loaded.has_value());
  CHECK_EQ(loaded->config.log_level, LogLevel::warn);
  CHECK_EQ(loaded->config.log_format, LogFormat::text);
  const auto wrong = load_config({.file = {},
                                  .environment = {{"MAINSPRING_LOG_LEVEL", "loud"}},
                                  .flags = {{"log_format", "xml"}}});
  REQUIRE_FALSE(wrong.has_value());
  const std::string text = base::to_text(wrong.error());
  CHECK(text.contains("MAINSPRING_LOG_LEVEL: "));
  CHECK(text.contains("--log-format: "));
  CHECK(text.contains("debug"));
}

TEST_CASE("a listen address is a host and a port") {
  CHECK_EQ(parse_listen("127.0.0.1:7070")->port, 7070);
  CHECK_EQ(parse_listen("[::1]:80")->host, "::1");
  for (const char* text : {"", "7070", ":7070", "localhost", "localhost:", "localhost:99999"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_listen(text).has_value());
  }
}

}  // namespace
}  // namespace mainspring::node
