// Longer than 400 lines because every case speaks of the same few sample structs.
#include "json/codec.h"

#include <doctest/doctest.h>

namespace mainspring::json {
namespace {

enum class Overlap { skip, allow };
const EnumTable& described(Overlap) {
  static const EnumTable table = enumeration<Overlap>(
      "Overlap", "What happens when the last run is still going.",
      {{Overlap::skip, "skip", "Do not run."}, {Overlap::allow, "allow", "Run beside it."}});
  return table;
}

struct Backoff {
  base::Duration first = std::chrono::seconds{1};
  double factor = 2;

  static const StructTable& described() {
    static const auto table =
        describe<Backoff>("Backoff", "How long to wait.",
                          field<&Backoff::first>("first", "Before the second attempt.")
                              .min(std::chrono::milliseconds{10})
                              .max(std::chrono::hours{24}),
                          field<&Backoff::factor>("factor", "").min(1.0).max(10.0));
    return table;
  }
  friend bool operator==(const Backoff&, const Backoff&) = default;
};

bool is_name(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == text.npos;
}

struct Job {
  std::string name;
  int attempts = 1;
  std::optional<Overlap> overlap;
  Backoff backoff;
  std::vector<int> exit_codes;
  std::map<std::string, std::string> labels;
  std::vector<Job> children;

  static const StructTable& described() {
    static const auto table = describe<Job>(
        "Job", "Something to run.",
        field<&Job::name>("name", "Unique.")
            .required()
            .max_length(10)
            .matches(is_name, "^[a-z-]+$", "a name is lower-case letters and '-'"),
        field<&Job::attempts>("attempts", "In total.").min(1).max(100).alias("tries"),
        field<&Job::overlap>("overlap", ""), field<&Job::backoff>("backoff", "Between attempts."),
        field<&Job::exit_codes>("exit_codes", "").max_items(3).min(0).max(255),
        field<&Job::labels>("labels", "").max_length(4).deprecated(),
        field<&Job::children>("children", ""));
    return table;
  }
  friend bool operator==(const Job&, const Job&) = default;
};

struct Ping {
  static const StructTable& described() {
    static const auto table = describe<Ping>("Ping", "Nothing but a ping.");
    return table;
  }
  friend bool operator==(const Ping&, const Ping&) = default;
};

struct Point {
  int x = 0;
  int y = 0;
};

}  // namespace

// Written "x,y".
template <>
struct Codec<Point> {
  static void read(const Value& value, Point& out, Reader& reader) {
    std::string text;
    reader.read(value, text);
    const auto comma = text.find(',');
    if (!value.is_string()) return;
    if (comma == text.npos) return reader.fail("expected \"x,y\"", "0,0");
    out = {std::stoi(text), std::stoi(text.substr(comma + 1))};
  }
  static Value write(const Point& point) {
    return Value(std::to_string(point.x) + "," + std::to_string(point.y));
  }
  static Value schema(Definitions&) { return Object{{"type", "string"}}; }
};

namespace {

using Command = std::variant<Ping, Backoff>;

struct Everything {
  bool flag = true;
  std::uint64_t large = 0;
  std::int64_t small = 0;
  base::Instant at;
  base::Blob blob;
  base::JobId id;
  Value anything;
  std::vector<Command> commands;
  std::map<std::string, std::optional<int>> map;
  std::vector<std::vector<std::string>> nested;
  Point point;
  std::optional<std::string> secret;
  std::optional<std::string> revision;

