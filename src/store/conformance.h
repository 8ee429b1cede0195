// The suite that every store must pass. Each case starts from an empty database and is named by a
// sentence that is true of a right store; it throws (std::exception) when the sentence is false.
//
// The cases run on a clock of their own: nothing in them depends on the time of day, and nothing
// waits. They use one thread besides the store's own.
#pragma once

#include <span>
#include <string_view>

#include "store/store.h"

namespace mainspring::store {

// A store under test, on a database that was empty when the subject was made.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual Store& store() = 0;
  // Closes the store and opens the same database again, as a restart does. Reads opened before
  // are gone by then.
  virtual void reopen() = 0;
};

struct ConformanceCase {
  std::string_view name;
  void (*run)(Subject&) = nullptr;
};

std::span<const ConformanceCase> conformance_cases();

}  // namespace mainspring::store
