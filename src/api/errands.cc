#include "api/errands.h"

#include <algorithm>

namespace mainspring::api {

bool Errands::start(std::function<void()> work) {
  const std::scoped_lock lock(mutex_);
  const auto place =
      std::ranges::find_if(places_, [](const Place& each) { return !each.is_busy.load(); });
  if (place == places_.end()) return false;
  place->is_busy = true;
  // Joins the one before, which has come to its end.
  place->thread = std::jthread([place = &*place, work = std::move(work)] {
    work();
    place->is_busy = false;
  });
  return true;
}

}  // namespace mainspring::api
