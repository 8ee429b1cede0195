#include "runner/script/packages.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "runner/process/fixtures.h"
#include "runner/script/install_report.h"
#include "runner/script/interpreter.h"

namespace mainspring::runner {
namespace {

namespace fs = std::filesystem;

void store(const std::string& path, std::string_view text) {
  std::ofstream out{path};
  out << text;
}

std::string make_program(const std::string& path) {
  store(path, "#!/bin/sh\n");
  chmod(path.c_str(), 0755);
  return path;
}

TEST_CASE("a program is found in the path, in order, and only where it can be started") {
  const TestDirectory place;
  fs::create_directories(place.path() + "/a");
  fs::create_directories(place.path() + "/b/python3");  // a directory is no program
  store(place.path() + "/a/python3", "no program");
  const std::string path = place.path() + "/a:" + place.path() + "/b:" + place.path();
  Wanted wanted{.name = "python3", .search_path = path, .advice = "install it"};
  const auto none = find_program(wanted);
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().code == base::Code::not_found);
  CHECK_EQ(none.error().message, "there is no 'python3' in PATH=" + path + "; install it");
  make_program(place.path() + "/python3");
  CHECK_EQ(find_program(wanted).value(), place.path() + "/python3");
}

TEST_CASE("a path is taken from the working directory on, and told when nothing is there") {
  const TestDirectory place;
  Wanted wanted{.name = "venv/python", .working_dir = place.path(), .advice = "install it"};
  CHECK_EQ(find_program(wanted).error().message,
           "'" + place.path() + "/venv/python' is no executable file on this machine; install it");
  fs::create_directories(place.path() + "/venv");
  make_program(place.path() + "/venv/python");
  CHECK_EQ(find_program(wanted).value(), place.path() + "/venv/python");
}

TEST_CASE("the search path is the job's own where that is a literal") {
  model::JobSpec job;
  CHECK_EQ(search_path_of(job), kDefaultPath);
  job.environment["PATH"].secret = "path";
  CHECK_EQ(search_path_of(job), kDefaultPath);
  job.environment["PATH"] = {.value = "/opt/bin"};
  CHECK_EQ(search_path_of(job), "/opt/bin");
}

TEST_CASE("an interpreter that was replaced is another one, whatever link leads to it") {
  const TestDirectory place;
  const std::string program = make_program(place.path() + "/python3.11");
  fs::create_symlink(program, place.path() + "/python3");
  const std::string before = load_program_identity(place.path() + "/python3").value();
  CHECK_EQ(load_program_identity(program).value(), before);
  store(program, "#!/bin/sh\n# a newer one\n");
  CHECK_NE(load_program_identity(program).value(), before);
  CHECK_FALSE(load_program_identity(place.path() + "/none").has_value());
}

TEST_CASE("the key of a set changes with everything that it is made from") {
  const LockFile lock{"/srv/requirements.txt", "numpy==2.0\n", ""};
  const std::string key = make_set_key({"default", "/usr/bin/python3.11 1 2"}, lock);
  CHECK_EQ(key.size(), 32);
  CHECK_EQ(make_set_key({"default", "/usr/bin/python3.11 1 2"},
                        {"/elsewhere/requirements.txt", "numpy==2.0\n", ""}),
           key);
  CHECK_NE(make_set_key({"other", "/usr/bin/python3.11 1 2"}, lock), key);
  CHECK_NE(make_set_key({"default", "/usr/bin/python3.12 1 2"}, lock), key);
  CHECK_NE(make_set_key({"default", "/usr/bin/python3.11 1 2"}, {lock.path, "numpy==2.1\n", ""}),
           key);
  CHECK_NE(make_set_key({"default", "/usr/bin/python3.11 1 2"}, {lock.path, "numpy==", "2.0\n"}),
           key);
}

TEST_CASE("npm finds the local files of its lock file by links") {
  const TestDirectory project;
  const TestDirectory set;
  const std::string path = project.path() + "/package-lock.json";
  CHECK(load_package_lock(path).error().message.contains(path));
  store(path, R"({"packages": {"": {"name": "job"},
      "node_modules/a": {"resolved": "file:tarballs/a.tgz", "integrity": "sha512-x"},
      "node_modules/b": {"resolved": "libs/b", "link": true},
      "node_modules/c": {"resolved": "https://registry.npmjs.org/c.tgz"}}})");
  CHECK(load_package_lock(path).error().message.contains("package.json"));
  store(project.path() + "/package.json", "{}");
  const auto lock = load_package_lock(path);
  REQUIRE(lock.has_value());
  REQUIRE(lay_out_for_npm(*lock, set.path()).has_value());
  CHECK_EQ(fs::read_symlink(set.path() + "/tarballs/a.tgz"), project.path() + "/tarballs/a.tgz");
  CHECK_EQ(fs::read_symlink(set.path() + "/libs/b"), project.path() + "/libs/b");
  CHECK_EQ(fs::file_size(set.path() + "/package.json"), 2);
  CHECK_EQ(set.count_entries(), 4);
}

TEST_CASE("a lock file that is none, or that names files elsewhere, is told") {
  const TestDirectory set;
  CHECK(lay_out_for_npm({"/srv/package-lock.json", "[]", "{}"}, set.path())
            .error()
            .message.contains("is no package-lock.json"));
  const TestDirectory other;
  const auto outside =
      lay_out_for_npm({"/srv/package-lock.json",
                       R"({"packages": {"node_modules/a": {"resolved": "file:../a.tgz"}}})", "{}"},
                      other.path());
  CHECK(outside.error().message.contains("'../a.tgz', which lies outside"));
}

class Recorder final : public execution::Report {
 public:
  void output(model::LogStream stream, std::string_view bytes) override {
    CHECK(stream == model::LogStream::system);
    text += bytes;
  }
  void progress(double, std::string_view) override {}

  std::string text;
};

TEST_CASE("what an installer prints goes to the system stream, and its end is kept") {
  Recorder log;
  InstallReport report{log};
  report.note("installing");
  CHECK_EQ(report.last_lines(), "");
  report.output(model::LogStream::out, "one\n\ntwo\n");
  report.output(model::LogStream::err, "three");
  CHECK_EQ(report.last_lines(), "one\ntwo\nthree");
  CHECK_EQ(log.text, "[installing]\none\n\ntwo\nthree");
  for (int i = 0; i < 10'000; ++i)
    report.output(model::LogStream::out, "\nline " + std::to_string(i));
  CHECK(report.last_lines().starts_with("line 9992\n"));
  CHECK(report.last_lines().ends_with("\nline 9999"));
}

}  // namespace
}  // namespace mainspring::runner