  static const StructTable& described() {
    using E = Everything;
    static const auto table = describe<E>(
        "Everything", "", field<&E::flag>("flag", ""), field<&E::large>("large", ""),
        field<&E::small>("small", ""), field<&E::at>("at", ""), field<&E::blob>("blob", ""),
        field<&E::id>("id", ""), field<&E::anything>("anything", "").example("{\"a\": 1}"),
        field<&E::commands>("commands", ""), field<&E::map>("map", ""),
        field<&E::nested>("nested", ""), field<&E::point>("point", ""),
        field<&E::secret>("secret", "").write_only(),
        field<&E::revision>("revision", "").read_only());
    return table;
  }
};

// A struct that forgets a member, and one that changes the order, do not compile.
static_assert(HasMoreThan<Backoff, base::Duration>);
static_assert(!HasMoreThan<Backoff, base::Duration, double>);
static_assert(!InitialisedBy<Backoff, double, base::Duration>);

template <class T>
std::string mistakes(std::string_view text) {
  const auto document = parse_json(text);
  REQUIRE(document.has_value());
  const auto result = decode<T>(*document);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == base::Code::invalid_argument);
  std::string out;
  for (const base::Problem& problem : result.error().problems)
    out += to_text(base::Error{base::Code::internal, "", {problem}}) + "\n";
  return out;
}

template <class T>
std::string yaml_mistakes(std::string_view text) {
  const auto documents = parse_yaml(text);
  REQUIRE(documents.has_value());
  REQUIRE_EQ(documents->size(), 1);
  const auto result = decode<T>(documents->front());
  REQUIRE_FALSE(result.has_value());
  return to_text(result.error());
}

TEST_CASE("a struct survives a round trip through JSON and YAML") {
  Job child;
  child.name = "b";
  const Job job{"a", 3, Overlap::allow, {}, {1, 2}, {{"team", "x: y"}}, {child}};
  CHECK_EQ(decode<Job>(parse_json(write(encode(job))).value()).value(), job);
  CHECK_EQ(decode<Job>(parse_json(write_pretty(encode(job))).value()).value(), job);
  CHECK_EQ(decode<Job>(parse_yaml(write_yaml(encode(job))).value().at(0)).value(), job);
  CHECK_EQ(decode<Job>(encode(job)).value(), job);
}

TEST_CASE("keys are written in the order of declaration and empty optionals left out") {
  Job job;
  job.name = "a";
  CHECK_EQ(write(encode(job)), R"({"name":"a","attempts":1,"backoff":{"first":"1s","factor":2.0},)"
                               R"("exit_codes":[],"labels":{},"children":[]})");
}

TEST_CASE("every supported type survives a round trip") {
  Everything all;
  all.flag = false;
  all.large = UINT64_MAX;
  all.small = INT64_MIN;
  all.at = base::from_millis(1'774'747'800'123);
  all.blob.bytes = std::string("\0\xFF text", 7);
  all.id = base::JobId::make(all.at, {1, 2, 3});
  all.anything = Object{{"deep", Array{1, nullptr, 2.5}}};
  all.commands = {Ping{}, Backoff{std::chrono::minutes{5}, 1.5}};
  all.map = {{"a", 1}, {"b", std::nullopt}};
  all.nested = {{}, {"x", ""}};
  all.point = {3, -4};
  const std::string text = write(encode(all));
  CHECK_EQ(text, R"({"flag":false,"large":18446744073709551615,"small":-9223372036854775808,)"
                 R"("at":"2026-03-29T01:30:00.123Z","blob":"AP8gdGV4dA==",)"
                 R"("id":")" +
                     all.id.text() +
                     R"(","anything":{"deep":[1,null,2.5]},)"
                     R"("commands":[{"type":"Ping"},)"
                     R"({"type":"Backoff","first":"5m","factor":1.5}],"map":{"a":1,"b":null},)"
                     R"("nested":[[],["x",""]],"point":"3,-4"})");
  CHECK_EQ(encode_text(all), text);
  const auto back = decode<Everything>(parse_json(text).value());
  REQUIRE(back.has_value());
  CHECK_EQ(write(encode(*back)), text);
  CHECK(back->commands == all.commands);
  const auto yaml = parse_yaml(write_yaml(encode(all)));
  REQUIRE(yaml.has_value());
  CHECK(yaml->at(0).value == encode(all));
}

