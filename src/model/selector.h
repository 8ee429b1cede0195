// Selector: which things, by their labels. `team=platform,tier!=test,region in (eu,us),!legacy`, as
// Kubernetes writes it: all terms must hold; an empty selector holds for everything.
//
// Pure values.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace mainspring::model {

struct LabelTerm {
  enum class Test { equals, differs, in, not_in, exists, absent };

  std::string key;
  Test test = Test::equals;
  std::vector<std::string> values;

  friend bool operator==(const LabelTerm&, const LabelTerm&) = default;
};
using Selector = std::vector<LabelTerm>;
using Labels = std::map<std::string, std::string>;

// Errors: invalid_argument, naming the column and what was expected there.
base::Result<Selector> parse_selector(std::string_view text);

// `differs` and `not_in` hold for labels without the key too.
bool matches(const Selector& selector, const Labels& labels);

std::string to_text(const Selector& selector);

}  // namespace mainspring::model
