#include <random>

#include <doctest/doctest.h>

#include "json/codec.h"
#include "model/codecs.h"
#include "model/manifest.h"
#include "model/names.h"
#include "model/run.h"

namespace mainspring::model {
namespace {

using std::chrono::seconds;

// Random specs that a manifest could have given.
class SpecMaker {
 public:
  explicit SpecMaker(std::uint64_t seed) : random_(seed) {}

  JobSpec make() {
    JobSpec spec;
    spec.name = word() + "." + word();
    if (flip()) spec.description = text();
    if (flip()) spec.command.argv = {word(), text(), ""};
    if (spec.command.argv.empty()) spec.command.shell = "echo " + text();
    for (int i = below(4); i > 0; --i)
      spec.environment["V_" + word()] =
          flip() ? EnvironmentValue{text(), ""} : EnvironmentValue{"", word()};
    if (flip()) spec.working_dir = "/" + word();
    if (flip()) spec.stdin_text = text();
    if (flip()) spec.user = word();
    for (int i = below(4); i > 0; --i)
      spec.params["p_" + word()] = param();
    for (int i = below(4); i > 0; --i)
      spec.schedule.push_back(schedule(spec.params));
    const base::Duration idle = duration();
    if (flip()) spec.timeout = {idle + duration(), std::nullopt, idle, seconds{below(3000)}};
    if (flip()) spec.timeout.queue = duration();
    retry(spec.retry);
    if (flip()) spec.queue = word();
    spec.priority = below(201) - 100;
    if (flip()) spec.concurrency = ConcurrencySpec{below(3) + 1, flip() ? text() : ""};
    if (flip()) spec.dedupe = DedupeSpec{text(), duration()};
    if (flip()) spec.debounce = DebounceSpec{idle, idle + duration(), flip() ? text() : ""};
    if (flip()) spec.expect = ExpectSpec{idle, idle + duration(), std::chrono::days{9}};
    if (flip()) spec.pause_after_failures = below(9) + 1;
    spec.shadow = !spec.schedule.empty() && flip();
    if (flip()) spec.resources = resources();
    if (flip()) spec.placement = placement();
    for (int i = below(3); i > 0; --i)
      spec.labels[word() + "/" + word()] = flip() ? word() : "";
    if (flip()) spec.retention = {below(100) + 1, idle + duration(), idle, 1 << 20, duration()};
    return spec;
  }

 private:
  ResourceSpec resources() {
    ResourceSpec out;
    out.cpu = below(5) / 2.0;
    out.memory_bytes = std::int64_t{below(5)} << 30;
    out.gpus = below(3);
    if (out.gpus > 0) out.gpu_memory_bytes = std::int64_t{below(5)} << 30;
    return out;
  }
  PlacementSpec placement() {
    PlacementSpec out;
    for (int i = below(3); i > 0; --i)
      out.labels[word()] = word();
    if (flip()) out.constraints.push_back({word(), LabelOp::in, {word()}});
    if (flip()) out.constraints.push_back({word(), LabelOp::not_in, {word(), word()}});
    if (flip()) out.constraints.push_back({word(), LabelOp::exists, {}});
    for (int i = below(3); i > 0; --i)
      out.prefer.push_back({word(), flip() ? word() : "", 1 + below(3)});
    if (flip()) out.spread = SpreadSpec{word()};
    return out;
  }
  int below(int limit) { return static_cast<int>(random_() % static_cast<std::uint64_t>(limit)); }
  bool flip() { return below(2) == 0; }
  base::Duration duration() { return base::Duration{1000 + below(100'000'000)}; }
  base::Instant instant(int year) {
    return base::from_millis((year - 1970) * 31'556'952'000LL + below(1'000'000'000));
  }
  std::string word() {
    std::string out;
    for (int i = below(8) + 1; i > 0; --i)
      out += static_cast<char>('a' + below(26));
    return out;
  }
  // What a format could confuse with something else.
  std::string text() {
    static const std::vector<std::string> kTexts{"plain",
                                                 "yes",
                                                 "null",
                                                 "- item",
                                                 "a: b",
                                                 "# no comment",
                                                 "{x}",
                                                 "[y]",
                                                 "\"q\"",
                                                 "it's",
                                                 "line\nbreak",
                                                 "tab\t.",
                                                 " blanks ",
                                                 "ends\n",
                                                 "~",
                                                 "1.0",
                                                 "1e3",
                                                 "0x10",
                                                 "Stra\xC3\x9F",
                                                 "back\\n",
                                                 "*star",
                                                 "&amp",
                                                 "!t",
                                                 "%p",
                                                 "@at",
                                                 "`tick`",
                                                 "a\n\n b\n",
                                                 "\x01",
                                                 "?",
                                                 "|",
                                                 ">",
                                                 "2026-01-01",
                                                 "$HOME",
                                                 "$ {{ x }}",
                                                 "\r\n",
                                                 "true",
                                                 "-",
                                                 ":",
                                                 "''",
                                                 ","};
    return kTexts[static_cast<std::size_t>(below(static_cast<int>(kTexts.size())))];
  }

