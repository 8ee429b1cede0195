// Requests and replies about tokens.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "json/describe.h"

namespace mainspring::api {

enum class Role { viewer, oper, admin };  // `operator` is a word of the language
const json::EnumTable& described(Role);

struct TokenBody {
  std::string name;
  Role role = Role::viewer;
  std::optional<base::Instant> expires_at;
  std::optional<base::Duration> for_;  // key `for`: the same, from now

  static const json::StructTable& described();
};

struct TokenView {
  base::TokenId id;
  std::string name;
  std::string role;
  base::Instant created_at;
  std::optional<base::Instant> expires_at;
  bool expired = false;

  static const json::StructTable& described();
};

// The only answer that has the token itself.
struct TokenMade {
  std::string name;
  std::string role;
  std::string token;
  std::optional<base::Instant> expires_at;

  static const json::StructTable& described();
};

struct TokenList {
  std::vector<TokenView> items;

  static const json::StructTable& described();
};

}  // namespace mainspring::api
