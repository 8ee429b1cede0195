// Requests and replies about shadows: pings, which tell of real runs by another scheduler, and the
// report that compares them with the ledger.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "json/describe.h"

namespace mainspring::api {

struct PingBody {
  base::Instant started_at;
  std::optional<base::Instant> finished_at;
  std::optional<int> exit_code;
  std::string host;

  static const json::StructTable& described();
};
struct PingView {
  base::Instant started_at;
  std::optional<base::Instant> finished_at;
  std::optional<int> exit_code;
  std::string host;

  static const json::StructTable& described();
};
struct PingList {
  std::vector<PingView> items;
  std::optional<std::string> next_cursor;

  static const json::StructTable& described();
};

struct ShadowExample {
  base::Instant at;
  std::string local;
  std::int64_t count = 1;  // of a ledger row that stands for many

  static const json::StructTable& described();
};
// See plan::ShadowTally.
struct ShadowView {
  std::string job;
  std::vector<std::string> schedules;  // in words
  base::Instant from;                  // later than asked for where there was too much to compare
  base::Instant until;
  bool agrees = false;
  std::string verdict;
  std::int64_t predicted = 0;
  std::int64_t real = 0;
  std::int64_t matched = 0;
  std::int64_t missing = 0;
  std::int64_t extra = 0;
  std::int64_t failed = 0;
  std::optional<base::Duration> median_offset;
  std::optional<base::Duration> largest_offset;
  std::vector<ShadowExample> missing_examples;
  std::vector<ShadowExample> extra_examples;

  static const json::StructTable& described();
};
struct ShadowReport {
  base::Duration tolerance{60'000};
  std::vector<ShadowView> items;
  std::optional<std::string> next_cursor;

  static const json::StructTable& described();
};

}  // namespace mainspring::api
