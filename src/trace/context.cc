#include "trace/context.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/core.h>

namespace mainspring::trace {
namespace {

constexpr std::size_t kTraceparentSize = 55;  // of version 00
constexpr std::uint64_t kSampled = 1;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

// Lower-case digits only, as the grammar says.
std::optional<std::uint64_t> read_hex(std::string_view text) {
  std::uint64_t value = 0;
  for (const char c : text) {
    if (!is_digit(c) && (c < 'a' || c > 'f')) return std::nullopt;
    value = value << 4 | static_cast<std::uint64_t>(is_digit(c) ? c - '0' : c - 'a' + 10);
  }
  return value;
}

std::uint64_t low_half(const TraceId& id) {
  std::uint64_t value = 0;
  for (std::size_t i = 8; i < id.size(); ++i)
    value = value << 8 | id[i];
  return value;
}

TraceId join(std::uint64_t high, std::uint64_t low) {
  TraceId id{};
  for (std::size_t i = 0; i < 8; ++i) {
    id[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
    id[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
  }
  return id;
}

// One to one, so that no two names of a run share a span (the mixing steps of SplitMix64).
SpanId mix(base::RunId run, std::uint64_t name) {
  std::uint64_t word = low_half(run.bytes()) + (name + 1) * 0x9e3779b97f4a7c15;
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
  word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
  word ^= word >> 31;
  return word == 0 ? 1 : word;
}

constexpr std::uint64_t kRunName = 0;  // attempts count from 1
constexpr std::uint64_t kRequestName = ~std::uint64_t{0} - 1;

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

bool is_key_part(std::string_view part, std::size_t most) {
  return !part.empty() && part.size() <= most && std::ranges::all_of(part, [](char c) {
    return is_lower(c) || is_digit(c) || c == '_' || c == '-' || c == '*' || c == '/';
  });
}

// "vendor", or "tenant@system".
bool is_key(std::string_view key) {
  const std::size_t at = key.find('@');
  if (at == std::string_view::npos) return is_key_part(key, 256) && is_lower(key.front());
  const std::string_view system = key.substr(at + 1);
  return is_key_part(key.substr(0, at), 241) && is_key_part(system, 14) && is_lower(system.front());
}

bool is_value(std::string_view value) {
  return !value.empty() && value.size() <= 256 && value.back() != ' ' &&
         std::ranges::all_of(value,
                             [](char c) { return c >= 0x20 && c <= 0x7e && c != ',' && c != '='; });
}

std::string join_entries(const std::vector<std::string_view>& entries) {
  std::string out;
  for (const std::string_view entry : entries)
    out += fmt::format("{}{}", out.empty() ? "" : ",", entry);
  return out;
}

std::string within_limit(std::vector<std::string_view> entries) {
  std::string out = join_entries(entries);
  while (out.size() > kStateLimit) {
    const auto long_one = std::ranges::find_if(
        entries, [](std::string_view entry) { return entry.size() > kStateEntryLong; });
    entries.erase(long_one == entries.end() ? entries.end() - 1 : long_one);
    out = join_entries(entries);
  }
  return out;
}

// "" where it is not well-formed, or says nothing.
std::string read_state(std::string_view text) {
  std::vector<std::string_view> entries;
  std::vector<std::string_view> keys;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view entry = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (entry.empty()) continue;  // the grammar allows a list with gaps
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos) return {};
    const std::string_view key = entry.substr(0, equals);
    if (!is_key(key) || !is_value(entry.substr(equals + 1))) return {};
    if (std::ranges::find(keys, key) != keys.end() || keys.size() == kStateEntries) return {};
    keys.push_back(key);
    entries.push_back(entry);
  }
  return within_limit(std::move(entries));
}

}  // namespace

std::optional<Context> parse_context(std::string_view traceparent, std::string_view tracestate) {
  const std::string_view text = trim(traceparent);
  if (text.size() < kTraceparentSize) return std::nullopt;
  if (text[2] != '-' || text[35] != '-' || text[52] != '-') return std::nullopt;
  const auto version = read_hex(text.substr(0, 2));
  if (!version || *version == 0xff) return std::nullopt;
  // A later version may say more, behind another dash.
  const bool is_longer = text.size() > kTraceparentSize;
  if (is_longer && (*version == 0 || text[kTraceparentSize] != '-')) return std::nullopt;
  const auto high = read_hex(text.substr(3, 16));
  const auto low = read_hex(text.substr(19, 16));
  const auto span = read_hex(text.substr(36, 16));
  const auto flags = read_hex(text.substr(53, 2));
  if (!high || !low || !span || !flags) return std::nullopt;
  if ((*high | *low) == 0 || *span == 0) return std::nullopt;
  return Context{join(*high, *low), *span, (*flags & kSampled) != 0, read_state(tracestate)};
}

std::optional<Context> parse_context(const model::TraceContext& stored) {
  return parse_context(stored.traceparent, stored.tracestate);
}

model::TraceContext to_model(const Context& context) {
  return {fmt::format("00-{}-{}-{}", to_hex(context.trace), to_hex(context.span),
                      context.is_sampled ? "01" : "00"),
          context.state};
}

std::string to_hex(const TraceId& id) {
  std::string out;
  for (const std::uint8_t byte : id)
    out += fmt::format("{:02x}", byte);
  return out;
}

std::string to_hex(SpanId id) { return fmt::format("{:016x}", id); }

SpanId span_of_run(base::RunId run) { return mix(run, kRunName); }
SpanId span_of_attempt(base::RunId run, int attempt) {
  return mix(run, static_cast<std::uint64_t>(attempt));
}
SpanId span_of_request(base::RunId run) { return mix(run, kRequestName); }

bool is_sampled(base::RunId run, double ratio) {
  if (ratio >= 1) return true;
  // The last 56 bits of the trace's id, which are random, as other tracing systems do it.
  constexpr std::uint64_t kSpace = std::uint64_t{1} << 56;
  const std::uint64_t place = low_half(run.bytes()) & (kSpace - 1);
  return static_cast<double>(place) < ratio * static_cast<double>(kSpace);
}

Context context_of_run(base::RunId run, const std::optional<model::TraceContext>& asked,
                       const Policy& policy) {
  std::optional<Context> found;
  if (asked) found = parse_context(*asked);
  if (!found) found = Context{run.bytes(), 0, is_sampled(run, policy.ratio), {}};
  found->span = span_of_run(run);
  return *found;
}

model::TraceContext context_for_program(const AttemptName& attempt,
                                        const std::optional<model::TraceContext>& asked,
                                        const Policy& policy) {
  if (!policy.is_on && asked) return *asked;
  Context context = context_of_run(attempt.run, asked, policy);
  context.span = span_of_attempt(attempt.run, attempt.number);
  return to_model(context);
}

}  // namespace mainspring::trace