  ScheduleSpec schedule(const std::map<std::string, ParamSpec>& params) {
    ScheduleSpec out;
    const base::Duration jitter = duration();
    switch (below(4)) {
      case 0:
        out.cron = "*/5 2 * * 1-5";
        break;
      case 1:
        out.every = jitter + duration();
        break;
      case 2:
        out.at = instant(2027);
        break;
      default:
        out.delay = duration();
        break;
    }
    if (flip()) out.timezone = "Europe/Berlin";
    out.overlap = Overlap{below(6)};
    out.misfire = Misfire{below(4)};
    if (flip()) out.catch_up = duration();
    if (flip()) out.jitter = jitter;
    out.dst.gap = cron::GapPolicy{static_cast<std::uint8_t>(below(3))};
    out.dst.fold = cron::FoldPolicy{static_cast<std::uint8_t>(below(3))};
    if (flip()) out.start = instant(2026);
    if (flip()) out.end = instant(2028);
    if (flip()) out.calendar = word();
    for (const auto& [name, value] : params)
      if (value.required) out.params[name] = fitting(value);
    out.max_runs = ++schedules_;  // so that no two of them are the same
    return out;
  }

  static json::Value fitting(const ParamSpec& param) {
    if (!param.allowed.empty()) return param.allowed.front();
    switch (param.type) {
      case ParamType::integer:
      case ParamType::number:
        return json::Value(7);
      case ParamType::boolean:
        return json::Value(true);
      case ParamType::object:
        return json::Value(json::Object{{"a", 1}});
      case ParamType::array:
        return json::Value(json::Array{1});
      case ParamType::string:
        break;
    }
    return json::Value("x");
  }

  void retry(RetrySpec& out) {
    out.max_attempts = below(5) + 1;
    out.backoff.type = BackoffType{below(4)};
    out.backoff.initial = base::Duration{below(1000)};
    if (flip()) out.backoff.factor = 1 + below(100) / 7.0;
    if (flip()) out.backoff.max = duration();
    if (out.backoff.type == BackoffType::list) out.backoff.delays = {duration(), duration()};
    out.backoff.jitter = Jitter{below(2)};
    if (flip()) out.only.exit_codes = {below(255) + 1, 75};
    if (flip()) out.only.outcomes = {OutcomeStatus::failed, OutcomeStatus::lost};
  }

  ParamSpec param() {
    ParamSpec out;
    out.type = ParamType{below(6)};
    if (flip()) out.description = text();
    if (out.type == ParamType::integer || out.type == ParamType::number) {
      if (flip()) out.default_value = json::Value(below(100));
      if (flip()) out.minimum = -below(100) / 4.0;
      if (flip()) out.maximum = 100.0 + below(100);
    } else if (out.type == ParamType::string) {
      const std::string value = text();
      if (flip()) out.default_value = json::Value(value);
      if (flip()) out.allowed = {json::Value(value), json::Value(text())};
      if (flip()) out.max_length = 100;
    } else if (out.type == ParamType::boolean) {
      if (flip()) out.default_value = json::Value(flip());
    }
    out.required = !out.default_value && flip();
    return out;
  }

