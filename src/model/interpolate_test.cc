#include "model/interpolate.h"

#include <fstream>
#include <sstream>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "base/time.h"
#include "json/document.h"
#include "json/write.h"
#include "model/manifest.h"

namespace mainspring::model {
namespace {

JobSpec read(std::string_view manifest) {
  auto read = parse_manifest(manifest, ManifestFormat::yaml);
  REQUIRE_MESSAGE(read, base::to_text(read.error()));
  return read->jobs.at(0);
}

RunFacts facts_with(std::string_view params) {
  RunFacts facts;
  facts.run_id = base::RunId::parse("run_0190b5f07c0070008000000000000001").value();
  facts.attempt = 2;
  facts.scheduled_at = base::parse_instant("2026-03-29T01:30:00Z").value();
  const json::Document document = json::parse_json(params).value();
  for (const auto& member : document.value.get_object())
    facts.params.emplace(member.key(), member.value());
  return facts;
}

// Every problem of a resolution, a line each.
std::string refusal_of(const JobSpec& spec, std::string_view params) {
  const auto resolved = resolve(spec, facts_with(params));
  if (resolved) return "resolved";
  CHECK(resolved.error().message == resolved.error().problems.at(0).message);
  std::string out;
  for (const base::Problem& problem : resolved.error().problems)
    out += fmt::format("{}: {}\n", problem.pointer, problem.message);
  return out;
}

constexpr std::string_view kEverywhere = R"(
name: backup
labels: {team: ops, example.com/tier: gold}
command:
- /bin/tar
- --file=${{ params.region }}-${{ run.attempt }}.tar
- ${{ params.note }}
- ${{ params.paths }}
environment:
  AT: ${{ run.scheduled_at }}
  RUN: ${{ run.id }}
  WHO: ${{ job.name }}/${{ job.labels.team }}/${{ job.labels['example.com/tier'] }}
  PLAIN: $HOME }} stays
working_dir: /srv/${{ params.region }}
stdin: "${{ to_json(params.paths) }}\n"
params: {region: {default: eu}, paths: {type: array}, note: {}}
)";

TEST_CASE("a run's values stand in its argv, environment, working directory and stdin") {
  const JobSpec spec = read(kEverywhere);
  const JobSpec resolved =
      resolve(spec, facts_with(R"({"region": "us", "paths": ["/a b", "/c"]})")).value();
  CHECK(resolved.command.argv ==
        std::vector<std::string>{"/bin/tar", "--file=us-2.tar", "", R"(["/a b","/c"])"});
  CHECK(resolved.environment.at("AT").value == "2026-03-29T01:30:00.000Z");
  CHECK(resolved.environment.at("RUN").value == "run_0190b5f07c0070008000000000000001");
  CHECK(resolved.environment.at("WHO").value == "backup/ops/gold");
  CHECK(resolved.environment.at("PLAIN").value == "$HOME }} stays");
  CHECK(resolved.working_dir == "/srv/us");
  CHECK(resolved.stdin_text == "[\"/a b\",\"/c\"]\n");
}

TEST_CASE("a value stays one argument and is never read as an expression or by a shell") {
  const JobSpec spec =
      read("name: a\ncommand: [/bin/echo, \"${{ params.x }}\"]\nparams: {x: {}}\n");
  for (const std::string_view value :
       {"; rm -rf /", "$(reboot)", "a\nb", "${{ params.x }}", "${{ broken", "'\"`", "--flag"}) {
    const std::string params = json::write(json::Object{{"x", value}});
    const auto resolved = resolve(spec, facts_with(params));
    REQUIRE(resolved);
    CHECK(resolved->command.argv == std::vector<std::string>{"/bin/echo", std::string(value)});
  }
}

TEST_CASE("a spec without expressions resolves to itself") {
  const JobSpec spec = read("name: a\ncommand: echo '$ {{ }}'\nworking_dir: /srv\n");
  CHECK(resolve(spec, facts_with("{}")).value() == spec);
}

TEST_CASE("every value that cannot be put in its place is named with its key and the reason") {
  const JobSpec spec = read(R"(
name: a
command: ["${{ params.tool }}", "${{ params.list[3] }}"]
environment: {N: "${{ params.n < 'x' }}"}
working_dir: ${{ params.dir }}
params: {tool: {}, list: {type: array}, n: {type: integer}, dir: {}}
)");
  CHECK(refusal_of(spec, R"({"tool": "x", "list": [1], "n": 1, "dir": "/"})") ==
        "/command/1: the value of command[1] cannot be used: column 17: params.list has 1 element, "
        "counted from 0; there is none at this index\n"
        "/environment/N: the value of environment.N cannot be used: column 14: < needs two numbers "
        "or two strings; these are a number and a string\n");
}

