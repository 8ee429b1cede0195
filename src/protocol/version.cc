#include "protocol/version.h"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

namespace mainspring::protocol {
namespace {

std::optional<int> parse_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc{} && end == text.data() + text.size();
  return is_whole && number >= 0 ? std::optional{number} : std::nullopt;
}

std::string in_words(const Range& range) {
  if (range.oldest == range.newest) return fmt::format("version {}", range.newest);
  return fmt::format("versions {} and {}", range.oldest, range.newest);
}

std::unexpected<base::Error> disagree(const Range& worker, const Range& node) {
  const bool is_worker_older = worker.newest < node.oldest;
  return base::fail(
      base::Code::unsupported,
      fmt::format("The worker speaks {} of the worker protocol, the node {}: upgrade {}.",
                  in_words(worker), in_words(node),
                  is_worker_older ? "the worker to the node's release"
                                  : "the node first, then its workers"));
}

}  // namespace

std::string to_text(const Range& range) { return fmt::format("{}-{}", range.oldest, range.newest); }

std::optional<Range> parse_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto oldest = parse_number(text.substr(0, dash));
  const auto newest = dash == std::string_view::npos ? oldest : parse_number(text.substr(dash + 1));
  if (!oldest || !newest || *oldest > *newest) return std::nullopt;
  return Range{*oldest, *newest};
}

base::Result<int> check_version(std::optional<std::string_view> header, const Range& node) {
  const auto version = parse_number(header.value_or(""));
  if (!version) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("{}: only 'mainspring worker' speaks here; it says which version "
                                  "of the worker protocol a request is in.",
                                  kVersionHeader));
  }
  if (!node.has(*version)) return disagree({*version, *version}, node);
  return *version;
}

base::Result<int> agree(const Range& worker, const Range& node) {
  const int common = std::min(worker.newest, node.newest);
  if (!worker.has(common) || !node.has(common)) return disagree(worker, node);
  return common;
}

}  // namespace mainspring::protocol