  std::mt19937_64 random_;
  int schedules_ = 0;
};

TEST_CASE("a spec read back from its canonical form, or its stored form, is the same") {
  const std::uint64_t seed = std::random_device{}();
  CAPTURE(seed);
  SpecMaker maker(seed);
  for (int i = 0; i < 300; ++i) {
    const JobSpec spec = maker.make();
    const json::Value shown = canonical(spec);
    const std::string as_yaml = json::write_yaml(shown);
    CAPTURE(as_yaml);
    const auto from_json = parse_manifest(json::write(shown), ManifestFormat::json);
    REQUIRE_MESSAGE(from_json.has_value(), base::to_text(from_json.error()));
    CHECK(from_json->jobs.front() == spec);
    const auto from_yaml = parse_manifest(as_yaml, ManifestFormat::yaml);
    REQUIRE_MESSAGE(from_yaml.has_value(), base::to_text(from_yaml.error()));
    CHECK(from_yaml->jobs.front() == spec);
    CHECK(canonical(from_yaml->jobs.front()) == shown);
    const auto stored = json::encode(spec, json::Audience::self);
    CHECK(json::decode<JobSpec>(stored, json::Audience::self).value() == spec);
  }
}

TEST_CASE("a document without a text gives mistakes without places") {
  const auto read = read_job({json::Object{{"name", "A"}, {"cmd", 3}}, nullptr});
  REQUIRE_FALSE(read.has_value());
  CHECK_EQ(
      base::to_text(read.error()),
      "the manifest has 2 mistakes\n"
      "/cmd: expected a list (run as it stands) or a string (run by /bin/sh), got a number\n"
      "/name: a name is 1 to 128 lower-case letters, digits, '.', '_' and '-', and begins with "
      "a letter or digit, got \"A\" (did you mean 'a'?)");
}

TEST_CASE("a manifest that is too long, or holds too many jobs, is refused") {
  const std::string comment(kManifestLimit + 1, '#');
  CHECK(parse_manifest(comment, ManifestFormat::yaml).error().code == base::Code::too_large);
  CHECK(parse_manifest(comment, ManifestFormat::json).error().code == base::Code::too_large);
  std::string jobs = "[";
  for (std::size_t i = 0; i <= kManifestDocuments; ++i)
    jobs += i == 0 ? "{}" : ",{}";
  CHECK(parse_manifest(jobs + "]", ManifestFormat::json).error().code == base::Code::too_large);
}

TEST_CASE("a manifest with very many mistakes shows the first hundred") {
  std::string jobs;
  for (int i = 0; i < 300; ++i)
    jobs += "---\nname: A\n";
  const auto parsed = parse_manifest(jobs, ManifestFormat::yaml);
  REQUIRE_FALSE(parsed.has_value());
  CHECK_EQ(parsed.error().problems.size(), 100);
  CHECK_EQ(parsed.error().message, "the manifest has more than 100 mistakes");
}

TEST_CASE("sizes survive a round trip, and odd ones are refused") {
  for (const char* text : {"1GiB", "1500MB", "3KiB", "7B", "2TB", "1000KB", "0B"}) {
    CAPTURE(text);
    const std::int64_t bytes = parse_size(text).value();
    CHECK_EQ(parse_size(format_size(bytes)).value(), bytes);
  }
  CHECK_EQ(format_size(1 << 30), "1GiB");
  CHECK_EQ(format_size(1'500'000'000), "1500MB");
  for (const char* text :
       {"", "1", "1.5GB", "-1GB", "1 GB", "1gb", "GB", "2000TiB", "99999999999999999999B"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_size(text).has_value());
  }
}

TEST_CASE("a corrected name is a name") {
  CHECK_EQ(correct_name("Nightly Backup!"), "nightly-backup");
  CHECK_EQ(correct_name("..x"), "x");
  CHECK_EQ(correct_name("a / b"), "a-b");
  CHECK_EQ(correct_name("!!!"), "");
  CHECK_EQ(correct_name(std::string(300, 'a')), "");
}

JobSpec job_with_params() {
  JobSpec spec;
  spec.name = "report";
  ParamSpec& region = spec.params["region"];
  region.default_value = json::Value("eu");
  region.allowed = {json::Value("eu"), json::Value("us")};
  ParamSpec& count = spec.params["count"];
  count.type = ParamType::integer;
  count.minimum = 1;
  count.maximum = 10;
  ParamSpec& day = spec.params["day"];
  day.required = true;
  day.max_length = 10;
  return spec;
}

TEST_CASE("params that are left out get their defaults") {
  const auto bound =
      bind_params(job_with_params(), {{"day", json::Value("monday")}, {"count", json::Value(3)}});
  REQUIRE(bound.has_value());
  CHECK_EQ(json::encode_text(*bound), R"({"count":3,"day":"monday","region":"eu"})");
}

TEST_CASE("what Linux cannot take is refused before it is tried") {
  const auto mistakes = [](json::Object keys) {
    keys["name"] = "a";
    if (!keys.contains("command")) keys["command"] = json::Array{"a"};
    const auto read = read_job({std::move(keys), nullptr});
    return read ? std::string() : base::to_text(read.error());
  };
  const std::string longest(131'071, 'x');
  CHECK_EQ(mistakes({{"command", json::Array{"a", longest}}}), "");
  CHECK_EQ(
      mistakes({{"command", json::Array{"a", longest + "x"}}}),
      "the manifest has 1 mistake\n/command/1: has 131072 bytes; Linux takes at most 131071 in "
      "one: put the content in a file, or in stdin");
  CHECK(mistakes({{"command", longest + "x"}}).contains("/command: has 131072 bytes"));
  CHECK(mistakes({{"environment", json::Object{{"A", longest + "x"}}}})
            .contains("/environment/A: has 131072 bytes"));
  CHECK(mistakes({{"working_dir", "/" + std::string(4095, 'd')}}).contains("longer than a path"));
  json::Array many{"a"};
  for (int i = 0; i < 9; ++i)
    many.emplace_back(longest);
  CHECK(mistakes({{"command", std::move(many)}}).contains("/command: has 1179650 bytes; at most"));
}

TEST_CASE("every param that does not fit is named, with what would") {
  const auto bound = bind_params(
      job_with_params(),
      {{"regoin", json::Value("eu")}, {"count", json::Value(11)}, {"region", json::Value("mars")}});
  REQUIRE_FALSE(bound.has_value());
  CHECK_EQ(base::to_text(bound.error()),
           "the params do not fit the job report\n"
           "/params/count: must be at most 10, got 11\n"
           "/params/region: must be one of \"eu\", \"us\"\n"
           "/params/regoin: the job report has no param of this name; it has count, day and region "
           "(did you mean 'region'?)\n"
           "/params/day: is required; give it a value");
  JobSpec plain;
  plain.name = "plain";
  CHECK_EQ(bind_params(plain, {{"x", json::Value(1)}}).error().problems.at(0).message,
           "the job plain takes no params");
  const json::Value large(std::string(kParamsLimit, 'x'));
  JobSpec open;
  open.name = "open";
  open.params["x"] = {};
  CHECK(bind_params(open, {{"x", large}}).error().code == base::Code::too_large);
}

TEST_CASE("the schema of a manifest knows every key and every alias") {
  const json::Value schema = manifest_schema();
  const auto& job = schema.at("$defs").at("JobSpec").at("properties").as_object();
  for (const auto& field : JobSpec::described().fields)
    CHECK(job.contains(field.name));
  for (const char* key : {"cmd", "args", "timeout_secs", "on_failure", "image", "jobs", "module"})
    CHECK(job.contains(key));
  CHECK_EQ(schema.at("$ref").as_string(), "#/$defs/JobSpec");
  CHECK_EQ(job.at("schedule").at("anyOf").as_array().size(), 2);
}

}  // namespace
}  // namespace mainspring::model
