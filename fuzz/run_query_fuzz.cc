// The query language for runs: mistakes have a column inside the text, and what is read is bounded
// by it.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "model/run_query.h"

namespace model = mainspring::model;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  const auto query = model::parse_run_query(text, mainspring::base::from_millis(1'767'225'600'000));
  if (query) {
    CHECK(query->jobs.size() + query->queues.size() + query->labels.size() <= size);
    for (const std::string& job : query->jobs)
      CHECK(model::matches_glob(job, job));
    static_cast<void>(model::to_selection(*query));
    return 0;
  }
  CHECK(!query.error().message.empty());
  for (const auto& problem : query.error().problems)
    CHECK(problem.column >= 1 && static_cast<std::size_t>(problem.column) <= size + 1);
  return 0;
}
