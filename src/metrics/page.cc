#include "metrics/page.h"

#include <cmath>

#include <fmt/core.h>

#include "base/check.h"

namespace mainspring::metrics {
namespace {

std::string format_number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

std::string_view word_of(Kind kind) {
  switch (kind) {
    case Kind::counter:
      return "counter";
    case Kind::gauge:
      return "gauge";
    case Kind::histogram:
      return "histogram";
  }
  return "untyped";
}

}  // namespace

std::string escape_label(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

void Page::begin(std::string_view family) {
  family_ = find_family(family);
  CHECK(family_ != nullptr && begun_.insert(family).second);
  text_ += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", family_->name, family_->help,
                       word_of(family_->kind));
}

void Page::add(double value, Labels labels) { add_line({}, labels, format_number(value)); }

void Page::add(std::int64_t value, Labels labels) { add_line({}, labels, std::to_string(value)); }

void Page::add(const Counter& counter, Labels labels) {
  add_line({}, labels, std::to_string(counter.value()));
}

void Page::add(const Histogram& histogram, Labels labels) {
  const auto counts = histogram.counts();
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    total += counts[i];
    const bool is_last = i == histogram.bounds().size();
    const std::string bound = is_last ? "+Inf" : format_number(histogram.bounds()[i]);
    add_line({"_bucket", bound}, labels, std::to_string(total));
  }
  add_line({"_sum", {}}, labels, format_number(histogram.sum()));
  add_line({"_count", {}}, labels, std::to_string(total));
}

void Page::add_line(const Series& series, Labels labels, std::string_view value) {
  CHECK(family_ != nullptr && labels.size() == family_->labels.size());
  std::string pairs;
  const auto add_pair = [&pairs](std::string_view name, std::string_view text) {
    pairs += fmt::format("{}{}=\"{}\"", pairs.empty() ? "" : ",", name, escape_label(text));
  };
  auto name = family_->labels.begin();
  for (const std::string_view label : labels)
    add_pair(*name++, label);
  if (!series.bound.empty()) add_pair("le", series.bound);
  const std::string braces = pairs.empty() ? "" : fmt::format("{{{}}}", pairs);
  text_ += fmt::format("{}{}{} {}\n", family_->name, series.suffix, braces, value);
}

}  // namespace mainspring::metrics
