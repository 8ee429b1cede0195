#include "system/process_figures.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <vector>

#include "system/files.h"

namespace mainspring::system {
namespace {

constexpr std::size_t kProcFileLimit = 1 << 20;  // /proc/stat has a line per interrupt source

// The numbers behind the program's name, which may hold spaces and brackets: proc(5) counts from
// `state`, field 3, which reads as 0 here.
std::vector<std::int64_t> parse_stat(std::string_view text) {
  std::vector<std::int64_t> fields;
  text.remove_prefix(std::min(text.rfind(')') + 1, text.size()));
  while (!text.empty()) {
    text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size()));
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + end, number);
    if (end > 0) fields.push_back(number);
    text.remove_prefix(end);
  }
  return fields;
}

// When the machine started, in seconds since 1970.
double load_boot_time() {
  const std::string text = read_small_file("/proc/stat", kProcFileLimit).value_or("");
  constexpr std::string_view kKey = "\nbtime ";
  const std::size_t at = text.find(kKey);
  if (at == std::string::npos) return 0;
  std::int64_t seconds = 0;
  std::from_chars(text.data() + at + kKey.size(), text.data() + text.size(), seconds);
  return static_cast<double>(seconds);
}

std::int64_t count_open_fds() {
  std::error_code error;
  std::filesystem::directory_iterator entries("/proc/self/fd", error);
  if (error) return 0;
  return std::distance(begin(entries), end(entries)) - 1;  // the one that reads the directory
}

}  // namespace

ProcessFigures load_process_figures() {
  ProcessFigures out;
  const auto fields = parse_stat(read_small_file("/proc/self/stat", kProcFileLimit).value_or(""));
  constexpr std::size_t kFirst = 3;  // proc(5) numbers the fields; fields[0] is field 3
  const auto field = [&fields](std::size_t number) {
    return number - kFirst < fields.size() ? fields[number - kFirst] : 0;
  };
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  out.cpu_seconds = static_cast<double>(field(14) + field(15)) / ticks;
  out.threads = field(20);
  if (field(22) > 0) out.start_time = load_boot_time() + static_cast<double>(field(22)) / ticks;
  out.virtual_bytes = field(23);
  out.resident_bytes = field(24) * ::sysconf(_SC_PAGESIZE);
  out.open_fds = count_open_fds();
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    out.max_fds = static_cast<std::int64_t>(limit.rlim_cur);
  }
  return out;
}

std::int64_t load_file_size(const std::string& path) {
  struct stat found{};
  return ::stat(path.c_str(), &found) == 0 ? static_cast<std::int64_t>(found.st_size) : 0;
}

}  // namespace mainspring::system
