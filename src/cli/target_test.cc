#include "cli/target.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include <doctest/doctest.h>

#include "system/local_node.h"

namespace mainspring::cli {
namespace {

// A home of its own, with none of the variables that name a node.
struct CleanHome {
  CleanHome() {
    REQUIRE(::mkdtemp(path.data()) != nullptr);
    ::setenv("XDG_STATE_HOME", path.c_str(), 1);
    for (const char* name : kNames)
      ::unsetenv(name);
  }
  ~CleanHome() {
    for (const char* name : kNames)
      ::unsetenv(name);
    ::unsetenv("XDG_STATE_HOME");
    std::filesystem::remove_all(path);
  }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path + "/" + name) << text;
    return path + "/" + name;
  }

  static constexpr const char* kNames[] = {"MAINSPRING_SERVER", "MAINSPRING_TOKEN",
                                           "MAINSPRING_TOKEN_FILE", "MAINSPRING_CA"};
  std::string path = "/tmp/cli_target_test_XXXXXX";
};

TEST_CASE_FIXTURE(CleanHome, "without any node the error says how to start or name one") {
  const auto target = find_target({});
  REQUIRE_FALSE(target.has_value());
  CHECK(target.error().code == base::Code::unavailable);
  CHECK(target.error().message.contains("mainspring dev"));
  CHECK(target.error().message.contains("--server"));
}

TEST_CASE_FIXTURE(CleanHome, "the node that was started here is found with its token") {
  const std::string token = write("token", "secret\n");
  REQUIRE(system::store_local_node({"http://127.0.0.1:7070", token}).has_value());
  const auto target = find_target({});
  REQUIRE(target.has_value());
  CHECK_EQ(target->server, "http://127.0.0.1:7070");
  CHECK_EQ(target->token, "secret");
  CHECK_EQ(target->origin, system::local_node_path());
}

TEST_CASE_FIXTURE(CleanHome, "flags win over variables, and variables over the local node") {
  REQUIRE(system::store_local_node({"http://local", write("token", "local")}).has_value());
  ::setenv("MAINSPRING_SERVER", "http://variable/", 1);
  ::setenv("MAINSPRING_TOKEN", "variable", 1);
  auto target = find_target({});
  REQUIRE(target.has_value());
  CHECK_EQ(target->server, "http://variable");
  CHECK_EQ(target->token, "variable");
  CHECK_EQ(target->origin, "MAINSPRING_SERVER");
  CHECK_EQ(target->ca, "");
  ::setenv("MAINSPRING_CA", "variable.crt", 1);
  CHECK_EQ(find_target({})->ca, "variable.crt");
  CHECK_EQ(find_target({"", "", "flag.crt"})->ca, "flag.crt");
  target = find_target({"http://flag", write("flag", "flag\n")});
  REQUIRE(target.has_value());
  CHECK_EQ(target->server, "http://flag");
  CHECK_EQ(target->token, "flag");
}

TEST_CASE_FIXTURE(CleanHome, "the token of the local node is never sent to another server") {
  REQUIRE(system::store_local_node({"http://local", write("token", "local")}).has_value());
  const auto target = find_target({"http://elsewhere", ""});
  REQUIRE(target.has_value());
  CHECK_EQ(target->token, "");
}

TEST_CASE_FIXTURE(CleanHome, "the local node is known by its key, unless an authority is named") {
  REQUIRE(system::store_local_node({"https://local", write("token", "t"), "sha256//x"}));
  CHECK_EQ(find_target({})->pin, "sha256//x");
  CHECK_EQ(find_target({"https://elsewhere", "", ""})->pin, "");
  CHECK_EQ(find_target({"", "", "ca.crt"})->pin, "");
}

TEST_CASE_FIXTURE(CleanHome, "a token file that is not there is an error that names it") {
  const auto target = find_target({"http://x", path + "/nothing"});
  REQUIRE_FALSE(target.has_value());
  CHECK(target.error().message.contains("/nothing"));
}

}  // namespace
}  // namespace mainspring::cli
