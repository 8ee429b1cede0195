// SecretRef: where a secret value lies. It names the value, and never holds it.
//
// Values. Exactly one of the two is set.
#pragma once

#include <string>

#include "json/describe.h"

namespace mainspring::model {

struct SecretRef {
  std::string secret;  // a name in the worker's secret store
  std::string file;    // a file of the worker's machine, its one newline at the end left out

  bool is_given() const { return !secret.empty() || !file.empty(); }

  static const json::StructTable& described();
  friend bool operator==(const SecretRef&, const SecretRef&) = default;
};

}  // namespace mainspring::model
