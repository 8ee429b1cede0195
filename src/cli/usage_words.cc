#include "cli/usage_words.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "base/text.h"

namespace mainspring::cli {
namespace {

using Halves = std::pair<std::string_view, std::string_view>;

// What stands before and behind `middle`.
std::optional<Halves> split_at(std::string_view text, std::string_view middle) {
  const std::size_t at = text.find(middle);
  if (at == std::string_view::npos) return std::nullopt;
  return Halves{text.substr(0, at), text.substr(at + middle.size())};
}

std::string missing_command(const std::vector<std::string>& commands) {
  const std::vector<std::string_view> names(commands.begin(), commands.end());
  return fmt::format("a command is missing; give one of {}", base::join_words(names, " and "));
}

// Of "0 to 255"; a range of fractions is that of all positive numbers.
std::string range_words(std::string_view range) {
  const auto ends = split_at(range, " to ");
  if (!ends || range.contains('.')) return "of 1 or more";
  return fmt::format("from {} to {}", ends->first, ends->second);
}

std::string value_of_flag(std::string_view flag) {
  return fmt::format("{} is a flag; leave its value out, or write true or false", flag);
}

// Of an option and its value that is no number, or, of a flag, neither true nor false.
std::string wrong_value(const Halves& given, const std::vector<std::string>& flags) {
  const auto& [option, value] = given;
  if (std::ranges::find(flags, option) != flags.end()) return value_of_flag(option);
  return fmt::format("{}: '{}' is not a whole number, or one too large", option, value);
}

}  // namespace

// The complaints are those of CLI11 2.3 (its Error.hpp and Validators.hpp).
std::string reword_usage(std::string_view complaint, const Usable& usable) {
  if (complaint.starts_with("A subcommand is required")) return missing_command(usable.commands);
  if (const auto found = split_at(complaint, " not expected: "))
    return fmt::format("'{}' is too much here; put a word with blanks in quotes", found->second);
  if (const auto found = split_at(complaint, " required "); found && complaint.ends_with("missing"))
    return fmt::format("{} needs a value", found->first.substr(0, found->first.find(':')));
  if (const auto found = split_at(complaint, " requires "))
    return fmt::format("{} needs {} beside it", found->first, found->second);
  if (const auto found = split_at(complaint, " excludes "))
    return fmt::format("{} and {} exclude each other; give one of them", found->first,
                       found->second);
  if (complaint.starts_with("Could not convert: "))
    if (const auto found = split_at(complaint.substr(complaint.find(": ") + 2), " = "))
      return wrong_value(*found, usable.flags);
  if (const auto found = split_at(complaint, ": Should be true/false"))
    return value_of_flag(found->first);
  if (const auto found = split_at(complaint, ": Value "))
    if (const auto value = split_at(found->second, " not in range "))
      return fmt::format("{}: '{}' is not a number {}", found->first, value->first,
                         range_words(value->second));
  return std::string(complaint);
}

}  // namespace mainspring::cli
