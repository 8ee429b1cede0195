// Page: the text that Prometheus reads. A family is begun once, then its series follow.
//
// Belongs to one thread. Source: Prometheus text exposition format 0.0.4.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>

#include "metrics/catalogue.h"
#include "metrics/instruments.h"

namespace mainspring::metrics {

inline constexpr std::string_view kPageType = "text/plain; version=0.0.4; charset=utf-8";

class Page {
 public:
  // The values of the family's labels, in the catalogue's order.
  using Labels = std::initializer_list<std::string_view>;

  // A family of the catalogue that the page does not have yet; anything else is a broken program.
  void begin(std::string_view family);
  void add(double value, Labels labels = {});
  void add(std::int64_t value, Labels labels = {});
  void add(const Counter& counter, Labels labels = {});
  void add(const Histogram& histogram, Labels labels = {});

  const std::string& text() const { return text_; }

 private:
  struct Series {
    std::string_view suffix;  // "_bucket"
    std::string_view bound;   // of a bucket
  };
  void add_line(const Series& series, Labels labels, std::string_view value);

  const Family* family_ = nullptr;
  std::set<std::string_view> begun_;
  std::string text_;
};

// A label's value as it stands between quotes: \, " and line breaks escaped.
std::string escape_label(std::string_view value);

}  // namespace mainspring::metrics
