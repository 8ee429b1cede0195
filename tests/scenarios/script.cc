#include "scenarios/script.h"

#include <charconv>
#include <sstream>
#include <stdexcept>

#include <fmt/core.h>

namespace mainspring::scenarios {
namespace {

constexpr std::string_view kTitle = "#### ";
constexpr std::string_view kSection = "---- ";
// A Monday.
constexpr std::string_view kUsualStart = "2026-01-05T09:00:00Z";

std::string take_word(std::string_view& text) {
  const std::size_t from = std::min(text.find_first_not_of(' '), text.size());
  const std::size_t to = std::min(text.find(' ', from), text.size());
  const std::string word(text.substr(from, to - from));
  text.remove_prefix(std::min(text.find_first_not_of(' ', to), text.size()));
  return word;
}

[[noreturn]] void refuse(int line, std::string_view what) {
  throw std::runtime_error(fmt::format("line {}: {}", line, what));
}

// "09:30" or "09:30:15": the next such time at or after `now`; or a whole RFC 3339 instant.
base::Instant parse_time(const std::string& word, base::Instant now, int line) {
  if (const auto instant = base::parse_instant(word)) return *instant;
  int hours = -1;
  int minutes = -1;
  int seconds = 0;
  if (std::sscanf(word.c_str(), "%d:%d:%d", &hours, &minutes, &seconds) < 2)
    refuse(line, fmt::format("'{}' is no time; write such as 09:30", word));
  const auto day = std::chrono::floor<std::chrono::days>(now);
  base::Instant at = day + std::chrono::hours{hours} + std::chrono::minutes{minutes} +
                     std::chrono::seconds{seconds};
  while (at < now)
    at += std::chrono::days{1};
  return at;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : in_(std::string(text)) {}

  std::vector<Script> run() {
    for (std::string line; next(line);) {
      if (line.starts_with(kTitle)) {
        begin(line.substr(kTitle.size()));
      } else if (!scripts_.empty()) {
        read(line);
      }
    }
    return std::move(scripts_);
  }

 private:
  bool next(std::string& line) {
    ++number_;
    return static_cast<bool>(std::getline(in_, line));
  }

  void begin(std::string title) {
    Script& script = scripts_.emplace_back();
    script.title = std::move(title);
    script.start = now_ = base::parse_instant(kUsualStart).value();
  }

  void read(const std::string& line) {
    Script& script = scripts_.back();
    if (line.starts_with(kSection)) {
      script.expected.push_back({line.substr(kSection.size()), ""});
    } else if (!script.expected.empty()) {
      if (!line.empty()) script.expected.back().text += line + "\n";
    } else if (line.starts_with("  ") && !script.steps.empty()) {
      script.steps.back().body += line.substr(2) + "\n";
    } else if (!line.empty() && !line.starts_with("#")) {
      read_step(script, line);
    }
  }

  void read_step(Script& script, std::string_view rest) {
    const std::string first = take_word(rest);
    if (first == "start") {
      script.start = now_ = parse_time(std::string(rest), now_, number_);
      return;
    }
    if (first == "counts-starts") {
      script.counts_starts = true;
      return;
    }
    if (first == "slots") {
      script.slots = std::stoi(std::string(rest));
      return;
    }
    now_ = parse_time(first, now_, number_);
    const std::string verb = take_word(rest);
    script.steps.push_back({number_, now_, verb, std::string(rest), ""});
  }

  std::istringstream in_;
  int number_ = 0;
  base::Instant now_;
  std::vector<Script> scripts_;
};

}  // namespace

std::vector<Script> parse_scripts(std::string_view text) { return Parser(text).run(); }

std::string to_text(const std::vector<Section>& sections) {
  std::string out;
  for (const Section& section : sections)
    out += fmt::format("{}{}\n{}", kSection, section.heading, section.text);
  return out;
}

}  // namespace mainspring::scenarios
