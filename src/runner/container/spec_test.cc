#include "runner/container/spec.h"

#include <doctest/doctest.h>

#include "json/document.h"
#include "json/write.h"
#include "runner/container/faults.h"

namespace mainspring::runner {
namespace {

struct Fixture {
  std::shared_ptr<model::JobSpec> spec = std::make_shared<model::JobSpec>();
  execution::Order order;

  Fixture() {
    spec->name = "nightly";
    spec->type = model::JobType::container;
    spec->container.emplace();
    spec->container->image = "alpine:3.20";
    order.run_id = base::RunId::make(base::from_millis(1'000), {});
    order.attempt = 2;
    order.epoch = 7;
    order.spec = spec;
  }
  json::Value body() const {
    return make_create_body({order, "wrk_1", {{"A", "1"}, {"B", "x=y"}}, "/scratch/in"});
  }
  std::string at(std::string_view pointer) const {
    const json::Value whole = body();
    std::error_code missing;
    const json::Value* found = whole.find_pointer(pointer, missing);
    return found == nullptr ? "" : json::write(*found);
  }
};

TEST_CASE_FIXTURE(Fixture, "a container is told by its name and labels, and never removes itself") {
  CHECK_EQ(make_container_name(order), "mainspring-" + order.run_id.text() + "-2");
  CHECK_EQ(at("/Labels"), "{\"mainspring.run\":\"" + order.run_id.text() +
                              "\",\"mainspring.attempt\":\"2\",\"mainspring.epoch\":\"7\","
                              "\"mainspring.job\":\"nightly\",\"mainspring.node\":\"wrk_1\"}");
  CHECK_EQ(at("/HostConfig/AutoRemove"), "false");
  CHECK_EQ(at("/HostConfig/RestartPolicy/Name"), "\"no\"");
  CHECK_EQ(at("/Env"), R"(["A=1","B=x=y"])");
  CHECK_EQ(at("/HostConfig/Mounts"),
           R"([{"Type":"bind","Source":"/scratch/in","Target":"/run/mainspring"}])");
}

TEST_CASE_FIXTURE(Fixture,
                  "a list is the command, a text goes to the shell, nothing is the image's") {
  CHECK_EQ(at("/Cmd"), "");
  CHECK_EQ(at("/Entrypoint"), "");
  spec->command.argv = {"echo", "$HOME"};
  CHECK_EQ(at("/Cmd"), R"(["echo","$HOME"])");
  CHECK_EQ(find_program(*spec), "echo");
  spec->command = {{}, "echo $HOME"};
  CHECK_EQ(at("/Cmd"), R"(["/bin/sh","-c","echo $HOME"])");
  spec->container->entrypoint = {"/tool", "-v"};
  CHECK_EQ(at("/Entrypoint"), R"(["/tool","-v"])");
  CHECK_EQ(find_program(*spec), "/tool");
}

TEST_CASE_FIXTURE(Fixture, "limits reach the engine, swap counted with memory") {
  CHECK_EQ(at("/HostConfig/Memory"), "");
  spec->resources = {.cpu = 0.5, .memory_bytes = 64 << 20, .gpus = 2, .pids = 32};
  order.gpus = {1, 3};
  CHECK_EQ(at("/HostConfig/NanoCpus"), "500000000");
  CHECK_EQ(at("/HostConfig/Memory"), "67108864");
  CHECK_EQ(at("/HostConfig/MemorySwap"), "67108864");
  CHECK_EQ(at("/HostConfig/PidsLimit"), "32");
  CHECK_EQ(at("/HostConfig/DeviceRequests"),
           R"([{"DeviceIDs":["1","3"],"Capabilities":[["gpu"]]}])");
}

TEST_CASE_FIXTURE(Fixture, "mounts and ports are those of the job") {
  spec->container->mounts = {
      {.type = model::MountType::bind, .source = "/srv", .target = "/in", .read_only = true},
      {.type = model::MountType::volume, .source = "cache", .target = "/cache"},
      {.type = model::MountType::tmpfs, .target = "/tmp", .size_bytes = 4096}};
  spec->container->ports = {"8080:80", "127.0.0.1:53:53/udp", "8081:80"};
  CHECK_EQ(at("/HostConfig/Mounts/0"),
           R"({"Type":"bind","Target":"/in","Source":"/srv","ReadOnly":true})");
  CHECK_EQ(at("/HostConfig/Mounts/1"), R"({"Type":"volume","Target":"/cache","Source":"cache"})");
  CHECK_EQ(at("/HostConfig/Mounts/2"),
           R"({"Type":"tmpfs","Target":"/tmp","TmpfsOptions":{"SizeBytes":4096}})");
  CHECK_EQ(at("/ExposedPorts"), R"({"80/tcp":{},"53/udp":{}})");
  CHECK_EQ(at("/HostConfig/PortBindings"),
           R"({"80/tcp":[{"HostIp":"","HostPort":"8080"},{"HostIp":"","HostPort":"8081"}],)"
           R"("53/udp":[{"HostIp":"127.0.0.1","HostPort":"53"}]})");
  CHECK(parse_port("[::1]:8080:80") == PublishedPort{"::1", "8080", "80/tcp"});
  CHECK(parse_port("80") == PublishedPort{"", "", "80/tcp"});
}

TEST_CASE_FIXTURE(Fixture, "the rest of the job has its place, and nothing is said unasked") {
  for (const char* pointer : {"/User", "/WorkingDir", "/OpenStdin", "/HostConfig/NetworkMode",
                              "/HostConfig/ShmSize", "/HostConfig/CapAdd", "/ExposedPorts"})
    CHECK_EQ(at(pointer), "");
  spec->user = "1000:1000";
  spec->working_dir = "/work";
  spec->stdin_text = "typed";
  spec->timeout.grace = std::chrono::milliseconds{1'500};
  spec->container->network = "none";
  spec->container->shm_bytes = 1 << 20;
  spec->container->cap_add = {"NET_ADMIN"};
  spec->container->cap_drop = {"ALL"};
  spec->container->read_only = true;
  CHECK_EQ(at("/User"), "\"1000:1000\"");
  CHECK_EQ(at("/WorkingDir"), "\"/work\"");
  CHECK_EQ(at("/StdinOnce"), "true");
  CHECK_EQ(at("/StopTimeout"), "2");
  CHECK_EQ(at("/HostConfig/NetworkMode"), "\"none\"");
  CHECK_EQ(at("/HostConfig/ShmSize"), "1048576");
  CHECK_EQ(at("/HostConfig/CapAdd"), R"(["NET_ADMIN"])");
  CHECK_EQ(at("/HostConfig/CapDrop"), R"(["ALL"])");
  CHECK_EQ(at("/HostConfig/ReadonlyRootfs"), "true");
}

TEST_CASE("a limit that the engine discards is told from what it only remarks") {
  const auto reply = json::parse_json(
      R"({"Id":"1","Warnings":["Memory limited without swap.","Limitation discarded."]})");
  const CreateWarnings found = sort_warnings(reply->value);
  CHECK_EQ(found.notes.size(), 2);
  CHECK_EQ(found.discarded, "Limitation discarded.");
  CHECK(sort_warnings(json::parse_json(R"({"Warnings":null})")->value).notes.empty());
}

TEST_CASE("refusals become a type, and say whether another try may help") {
  const auto check = [](const Fault& fault, std::string_view type, bool may_help) {
    CAPTURE(fault.failure.message);
    CHECK_EQ(fault.failure.type, type);
    CHECK_EQ(fault.status == model::OutcomeStatus::retryable, may_help);
  };
  check(explain_pull("manifest for t/bb:2 not found: manifest unknown", "t/bb:2"), "image", false);
  check(explain_pull("Get http://r/v2/: no basic auth credentials", "r/x"), "registry", false);
  check(explain_pull("dial tcp 127.0.0.1:5055: connect: connection refused", "r/x"), "registry",
        true);
  check(explain_pull("toomanyrequests: slow down", "r/x"), "registry", true);
  check(explain_pull("write /var/lib: no space left on device", "r/x"), "disk_full", true);
  check(explain_create({404, R"({"message":"No such image: x:1"})"}, "x:1"), "image", false);
  check(explain_create({400, R"({"message":"bad"})"}, "x:1"), "create", false);
  check(explain_create({500, R"({"cause":"oops","response":500})"}, "x:1"), "create", true);
  const auto start = [](const char* message) {
    const json::Object body{{"message", message}};
    return explain_start({500, json::write(body)}, {"x:1", "tool", "app"});
  };
  check(start("exec: \"tool\": executable file not found in $PATH"), "start", false);
  check(start("exec: \"/etc\": permission denied"), "start", false);
  check(start("Bind for 0.0.0.0:80 failed: port is already allocated"), "port", true);
  check(start("unable to find user app: no matching entries in passwd file"), "start", false);
  check(start("could not select device driver \"\" with capabilities: [[gpu]]"), "limit", false);
  check(start("exec: \"docker-init\": executable file not found in $PATH"), "start", false);
  check(start("context deadline exceeded"), "start", true);
}

}  // namespace
}  // namespace mainspring::runner
