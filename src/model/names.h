// The rules for names that users choose. Each predicate has its rule as a pattern for schemas and
// as a sentence for people.
#pragma once

#include <string>
#include <string_view>

namespace mainspring::model {

inline constexpr std::size_t kNameLimit = 128;  // fits a file name and a URL segment with room

struct NameRule {
  bool (*accepts)(std::string_view);
  std::string_view pattern;   // ECMA 262, the same rule
  std::string_view sentence;  // "a name is ..."
};

extern const NameRule kNameRule;      // jobs, queues, secrets
extern const NameRule kVariableRule;  // environment
extern const NameRule kParamRule;     // params: they become environment variables
extern const NameRule kLabelRule;     // keys of labels
bool is_label_value(std::string_view text);

// The nearest text that kNameRule accepts: "Nightly Backup!" -> "nightly-backup"; may be empty.
std::string correct_name(std::string_view text);

}  // namespace mainspring::model