TEST_CASE("every mistake is reported at once, in document order, with its place") {
  CHECK_EQ(mistakes<Job>(R"({
  "attempts": 0,
  "overlap": "alow",
  "bacoff": {},
  "backoff": {"first": "5ms", "factor": "2"},
  "exit_codes": [1, 256, "x"],
  "labels": {"a/b": "too long"}
})"),
           "1:1: the key \"name\" is missing\n"
           "2:15: /attempts: must be between 1 and 100, got 0\n"
           "3:14: /overlap: expected one of \"skip\", \"allow\", got \"alow\" "
           "(did you mean 'allow'?)\n"
           "4:3: /bacoff: unknown key (did you mean 'backoff'?)\n"
           "5:24: /backoff/first: must be between 10ms and 1d, got 5ms\n"
           "5:41: /backoff/factor: expected a number, got \"2\"; leave the quotes out\n"
           "6:21: /exit_codes/1: must be between 0 and 255, got 256\n"
           "6:26: /exit_codes/2: expected a whole number, got \"x\"\n"
           "7:21: /labels/a~1b: must have at most 4 characters, got 8\n");
}

TEST_CASE("mistakes in YAML have the place of the value") {
  CHECK_EQ(yaml_mistakes<Job>("# a job\nname: Bad\nattempts: ten\nchildren:\n"
                              "  - name: ok\n    attemps: 3\n  - attempts: 1\nlabels:\n"),
           "5 mistakes in the document\n"
           "2:7: /name: a name is lower-case letters and '-', got \"Bad\"\n"
           "3:11: /attempts: expected a whole number, got \"ten\"\n"
           "6:5: /children/0/attemps: unknown key (did you mean 'attempts'?)\n"
           "7:5: /children/1: the key \"name\" is missing\n"
           "8:1: /labels: must not be null; leave the key out for the default");
}

struct MistakeRow {
  std::string_view text, sentence;
};
constexpr MistakeRow kMistakes[] = {
    {R"([])", "1:1: expected an object, got an array\n"},
    {R"({"flag":1})", "1:9: /flag: expected true or false, got a number\n"},
    {R"({"large":-1})", "1:10: /large: must be between 0 and 18446744073709551615, got -1\n"},
    {R"({"small":1.5})", "1:10: /small: expected a whole number, got 1.5\n"},
    {R"({"small":1e300})", "1:10: /small: expected a whole number, got 1e+300\n"},
    {R"({"small":9223372036854775808})",
     "1:10: /small: must be between -9223372036854775808 and 9223372036854775807, "
     "got 9223372036854775808\n"},
    {R"({"at":5})",
     "1:7: /at: expected a time such as \"2026-03-29T01:30:00Z\", "
     "got a number\n"},
    {R"({"blob":"abc"})", "1:9: /blob: expected base64 (RFC 4648, with padding)\n"},
    {R"({"id":7})", "1:7: /id: expected an id such as \"job_...\", got a number\n"},
    {R"({"flag":null})", "1:9: /flag: must not be null; leave the key out for the default\n"},
    {R"({"nested":[[7]]})",
     "1:13: /nested/0/0: expected a string, got a number; put it in quotes\n"},
    {R"({"nested":[null]})", "1:12: /nested/0: expected an array, got null\n"},
    {R"({"map":[]})", "1:8: /map: expected an object, got an array\n"},
    {R"({"point":"7"})", "1:10: /point: expected \"x,y\" (did you mean '0,0'?)\n"},
    {R"({"revision":"7"})", "1:2: /revision: is set by the service; leave it out\n"},
    {R"({"commands":[{}]})",
     "1:14: /commands/0: the key \"type\" is missing; give one of \"Ping\", \"Backoff\"\n"},
    {R"({"commands":[{"type":"Pong"}]})",
     "1:22: /commands/0/type: expected one of \"Ping\", \"Backoff\", got \"Pong\" "
     "(did you mean 'Ping'?)\n"},
    {R"({"commands":[{"type":"Ping","x":1}]})", "1:29: /commands/0/x: unknown key\n"},
};

