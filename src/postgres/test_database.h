// The PostgreSQL server of a test program, and databases on it. For tests only.
//
// tests/support/postgres.py starts the server and names it in the environment; ctest runs the
// program under it. Throws std::runtime_error where there is none.
#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "postgres/connection.h"

namespace mainspring::postgres {

class TestServer {
 public:
  TestServer() : url_(variable("MAINSPRING_TEST_POSTGRES")) {}

  const std::string& url() const { return url_; }
  // Through PgBouncer in transaction mode, which the first call starts.
  const std::string& pooler_url() {
    if (pooler_url_.empty()) pooler_url_ = control("pooler");
    return pooler_url_;
  }
  // Immediately, without a word to its clients.
  void crash() { control("stop"); }
  void start() { control("start"); }

 private:
  static std::string variable(const char* name) {
    const char* value = std::getenv(name);
    if (value != nullptr) return value;
    throw std::runtime_error(
        "this test needs a PostgreSQL: tests/support/postgres.py run build/debug/src/postgres/"
        "test_postgres");
  }
  // What the command prints for that word, without the end of its last line.
  static std::string control(const std::string& word) {
    std::istringstream command(variable("MAINSPRING_TEST_POSTGRES_CONTROL") + " " + word);
    std::vector<std::string> words{std::istream_iterator<std::string>{command}, {}};
    std::vector<char*> arguments;
    for (std::string& each : words)
      arguments.push_back(each.data());
    arguments.push_back(nullptr);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    pid_t pid = -1;
    const int failed =
        ::posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    std::string out;
    std::array<char, 1'024> bytes{};
    for (ssize_t n = 0; (n = ::read(ends[0], bytes.data(), bytes.size())) > 0;)
      out.append(bytes.data(), static_cast<std::size_t>(n));
    ::close(ends[0]);
    int status = -1;
    if (failed != 0 || ::waitpid(pid, &status, 0) < 0 || status != 0)
      throw std::runtime_error("'" + command.str() + "' failed");
    while (out.ends_with('\n'))
      out.pop_back();
    return out;
  }

  std::string url_;
  std::string pooler_url_;
};

inline TestServer& test_server() {
  static TestServer server;
  return server;
}

inline Address test_address(const std::string& url) {
  auto address = parse_address(url, "");
  if (!address) throw std::runtime_error(base::to_text(address.error()));
  return *address;
}

// Statements that take no values; what they answer is dropped.
inline void execute(const std::string& url, const std::string& script) {
  Connection(test_address(url)).execute(script);
}

// The first column of the first row, an integer.
inline std::int64_t ask_number(const std::string& url, const std::string& sql) {
  Connection connection(test_address(url));
  const Answer answer = connection.ask(sql.c_str());
  if (!has_row(answer)) throw std::runtime_error("no row: " + sql);
  return read_integer(answer, 0);
}

// As after the first start of a node; quicker than to make it anew.
inline void empty_database(const std::string& url) {
  execute(url, R"(
DO $$
DECLARE each record;
BEGIN
  IF to_regclass('mainspring.schema_migrations') IS NULL THEN RETURN; END IF;
  FOR each IN SELECT relname AS name, relkind AS kind FROM pg_class
              WHERE relnamespace = 'mainspring'::regnamespace AND relkind IN ('r', 'S')
                AND relname NOT IN ('enum_names', 'schema_migrations', 'writer_turn') LOOP
    IF each.kind = 'S' THEN
      EXECUTE format('ALTER SEQUENCE mainspring.%I RESTART', each.name);
    ELSE
      EXECUTE format('DELETE FROM mainspring.%I', each.name);
    END IF;
  END LOOP;
  INSERT INTO mainspring.tenants(name) VALUES ('default');
END $$)");
}

// A database of its own on the test's server, empty; its address.
inline std::string make_database(const std::string& name) {
  const std::string& url = test_server().url();
  execute(url, fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", name));
  execute(url, fmt::format("CREATE DATABASE {}", name));
  return url.substr(0, url.rfind('/') + 1) + name;
}

}  // namespace mainspring::postgres
