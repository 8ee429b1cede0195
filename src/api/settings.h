// The settings of a node as a screen shows them.
#pragma once

#include <string>
#include <vector>

#include "json/codec.h"

namespace mainspring::api {

// Never a secret: whoever fills it in leaves those out.
struct SettingView {
  std::string name;
  json::Value value;
  json::Value usual;   // key `default`
  std::string source;  // "default", "file /etc/mainspring.yaml", "MAINSPRING_LISTEN", "--listen"
  std::string doc;

  static const json::StructTable& described();
};
struct SettingList {
  std::vector<SettingView> items;

  static const json::StructTable& described();
};

}  // namespace mainspring::api
