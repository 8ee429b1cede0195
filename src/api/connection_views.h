// Requests and replies about connections that are not nouns of the model already.
#pragma once

#include <string>
#include <vector>

#include "api/connection_report.h"

namespace mainspring::api {

struct ConnectionSummary {
  std::string name;
  model::ConnectionType type = model::ConnectionType::http;
  std::string target;  // where it leads, in one text
  std::string description;

  static const json::StructTable& described();
};
struct ConnectionList {
  std::vector<ConnectionSummary> items;

  static const json::StructTable& described();
};

}  // namespace mainspring::api
