#include "cron/crontab.h"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "cron/vixie_schedule.h"

namespace mainspring::cron {
namespace {

using Environment = std::vector<std::pair<std::string, std::string>>;

// What C's isspace() says in the C locale.
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trim_end(std::string_view text) {
  while (!text.empty() && is_space(text.back()))
    text.remove_suffix(1);
  return text;
}

std::string_view trim_spaces(std::string_view text) {
  while (!text.empty() && is_space(text.front()))
    text.remove_prefix(1);
  return trim_end(text);
}

struct Setting {
  std::string_view name;
  std::string_view value;
  bool no_value = false;  // `NAME=`, which Debian's cron takes for a schedule
};

// Takes a quoted text off the front; nothing where the quote is not closed.
std::optional<std::string_view> take_quoted(std::string_view& rest) {
  const std::size_t end = rest.find(rest.front(), 1);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view inside = rest.substr(1, end - 1);
  rest.remove_prefix(end + 1);
  return inside;
}

bool is_quote(char c) { return c == '\'' || c == '"'; }

// `NAME = value`, either part quoted or not; nothing where the line is no setting.
std::optional<Setting> parse_setting(std::string_view line) {
  Setting setting;
  if (is_quote(line.front())) {
    const auto name = take_quoted(line);
    if (!name || name->contains('=')) return std::nullopt;
    setting.name = *name;
  } else {
    const auto end = std::ranges::find_if(line, [](char c) { return c == '=' || is_space(c); });
    setting.name = line.substr(0, static_cast<std::size_t>(end - line.begin()));
    line.remove_prefix(setting.name.size());
  }
  while (!line.empty() && is_space(line.front()))
    line.remove_prefix(1);
  if (!line.starts_with('=')) return std::nullopt;
  line.remove_prefix(1);
  while (!line.empty() && is_space(line.front()))
    line.remove_prefix(1);
  setting.no_value = line.empty();
  if (setting.no_value) return setting;
  setting.value = trim_end(line);
  if (is_quote(line.front())) {
    const auto value = take_quoted(line);
    if (!value || !trim_end(line).empty()) return std::nullopt;
    setting.value = trim_end(*value);  // Debian's cron trims inside quotes too, at the end only
  }
  const std::string_view value = setting.value;
  if (value.size() >= 2 && is_quote(value.front()) && value.front() == value.back())
    setting.value = value.substr(1, value.size() - 2);
  return setting;
}

void set_variable(Environment& environment, const Setting& setting) {
  const auto same = [&setting](const auto& pair) { return pair.first == setting.name; };
  const auto known = std::ranges::find_if(environment, same);
  if (known == environment.end())
    environment.emplace_back(setting.name, setting.value);
  else
    known->second = setting.value;
}

// The text behind the first unescaped %, as standard input: \% is %, % is a newline, and it ends
// with a newline.
std::string to_input(std::string_view text) {
  std::string input;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped = text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '%';
    if (escaped) ++i;
    input += text[i] == '%' && !escaped ? '\n' : text[i];
  }
  if (!input.empty() && input.back() != '\n') input += '\n';
  return input;
}

// The command ends at the first unescaped %. In it, \% is % and \\ is \.
void split_command(std::string_view text, CrontabEntry& entry) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      entry.input = to_input(text.substr(i + 1));
      return;
    }
    const bool escapes = text[i] == '\\' && i + 1 < text.size();
    if (escapes && text[i + 1] != '%' && text[i + 1] != '\\') entry.command += '\\';
    if (escapes) ++i;
    entry.command += text[i];
  }
}

class Reader {
 public:
  Reader(CrontabKind kind, Crontab& out) : kind_(kind), out_(out) {}

  void read_line(std::string_view line) {
    ++line_;
    const std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
    const std::string_view text = line.substr(indent);
    if (text.starts_with('#')) {
      read_comment(text);
      return;
    }
    if (!text.empty()) read_active(text, indent);
    description_.clear();
  }

 private:
  void read_comment(std::string_view text) {
    while (text.starts_with('#'))
      text.remove_prefix(1);
    text = trim_spaces(text);
    if (!description_.empty() && !text.empty()) description_ += '\n';
    description_ += text;
  }

