// Internal to model: the mistakes of one document as they are found. Pointers are into its
// canonical form.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "json/reader.h"
#include "model/aliases.h"

namespace mainspring::model {

class Mistakes {
 public:
  void add(std::string pointer, std::string message, std::string suggestion = {}) {
    push({std::move(pointer), json::Part::value, std::move(message), std::move(suggestion)});
  }
  // About the key rather than its value.
  void add_key(std::string pointer, std::string message, std::string suggestion = {}) {
    push({std::move(pointer), json::Part::key, std::move(message), std::move(suggestion)});
  }
  // One more than are shown is kept, so that the reader of them knows that there are more.
  void push(Mistake mistake) {
    if (silent_.contains(mistake.pointer)) return;
    if (found_.size() <= json::kMaxProblems) found_.push_back(std::move(mistake));
  }

  // Nothing more is wanted about this place.
  void silence(std::string pointer) { silent_.insert(std::move(pointer)); }

  std::vector<Mistake> take() { return std::move(found_); }

 private:
  std::vector<Mistake> found_;
  std::set<std::string> silent_;
};

inline std::string child(std::string pointer, std::string_view key) {
  json::append_pointer(pointer, key);
  return pointer;
}

}  // namespace mainspring::model
