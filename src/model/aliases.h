// Internal to model: the spellings that a manifest may use besides the canonical ones.
//
// Resolving rewrites the document and remembers where every moved piece stood, so that a mistake
// found in the canonical document is shown at the user's own key, line and column.
#pragma once

#include <memory>
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
  std::size_t column_in_text = 0;  // of the text that the pointer names, from 1; 0: none
};

// From pointers of the canonical document to pointers of the user's.
class Moves {
 public:
  void add(std::string canonical, std::string original) {
    moves_.push_back({std::move(canonical), std::move(original)});
  }
  // The longest move that covers the pointer decides; a pointer that none covers stays.
  std::string original(std::string_view canonical) const;

 private:
  struct Move {
    std::string canonical;
    std::string original;
  };
  std::vector<Move> moves_;
};

struct Resolved {
  json::Document document;  // canonical keys; locate() answers with the user's places
  std::shared_ptr<const Moves> moves;
  std::vector<Mistake> mistakes;  // pointers into the user's document
};

// `document` must be an object that stands at `source_prefix` of its text.
Resolved resolve_aliases(const json::Document& document, std::string_view source_prefix);

// A key that belongs to one kind of work, such as `image`, and what it belongs to. This build reads
// past these keys, so that a job of a later kind is refused for its type and not for its keys.
struct TypeKey {
  std::string_view key;
  std::string_view owner;  // "type container"
};
const std::vector<TypeKey>& type_keys();

// An accepted spelling that a canonical document never has.
struct Alias {
  std::string_view key;
  std::string_view meaning;
  std::string_view schema;  // JSON
};
const std::vector<Alias>& aliases();

}  // namespace mainspring::model
