#include "node/log_writer.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include <fmt/core.h>

#include "json/codec.h"
#include "system/real_clock.h"

namespace mainspring::node {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::string_view name_of(base::LogLevel level) {
  return json::to_text(static_cast<LogLevel>(level));
}

// For people: as it is where that cannot be misread.
std::string escape_controls(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_control(c)) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  return out;
}

// As it is, or quoted where it could be taken for more than one value.
std::string quote_as_needed(std::string text) {
  const bool is_plain = !text.empty() && std::ranges::none_of(text, [](char c) {
    return is_control(c) || c == ' ' || c == '"' || c == '=' || c == '\\';
  });
  return is_plain ? text : json::write(json::Value(text));
}

std::string to_text(const base::LogField& field) {
  return std::visit([](const auto& value) { return quote_as_needed(fmt::format("{}", value)); },
                    field.value);
}

json::Value to_json(const base::LogField& field) {
  return std::visit([](const auto& value) { return json::Value(value); }, field.value);
}

// A full disk or a closed pipe must not stop the node.
void write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

std::string format_log_text(base::Instant time, const base::LogLine& line) {
  std::string out = fmt::format("{} {} {}: {}", base::format_instant(time), name_of(line.level),
                                line.component, escape_controls(line.message));
  for (const base::LogField& field : line.fields)
    out += fmt::format(" {}={}", field.name, to_text(field));
  return out + "\n";
}

std::string format_log_json(base::Instant time, const base::LogLine& line) {
  json::Object out{{"time", base::format_instant(time)},
                   {"level", name_of(line.level)},
                   {"component", line.component},
                   {"message", line.message}};
  for (const base::LogField& field : line.fields)
    out[field.name] = to_json(field);
  return json::write(json::Value(std::move(out))) + "\n";
}

LogWriter::LogWriter(const Config& config)
    : format_(std::make_shared<std::atomic<LogFormat>>(config.log_format)),
      least_(std::make_shared<std::atomic<base::LogLevel>>(
          static_cast<base::LogLevel>(config.log_level))) {}

base::Log LogWriter::log() const {
  const base::LogSink sink = [format = format_](const base::LogLine& line) {
    const auto write = *format == LogFormat::json ? format_log_json : format_log_text;
    write_all(write(system::SystemClock{}.now(), line));
  };
  return {sink, least_};
}

void LogWriter::configure(const Config& config) {
  format_->store(config.log_format);
  least_->store(static_cast<base::LogLevel>(config.log_level));
}

}  // namespace mainspring::node