TEST_CASE("a value must fit its place: a program's name, a full path, no zero byte") {
  const JobSpec spec = read(R"(
name: a
command: ["${{ params.tool }}", "${{ params.word }}"]
working_dir: ${{ params.dir }}
stdin: ${{ params.word }}
params: {tool: {}, word: {}, dir: {}}
)");
  CHECK(refusal_of(spec, R"({"tool": "x", "word": "", "dir": "/srv"})") == "resolved");
  CHECK(refusal_of(spec, R"({"tool": "x", "word": ""})") == "resolved");
  CHECK(refusal_of(spec, R"({"word": "", "dir": "srv"})") ==
        "/command/0: the value of command[0] cannot be used: the program's name must not be empty\n"
        "/working_dir: the value of working_dir cannot be used: it must be an absolute path, such "
        "as /srv/app\n");
  CHECK(refusal_of(spec, R"({"tool": "x", "word": "a\u0000b", "dir": "/srv"})") ==
        "/command/1: the value of command[1] cannot be used: it holds a zero byte\n");
}

TEST_CASE("a key is the text of its values, the same at every evaluation") {
  const KeyFacts facts{
      "backup", {{"region", json::Value("eu")}, {"n", json::Value(7)}}, {{"team", "ops"}}};
  CHECK(evaluate_key("", facts) == "");
  CHECK(evaluate_key("plain", facts) == "plain");
  CHECK(evaluate_key("${{ params.region }}", facts) == "eu");
  CHECK(evaluate_key("${{ job.name }}-${{ params.region }}-${{ params.n }}", facts) ==
        "backup-eu-7");
  CHECK(evaluate_key("${{ job.labels.team }}", facts) == "ops");
  CHECK(evaluate_key("${{ default(params.missing, '') }}", facts) == "");
  CHECK(evaluate_key("${{ hash(to_json(params)) }}", facts)->size() == 64);
}

TEST_CASE("a key that cannot be computed says where and why") {
  const KeyFacts facts{"backup", {{"text", json::Value(std::string(kKeyLimit + 1, 'x'))}}, {}};
  const auto why = [&](const std::string& key) { return evaluate_key(key, facts).error().message; };
  CHECK(why("a-${{ params.txt }}") == "column 14: params has no 'txt'; it has text");
  CHECK(why("${{ run.id }}") == "column 5: nothing is named 'run'; known here: params and job");
  CHECK(why("${{ params.text") == "column 16: the expression has no end; write }} behind it");
  CHECK(why("${{ params.text }}") ==
        "the key has 513 bytes; at most 512 are allowed: shorten it with hash()");
  CHECK(why(std::string(kKeyLimit + 1, 'k')).starts_with("the key has 513 bytes"));
  CHECK(evaluate_key("${{ hash(params.text) }}", facts));
}

TEST_CASE("a text from elsewhere stands for itself once it is written as a literal") {
  for (const std::string_view text :
       {"", "plain $x {{ y }}", "${{", "${{ params.x }}", "a ${{ '${{' }} b", "$${{{{${{${{"}) {
    CAPTURE(text);
    CHECK(evaluate_key(literal_text(text), {}) == std::string(text));
  }
}

std::string read_page() {
  std::ifstream file("docs/reference/expressions.md");
  REQUIRE(file.good());
  std::ostringstream whole;
  whole << file.rdbuf();
  return whole.str();
}

// The blocks of one language on a page.
std::vector<std::string> blocks_of(const std::string& page, const std::string& language) {
  const std::string begin = "```" + language + "\n";
  std::vector<std::string> blocks;
  for (auto at = page.find(begin); at != std::string::npos; at = page.find(begin, at)) {
    at += begin.size();
    blocks.push_back(page.substr(at, page.find("```", at) - at));
  }
  return blocks;
}

TEST_CASE("the manifests of the reference of expressions are right and can run") {
  const auto manifests = blocks_of(read_page(), "yaml");
  CHECK(manifests.size() >= 2);
  for (const std::string& manifest : manifests) {
    const JobSpec spec = read(manifest);
    CHECK(unsupported_features(spec).empty());
    CHECK(resolve(spec, facts_with(R"({"who": "you"})")));
  }
}

TEST_CASE("the reference shows every name that an expression of an attempt can see") {
  const JobSpec spec =
      read("name: a\ncommand: [a, \"${{ to_json(job) }}\", \"${{ to_json(run) }}\"]\n");
  const JobSpec resolved = resolve(spec, facts_with("{}")).value();
  const json::Value scope = json::parse_json(blocks_of(read_page(), "json").at(0)).value().value;
  const auto keys = [](const json::Value& map) {
    std::string out;
    for (const auto& member : map.get_object())
      out += std::string(member.key()) + " ";
    return out;
  };
  CHECK(keys(scope) == "params job run ");
  CHECK(keys(json::parse_json(resolved.command.argv[1])->value) == keys(scope.at("job")));
  CHECK(keys(json::parse_json(resolved.command.argv[2])->value) == keys(scope.at("run")));
}

TEST_CASE("params that were declared and not given are null in keys") {
  const JobSpec spec = read(kEverywhere);
  const KeyFacts facts = key_facts(spec, {{"region", json::Value("us")}});
  CHECK(evaluate_key("${{ params.region }}:${{ params.note }}:${{ params.note == null }}", facts) ==
        "us::true");
  CHECK(evaluate_key("${{ job.name }}/${{ job.labels.team }}", facts) == "backup/ops");
}

}  // namespace
}  // namespace mainspring::model