  void read_active(std::string_view text, std::size_t indent) {
    if (const auto setting = parse_setting(text)) {
      if (setting->name.empty()) {
        report(indent, "a setting without a name; write NAME=value");
      } else if (setting->no_value) {
        report(indent, fmt::format("Debian's cron takes {0}= for a schedule; write {0}=\"\" for an "
                                   "empty value",
                                   setting->name));
      } else {
        set_variable(out_.environment, *setting);
      }
      return;
    }
    read_entry(text, indent);
  }

  void read_entry(std::string_view text, std::size_t indent) {
    CrontabEntry entry;
    entry.line = line_;
    entry.description = description_;
    if (text.ends_with('\r')) {
      text.remove_suffix(1);
      entry.notes.emplace_back("the carriage return at the end of the line is dropped");
    }
    auto schedule = parse_vixie_schedule(text);
    if (!schedule) {
      for (base::Problem& problem : schedule.error().problems) {
        problem.line = line_;
        problem.column += static_cast<int>(indent);
        problem.message = drop_column(problem.message);
        out_.problems.push_back(std::move(problem));
      }
      return;
    }
    entry.written = text.substr(0, schedule->length);
    entry.schedule = std::move(schedule->schedule);
    std::ranges::move(schedule->notes, std::back_inserter(entry.notes));
    std::size_t at = skip_blanks(text, schedule->length);
    if (kind_ == CrontabKind::system) {
      const std::size_t end = std::min(text.find_first_of(" \t", at), text.size());
      entry.user = text.substr(at, end - at);
      at = skip_blanks(text, end);
    }
    finish_entry(std::move(entry), text.substr(at), indent + at);
  }

  void finish_entry(CrontabEntry entry, std::string_view command, std::size_t offset) {
    split_command(command, entry);
    if (entry.command.empty()) {
      const bool system = kind_ == CrontabKind::system;
      report(offset, system ? "no command; a system crontab has a user, then a command"
                            : "no command after the schedule");
      return;
    }
    if (kind_ == CrontabKind::user && command.starts_with('*')) {
      report(offset,
             "a sixth field where the command should be; write five fields, then the "
             "command");
      return;
    }
    entry.environment = out_.environment;
    const auto zone = [](const auto& pair) { return pair.first == "CRON_TZ"; };
    if (std::ranges::any_of(entry.environment, zone)) {
      entry.notes.emplace_back(
          "Debian's cron ignores CRON_TZ and runs in the machine's own time zone");
    }
    out_.entries.push_back(std::move(entry));
  }

  static std::size_t skip_blanks(std::string_view text, std::size_t from) {
    return std::min(text.find_first_not_of(" \t", from), text.size());
  }

  // "minute, column 1: 60 is ..." -> "minute: 60 is ...": the place is in the problem itself, and
  // the column counts from the beginning of the line, not of the schedule.
  static std::string drop_column(const std::string& message) {
    const std::size_t from = message.find(", column ");
    const std::size_t to = message.find(": ");
    if (from == std::string::npos || to == std::string::npos || to < from) return message;
    return message.substr(0, from) + message.substr(to);
  }

  void report(std::size_t offset, std::string message) {
    out_.problems.push_back({"", line_, static_cast<int>(offset) + 1, std::move(message), ""});
  }

  CrontabKind kind_;
  Crontab& out_;
  int line_ = 0;
  std::string description_;
};

}  // namespace

Crontab parse_crontab(std::string_view text, CrontabKind kind) {
  Crontab crontab;
  if (text.size() > kMostCrontabBytes) {
    crontab.problems.push_back(
        {"", 1, 1, fmt::format("a crontab has at most {} bytes; split the file", kMostCrontabBytes),
         ""});
    return crontab;
  }
  Reader reader{kind, crontab};
  for (int line = 1; !text.empty(); ++line) {
    if (line > kMostCrontabLines) {
      crontab.problems.push_back(
          {"", line, 1,
           fmt::format("a crontab has at most {} lines; split the file", kMostCrontabLines), ""});
      break;
    }
    const std::size_t end = text.find('\n');
    const std::size_t before = crontab.entries.size();
    reader.read_line(text.substr(0, end));
    if (end == std::string_view::npos && crontab.entries.size() > before) {
      crontab.entries.back().notes.emplace_back(
          "the last line has no newline, for which Debian's cron ignores the whole file");
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return crontab;
}

}  // namespace mainspring::cron
