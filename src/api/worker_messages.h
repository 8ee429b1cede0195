// Requests and replies about workers as people see them: orders, and the tokens with which they
// join. What workers themselves say is in protocol/messages.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "json/describe.h"

namespace mainspring::api {

struct DrainBody {
  base::Duration deadline = std::chrono::minutes{10};  // from now

  static const json::StructTable& described();
};

struct JoinTokenBody {
  std::int64_t uses = 1;
  base::Duration expires_in = std::chrono::hours{1};
  std::map<std::string, std::string> labels;
  std::optional<int> slots_limit;

  static const json::StructTable& described();
};

struct JoinTokenView {
  base::TokenId id;
  std::int64_t uses = 1;
  std::int64_t used = 0;
  std::map<std::string, std::string> labels;
  std::optional<int> slots_limit;
  std::string created_by;
  base::Instant created_at;
  base::Instant expires_at;
  bool expired = false;

  static const json::StructTable& described();
};
struct JoinTokenList {
  std::vector<JoinTokenView> items;

  static const json::StructTable& described();
};

// The only answer that has the token itself.
struct JoinTokenMade {
  base::TokenId id;
  std::string token;
  std::int64_t uses = 1;
  base::Instant expires_at;

  static const json::StructTable& described();
};

}  // namespace mainspring::api