TEST_CASE("each kind of mistake has its own sentence") {
  for (const auto& [text, sentence] : kMistakes) {
    CAPTURE(text);
    CHECK_EQ(mistakes<Everything>(text), sentence);
  }
}

TEST_CASE("a limit on one side only is said as such") {
  struct Worker {
    int slots = 1;
    std::vector<std::string> tags;
    static const StructTable& described() {
      static const auto table =
          describe<Worker>("Worker", "", field<&Worker::slots>("slots", "").min(1),
                           field<&Worker::tags>("tags", "").max_items(2).min_length(1));
      return table;
    }
  };
  CHECK_EQ(mistakes<Worker>(R"({"slots": 0})"), "1:11: /slots: must be at least 1, got 0\n");
  CHECK_EQ(mistakes<Worker>(R"({"slots": 2147483648})"),
           "1:11: /slots: must be at most 2147483647, got 2147483648\n");
  CHECK_EQ(mistakes<Worker>(R"({"tags": ["a", "b", "c"]})"),
           "1:10: /tags: must have at most 2 items, got 3\n");
  CHECK_EQ(mistakes<Worker>(R"({"tags": [""]})"), "1:11: /tags/0: must not be empty\n");
}

TEST_CASE("limits below zero hold on both sides") {
  struct Offset {
    int hours = -1;
    static const StructTable& described() {
      static const auto table =
          describe<Offset>("Offset", "", field<&Offset::hours>("hours", "").min(-12).max(-1));
      return table;
    }
  };
  CHECK(decode<Offset>(Object{{"hours", -12}}).has_value());
  CHECK_EQ(mistakes<Offset>(R"({"hours": -13})"),
           "1:11: /hours: must be between -12 and -1, got -13\n");
  CHECK_EQ(mistakes<Offset>(R"({"hours": 0})"),
           "1:11: /hours: must be between -12 and -1, got 0\n");
}

TEST_CASE("a whole number may be written with an exponent or a zero fraction") {
  CHECK_EQ(decode<int>(parse_json("1e2").value()).value(), 100);
  CHECK_EQ(decode<std::int64_t>(parse_json("-5.0").value()).value(), -5);
}

TEST_CASE("an old name is accepted alone, and refused beside the new one") {
  const auto job = decode<Job>(parse_json(R"({"name":"a","tries":7})").value());
  CHECK_EQ(job.value().attempts, 7);
  CHECK_EQ(mistakes<Job>(R"({"name":"a","tries":7,"attempts":8})"),
           "1:13: /tries: is the old name of \"attempts\"; give only one of them\n");
}

TEST_CASE("a secret is read from outside and written for the program itself only") {
  const auto all = decode<Everything>(parse_json(R"({"secret":"s"})").value());
  CHECK_EQ(all.value().secret, "s");
  CHECK_FALSE(encode(*all).as_object().contains("secret"));
  CHECK(encode(*all, Audience::self).as_object().contains("secret"));
  CHECK_EQ(encode_text(*all), write(encode(*all)));
  CHECK_EQ(encode_text(*all, Audience::self), write(encode(*all, Audience::self)));
}

TEST_CASE("the program itself reads read-only keys and skips unknown ones") {
  const auto document = parse_json(R"({"revision":"7","new_in_2030":1})").value();
  CHECK_EQ(decode<Everything>(document, Audience::self).value().revision, "7");
}

TEST_CASE("at most a hundred mistakes are reported") {
  Array many(1000, Value("x"));
  const auto result = decode<std::vector<int>>(Value(many));
  REQUIRE_FALSE(result.has_value());
  CHECK_EQ(result.error().problems.size(), kMaxProblems);
  CHECK_EQ(result.error().message, "at least 100 mistakes in the document");
}

