// Internal to json: what yaml-cpp says about a text, for a person who wrote it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mainspring::json {

struct YamlMistake {
  std::size_t offset;   // of the byte in the text that it is about
  std::string message;  // what is wrong there and what to write instead
};

// `complaint` is yaml-cpp's own, `offset` the byte it stopped at. A complaint that is not known
// here is passed on as it is.
YamlMistake explain_yaml(std::string_view text, std::size_t offset, std::string_view complaint);

}  // namespace mainspring::json
