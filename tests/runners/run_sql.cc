// run_sql: the SQL runner without a node around it, for tests that run thousands of attempts, cut
// their connections and kill them. It reads a line of JSON per order:
//
//   {"id": 7, "run_id": "run_...", "attempt": 1, "connection": {...}, "sql": {...}, "timeout": {}}
//
// runs each on a thread of its own, and answers in the order in which they end:
//
//   {"id": 7, "outcome": {...}, "log": [["stdout", "text"], ["system", "[text]\n"]], "bytes": 12}
//
// {"stop": 7, "how": "ask" | "kill" | "lose"} ends one early. `"quiet": true` in an order counts
// the bytes of the log and keeps none. At the end of its input it waits for all of them.
//
// `"crash": "after_commit"` runs the order in a process of its own, which SIGKILL ends at the
// moment at which SQLite has committed and has not said so yet; a number instead: so many
// microseconds after it began. The answer is then {"id": 7, "crashed": true}, unless it was
// quicker.
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/id.h"
#include "json/codec.h"
#include "json/write.h"
#include "model/codecs.h"
#include "runner/attempt/secret_files.h"
#include "runner/sql/sql_runner.h"

namespace mainspring::runner {
namespace {

class Collected final : public execution::Report {
 public:
  enum class Keep { all, nothing };
  explicit Collected(Keep keep) : keep_(keep) {}

  void output(model::LogStream stream, std::string_view bytes) override {
    bytes_ += static_cast<std::int64_t>(bytes.size());
    if (keep_ == Keep::all) log_.push_back(json::Array{json::to_text(stream), bytes});
  }
  void progress(double /*fraction*/, std::string_view /*message*/) override {}

  json::Object take() { return {{"log", std::move(log_)}, {"bytes", bytes_}}; }

 private:
  const Keep keep_;
  json::Array log_;
  std::int64_t bytes_ = 0;
};

template <class T>
T decode_or_die(const json::Value& value) {
  auto decoded = json::decode<T>(value);
  if (decoded) return std::move(*decoded);
  std::cerr << base::to_text(decoded.error()) << "\n";
  std::exit(2);
}

base::RunId find_run_id(const json::Object& order) {
  if (const auto* text = order.if_contains("run_id"))
    return *base::RunId::parse(std::string_view{text->get_string()});
  base::IdEntropy entropy{};
  const std::int64_t id = order.at("id").get_int64();
  for (std::size_t i = 0; i < 8; ++i)
    entropy[9 - i] = static_cast<std::uint8_t>(id >> (8 * i));
  const auto now = std::chrono::system_clock::now();
  return base::RunId::make(std::chrono::time_point_cast<base::Duration>(now), entropy);
}

execution::Order make_order(const json::Object& line) {
  auto spec = std::make_shared<model::JobSpec>();
  spec->name = "test";
  spec->type = model::JobType::sql;
  spec->sql = decode_or_die<model::SqlSpec>(line.at("sql"));
  if (const auto* timeout = line.if_contains("timeout"))
    spec->timeout = decode_or_die<model::TimeoutSpec>(*timeout);
  execution::Order order;
  order.run_id = find_run_id(line);
  order.tenant = "default";
  const auto* attempt = line.if_contains("attempt");
  order.attempt = attempt != nullptr ? static_cast<int>(attempt->get_int64()) : 1;
  order.epoch = order.attempt;
  order.connections = {decode_or_die<model::ConnectionSpec>(line.at("connection"))};
  order.spec = std::move(spec);
  return order;
}

// SQLite's commit is the removal of its journal. What follows it never happens.
void crash_after_commit() {
  static sqlite3_vfs crashing;
  crashing = *sqlite3_vfs_find(nullptr);
  crashing.zName = "crashing";
  crashing.xDelete = [](sqlite3_vfs* vfs, const char* path, int is_synced) {
    sqlite3_vfs* const whole = sqlite3_vfs_find("unix");
    const int code = whole->xDelete(vfs, path, is_synced);
    if (std::string_view{path}.ends_with("-journal")) ::kill(::getpid(), SIGKILL);
    return code;
  };
  sqlite3_vfs_register(&crashing, 1);
}

class Bench {
 public:
  explicit Bench(const std::string& secrets) : secrets_(secrets) {}
  ~Bench() {
    for (auto& [id, running] : running_)
      running->thread.join();
  }

  void take(const json::Object& line) {
    if (const auto* id = line.if_contains("stop"))
      return stop(id->get_int64(), line.at("how").get_string());
    const std::int64_t id = line.at("id").get_int64();
    if (const auto* crash = line.if_contains("crash")) return run_crashing(id, line, *crash);
    auto& running = *(running_[id] = std::make_unique<Running>());
    running.thread = std::thread([this, id, line, &running] { run(id, line, running); });
  }

 private:
  struct Running {
    execution::StopSignal stop;
    std::thread thread;
  };

  void stop(std::int64_t id, std::string_view how) {
    execution::StopSignal& signal = running_.at(id)->stop;
    if (how == "lose") signal.cause = execution::StopCause::lease_lost;
    if (how != "ask") signal.kill.request_stop();
    signal.source.request_stop();
  }

  // No other thread runs while orders like this are given.
  void run_crashing(std::int64_t id, const json::Object& line, const json::Value& crash) {
    const pid_t child = ::fork();
    if (child == 0) {
      if (crash.is_string()) crash_after_commit();
      Running running;
      run(id, line, running);
      std::_Exit(0);
    }
    if (crash.is_int64()) {
      ::usleep(static_cast<useconds_t>(crash.get_int64()));
      ::kill(child, SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!WIFSIGNALED(status)) return;
    std::cout << json::write(json::Object{{"id", id}, {"crashed", true}}) << std::endl;
  }

  void run(std::int64_t id, const json::Object& line, Running& running) {
    const execution::Order order = make_order(line);
    Collected report(line.contains("quiet") ? Collected::Keep::nothing : Collected::Keep::all);
    SqlRunner runner(&secrets_);
    const model::Outcome outcome = runner.run(order, running.stop, report);
    json::Object answer = report.take();
    answer["id"] = id;
    answer["outcome"] = json::encode(outcome, json::Audience::self);
    const std::scoped_lock lock(mutex_);
    std::cout << json::write(answer) << std::endl;
  }

  SecretFiles secrets_;
  std::map<std::int64_t, std::unique_ptr<Running>> running_;
  std::mutex mutex_;
};

int run(const std::string& secrets) {
  Bench bench(secrets);
  for (std::string line; std::getline(std::cin, line);) {
    const auto document = json::parse_json(line);
    if (!document) {
      std::cerr << base::to_text(document.error()) << "\n";
      return 2;
    }
    bench.take(document->value.as_object());
  }
  return 0;
}

}  // namespace
}  // namespace mainspring::runner

int main(int count, char** words) {
  return mainspring::runner::run(count > 1 ? words[1] : "/nonexistent");
}