TEST_CASE("a document of long keys does not make a long error") {
  Value value = Array(100, Value("not a number"));
  value = Object{{std::string(100'000, 'k'), std::move(value)}};
  const auto result = decode<std::map<std::string, std::vector<int>>>(value);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().problems.size() <= 3);
}

TEST_CASE("enumerations read and write their names") {
  CHECK_EQ(to_text(Overlap::allow), "allow");
  CHECK(parse_enum<Overlap>("skip").value() == Overlap::skip);
  CHECK_EQ(parse_enum<Overlap>("skp").error().message,
           "\"skp\" is not one of skip or allow; did you mean \"skip\"?");
}

constexpr std::string_view kJobSchema = R"~(Backoff:
  type: object
  description: How long to wait.
  properties:
    first:
      type: string
      pattern: ^(0|(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?)$
      description: Before the second attempt.
      x-minimum: 10ms
      x-maximum: 1d
      default: 1s
    factor:
      type: number
      minimum: 1.0
      maximum: 10.0
      default: 2.0
  additionalProperties: false
Job:
  type: object
  description: Something to run.
  properties:
    name:
      type: string
      description: Unique.
      maxLength: 10
      pattern: ^[a-z-]+$
    attempts:
      type: integer
      format: int32
      description: In total.
      minimum: 1
      maximum: 100
      default: 1
    overlap:
      $ref: "#/components/schemas/Overlap"
    backoff:
      $ref: "#/components/schemas/Backoff"
      description: Between attempts.
    exit_codes:
      type: array
      items:
        type: integer
        format: int32
        minimum: 0
        maximum: 255
      maxItems: 3
      default: []
    labels:
      type: object
      additionalProperties:
        type: string
        maxLength: 4
      default: {}
      deprecated: true
    children:
      type: array
      items:
        $ref: "#/components/schemas/Job"
      default: []
  required:
    - name
  additionalProperties: false
Overlap:
  type: string
  description: |-
    What happens when the last run is still going.
    - `skip`: Do not run.
    - `allow`: Run beside it.
  enum:
    - skip
    - allow
)~";

TEST_CASE("the schema of a struct says all that decoding checks") {
  Definitions definitions;
  CHECK_EQ(write(schema<Job>(definitions)), R"({"$ref":"#/components/schemas/Job"})");
  CHECK_EQ(write_yaml(definitions.all()), kJobSchema);
}

TEST_CASE("the schema of a choice names its alternatives by their tag") {
  Definitions definitions("#/$defs/");
  CHECK_EQ(write(schema<Command>(definitions)),
           R"({"oneOf":[{"$ref":"#/$defs/PingTyped"},{"$ref":"#/$defs/BackoffTyped"}],)"
           R"("discriminator":{"propertyName":"type","mapping":{"Ping":"#/$defs/PingTyped",)"
           R"("Backoff":"#/$defs/BackoffTyped"}}})");
  CHECK_EQ(write(definitions.all().at("PingTyped")),
           R"({"type":"object","description":"Nothing but a ping.",)"
           R"("properties":{"type":{"type":"string","const":"Ping"}},"required":["type"],)"
           R"("additionalProperties":false})");
}

TEST_CASE("the schema marks secrets, read-only keys and examples") {
  Definitions definitions;
  static_cast<void>(schema<Everything>(definitions));
  const auto all = definitions.all();
  const auto& properties = all.at("Everything").at("properties");
  CHECK_EQ(write(properties.at("secret")), R"({"type":"string","writeOnly":true})");
  CHECK_EQ(write(properties.at("revision")), R"({"type":"string","readOnly":true})");
  CHECK_EQ(write(properties.at("anything")), R"({"examples":[{"a":1}]})");
  CHECK_EQ(write(properties.at("id")), R"({"type":"string","pattern":"^job_[0-9a-f]{32}$"})");
}

}  // namespace
}  // namespace mainspring::json
