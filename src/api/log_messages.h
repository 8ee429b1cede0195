// Bodies about logs: chunks as they were captured, and lines for reading.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/run.h"

namespace mainspring::api {

// One stored chunk; `text` when its bytes are UTF-8, else `base64`.
struct LogPiece {
  int attempt = 1;
  std::int64_t seq = 0;
  model::LogStream stream = model::LogStream::out;
  base::Instant at;
  std::optional<std::string> text;
  std::optional<base::Blob> base64;

  static const json::StructTable& described();
};
struct LogPage {
  std::vector<LogPiece> items;
  std::string next_cursor;  // give it as `cursor` to read on
  bool complete = false;    // the run has ended and nothing follows

  static const json::StructTable& described();
};

struct LogAttempt {
  int attempt = 1;
  std::int64_t lines = 0;
  bool open = false;
  base::Instant first_at;
  base::Instant last_at;

  static const json::StructTable& described();
};
struct LogAttemptList {
  std::vector<LogAttempt> items;
  bool complete = false;

  static const json::StructTable& described();
};

// What is no UTF-8 in a line is shown as U+FFFD.
struct LogLineView {
  int attempt = 1;
  std::int64_t line = 1;
  model::LogStream stream = model::LogStream::out;
  base::Instant at;
  std::string text;
  std::optional<std::int64_t> length;  // where the text is cut

  static const json::StructTable& described();
};
struct LogLineList {
  int attempt = 0;
  std::int64_t total = 0;
  bool open = false;
  bool complete = false;
  std::vector<LogLineView> items;

  static const json::StructTable& described();
};
struct LogLinePiece {
  int attempt = 1;
  std::int64_t line = 1;
  std::int64_t offset = 0;
  std::string text;
  std::int64_t length = 0;
  std::optional<std::int64_t> next_offset;

  static const json::StructTable& described();
};

struct LogSpan {
  std::int64_t begin = 0;
  std::int64_t length = 0;

  static const json::StructTable& described();
};
struct LogMatchView {
  int attempt = 1;
  std::int64_t line = 1;
  model::LogStream stream = model::LogStream::out;
  base::Instant at;
  std::string text;
  std::optional<std::int64_t> length;
  bool match = true;
  std::vector<LogSpan> spans;

  static const json::StructTable& described();
};
struct LogPosition {
  int attempt = 0;
  std::int64_t line = 0;

  static const json::StructTable& described();
};
struct LogMatchList {
  std::vector<LogMatchView> items;
  std::int64_t matches = 0;
  LogPosition looked_at;
  std::optional<std::string> next_cursor;
  bool complete = false;

  static const json::StructTable& described();
};

}  // namespace mainspring::api
