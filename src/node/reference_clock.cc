#include "node/reference_clock.h"

#include "model/node.h"

namespace mainspring::node {

base::Duration correction_for(const store::ClockDifference& measured) {
  const auto offset = std::chrono::duration_cast<base::Duration>(measured.offset);
  return model::is_in_time(offset.count()) ? base::Duration{0} : offset;
}

}  // namespace mainspring::node
