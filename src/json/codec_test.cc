#include "json/codec.h"

#include <doctest/doctest.h>

namespace mainspring::json {
namespace {

enum class Overlap { skip, allow };
const EnumInfo& described(Overlap) {
  static const EnumInfo table = enumeration<Overlap>(
      "Overlap", "What happens when the last run is still going.",
      {{Overlap::skip, "skip", "Do not run."}, {Overlap::allow, "allow", "Run beside it."}});
  return table;
}

struct Backoff {
  base::Duration first = std::chrono::seconds{1};
  double factor = 2;

  static const StructInfo& described() {
    static const auto table =
        describe<Backoff>("Backoff", "How long to wait.",
                          field<&Backoff::first>("first", "Before the second attempt.")
                              .min(std::chrono::milliseconds{10})
                              .max(std::chrono::hours{24}),
                          field<&Backoff::factor>("factor", "").min(1.0).max(10.0));
    return table;
  }
  friend bool operator==(const Backoff&, const Backoff&) = default;
};

struct Job {
  std::string name;
  int attempts = 1;
  std::optional<Overlap> overlap;
  Backoff backoff;
  std::vector<int> exit_codes;
  std::map<std::string, std::string> labels;
  std::vector<Job> children;

  static const StructInfo& described() {
    static const auto table = describe<Job>(
        "Job", "", field<&Job::name>("name", "").required().min_length(1).max_length(10),
        field<&Job::attempts>("attempts", "").min(1).max(100), field<&Job::overlap>("overlap", ""),
        field<&Job::backoff>("backoff", ""),
        field<&Job::exit_codes>("exit_codes", "").max_items(3).min(0).max(255),
        field<&Job::labels>("labels", ""), field<&Job::children>("children", ""));
    return table;
  }
  friend bool operator==(const Job&, const Job&) = default;
};

TEST_CASE("a nested struct survives a round trip through JSON") {
  Job child;
  child.name = "b";
  const Job job{"a", 3, Overlap::allow, {}, {1, 2}, {{"team", "x"}}, {child}};
  const auto text = write(encode(job));
  CHECK_EQ(decode<Job>(parse_json(text).value()).value(), job);
}

}  // namespace
}  // namespace mainspring::json
