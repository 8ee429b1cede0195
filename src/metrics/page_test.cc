#include "metrics/page.h"

#include <doctest/doctest.h>

#include <array>
#include <fstream>
#include <limits>
#include <set>
#include <sstream>

namespace mainspring::metrics {
namespace {

std::string series_of(const Page& page) {
  std::string out;
  std::istringstream lines(page.text());
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('#')) out += line + '\n';
  }
  return out;
}

TEST_CASE("a family begins with its help and its kind") {
  Page page;
  page.begin("mainspring_retries_total");
  Counter counter;
  counter.add(3);
  page.add(counter);
  CHECK_EQ(page.text(),
           "# HELP mainspring_retries_total Attempts that ended badly and that another attempt "
           "follows.\n# TYPE mainspring_retries_total counter\nmainspring_retries_total 3\n");
}

TEST_CASE("a label's value cannot end its quotes or its line") {
  CHECK_EQ(escape_label("a\"b\\c\nd"), "a\\\"b\\\\c\\nd");
  Page page;
  page.begin("mainspring_queue_depth");
  page.add(std::int64_t{7}, {"\"} 1\nmainspring_queue_depth{queue=\"x"});
  CHECK_EQ(series_of(page),
           "mainspring_queue_depth{queue=\"\\\"} 1\\nmainspring_queue_depth{queue=\\\"x\"} 7\n");
}

TEST_CASE("a histogram's buckets hold what lies below them, and the last holds everything") {
  static constexpr std::array kBounds{0.1, 1.0};
  Histogram histogram(kBounds);
  for (const double value : {0.05, 0.1, 0.5, 70.0})
    histogram.observe(value);
  Page page;
  page.begin("mainspring_writer_commit_seconds");
  page.add(histogram);
  CHECK_EQ(series_of(page),
           "mainspring_writer_commit_seconds_bucket{le=\"0.1\"} 2\n"
           "mainspring_writer_commit_seconds_bucket{le=\"1\"} 3\n"
           "mainspring_writer_commit_seconds_bucket{le=\"+Inf\"} 4\n"
           "mainspring_writer_commit_seconds_sum 70.65\n"
           "mainspring_writer_commit_seconds_count 4\n");
}

TEST_CASE("numbers that are none are written as Prometheus reads them") {
  Page page;
  page.begin("process_cpu_seconds_total");
  page.add(std::numeric_limits<double>::infinity());
  page.add(-std::numeric_limits<double>::infinity());
  page.add(std::numeric_limits<double>::quiet_NaN());
  page.add(1e-7);
  CHECK_EQ(series_of(page),
           "process_cpu_seconds_total +Inf\nprocess_cpu_seconds_total -Inf\n"
           "process_cpu_seconds_total NaN\nprocess_cpu_seconds_total 1e-07\n");
}

TEST_CASE("names say their unit, counters end in total, and no two are the same") {
  std::set<std::string_view> names;
  for (const Family& family : catalogue()) {
    CAPTURE(family.name);
    CHECK(names.insert(family.name).second);
    CHECK_EQ(family.name.ends_with("_total"), family.kind == Kind::counter);
    CHECK(family.help.ends_with('.'));
    CHECK_FALSE(family.help.contains('\n'));
    CHECK_FALSE(family.help.contains('\\'));
  }
}

TEST_CASE("the reference page lists the catalogue, row by row") {
  std::ifstream file("docs/reference/metrics.md");
  std::string listed;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("| `mainspring_") || line.starts_with("| `process_"))
      listed += line + '\n';
  }
  std::string expected;
  for (const Family& family : catalogue())
    expected += reference_row(family) + '\n';
  CHECK_EQ(listed, expected);
}

}  // namespace
}  // namespace mainspring::metrics
