// Internal to model: the spellings that a manifest may use besides the canonical ones.
//
// Resolving rewrites the document and remembers where every moved piece stood, so that a mistake
// found in the canonical document can be shown at the user's own key.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.h"

namespace mainspring::model {

// A mistake before it has a line: where it is, and what is wrong.
struct Mistake {
  std::string pointer;
  json::Part part = json::Part::value;
  std::string message;
  std::string suggestion = {};
  json::Position in_text = {};  // within the text that the pointer names; line 0: none
};

// From pointers of the canonical document to pointers of the user's.
class Moves {
 public:
  void add(std::string canonical, std::string original) {
    moves_[std::move(canonical)] = std::move(original);
  }
  // The longest move that covers the pointer decides; a pointer that none covers stays.
  std::string original(std::string_view canonical) const;

 private:
  std::map<std::string, std::string, std::less<>> moves_;
};

struct Resolved {
  json::Value document;  // an object with canonical keys
  Moves moves;
  std::vector<Mistake> mistakes;  // pointers into the user's document
};

Resolved resolve_aliases(const json::Object& document);

// The types whose work is described in a section of the manifest that has the name of the type.
inline constexpr std::array<std::string_view, 5> kSections{"http", "sql", "python", "node",
                                                           "container"};

// A key that may stand in the job itself for one in the section of its type: `image` is
// `container.image`.
struct FlatKey {
  std::string_view key;
  std::string_view section;
  std::string_view member;
};
const std::vector<FlatKey>& flat_keys();

// A key that belongs to a kind of work that is still to come, and to which. This build reads past
// these keys, so that a job of a later kind is refused for its type and not for its keys.
struct LaterKey {
  std::string_view key;
  std::string_view owner;  // "type broadcast"
};
const std::vector<LaterKey>& later_keys();

// An accepted spelling that a canonical document never has.
struct Alias {
  std::string_view key;
  std::string_view meaning;
  std::string_view schema;  // JSON
};
const std::vector<Alias>& aliases();

}  // namespace mainspring::model
