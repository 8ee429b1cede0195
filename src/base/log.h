// Log: where a role says to people what happened: a level, a sentence, and fields that programs can
// pick out. What becomes of a line, and of its time, is the business of who made the sink.
//
// Threads: any. Values; a Log is cheap to copy.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace mainspring::base {

enum class LogLevel {
  debug,  // what happens all the time
  info,   // what happens now and then, and is right
  warn,   // something went wrong, and the program goes on by itself
  error,  // somebody must look
};

struct LogField {
  std::string_view name;  // "request_id"
  std::variant<std::string, std::int64_t, double> value;
};

struct LogLine {
  LogLevel level = LogLevel::info;
  std::string_view component;  // "worker"
  std::string_view message;    // a sentence without a full stop
  std::span<const LogField> fields;
};

// Called from any thread; must neither throw nor keep what the line refers to.
using LogSink = std::function<void(const LogLine&)>;

class Log {
 public:
  Log() = default;  // says nothing
  Log(LogSink sink, LogLevel least)
      : Log(std::move(sink), std::make_shared<const std::atomic<LogLevel>>(least)) {}
  // One whose least level may change, for every Log that was made of it.
  Log(LogSink sink, std::shared_ptr<const std::atomic<LogLevel>> least)
      : sink_(std::move(sink)), least_(std::move(least)) {}

  // The same sink for another role. The name must outlive every Log made of it.
  Log of(std::string_view component) const {
    Log out = *this;
    out.component_ = component;
    return out;
  }

  bool wants(LogLevel level) const { return sink_ && level >= least_->load(); }
  void say(LogLevel level, std::string_view message,
           std::initializer_list<LogField> fields = {}) const {
    if (wants(level)) sink_({level, component_, message, {fields.begin(), fields.size()}});
  }
  void info(std::string_view message) const { say(LogLevel::info, message); }
  void warn(std::string_view message) const { say(LogLevel::warn, message); }

  // For roles that have sentences only.
  std::function<void(std::string_view)> lines(LogLevel level) const {
    return [log = *this, level](std::string_view message) { log.say(level, message); };
  }

 private:
  LogSink sink_;
  std::shared_ptr<const std::atomic<LogLevel>> least_;  // null without a sink
  std::string_view component_ = "node";
};

}  // namespace mainspring::base
