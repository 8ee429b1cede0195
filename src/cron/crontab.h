// Crontab files, as Debian's cron (3.0pl1) reads them, turned into schedules of ours.
//
// Pure: text in, entries and problems out. Every mistake is reported, with its line and column, and
// the lines around it are still read; Debian's cron would refuse the whole file. Where its reading
// of a schedule differs from ours, `schedule` is rewritten to mean here what it meant there, and a
// note says so. What it accepts by accident (text behind a value, ranges that run backwards and so
// never match) is a problem, not a schedule.
//
// Source: crontab(5) and the behaviour of cron 3.0pl1-162 in Debian 12.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace mainspring::cron {

constexpr std::size_t kMostCrontabBytes = 1 << 20;
constexpr int kMostCrontabLines = 10'000;  // Debian's cron refuses longer files

// A system crontab (/etc/crontab, /etc/cron.d) has a user between the schedule and the command.
enum class CrontabKind : std::uint8_t { user, system };

struct CrontabEntry {
  int line = 0;             // from 1
  std::string written;      // the schedule as it stands in the file
  std::string schedule;     // the same for Expression::parse
  std::string user;         // empty in a user's own crontab
  std::string command;      // up to the first unescaped %, for a shell
  std::string input;        // standard input, from the text after it; empty is none
  std::string description;  // the comment lines directly above, joined by newlines
  // The settings in force on this line, in the order of their first appearance; values literal.
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<std::string> notes;  // what was changed in translation, in words
};

struct Crontab {
  std::vector<CrontabEntry> entries;
  std::vector<std::pair<std::string, std::string>> environment;  // at the end of the file
  std::vector<base::Problem> problems;                           // in the order of the lines
};

Crontab parse_crontab(std::string_view text, CrontabKind kind);

}  // namespace mainspring::cron
