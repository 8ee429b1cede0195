// The rows of the verb table about tokens.
#include "cli/verb_table.h"

namespace mainspring::cli {
namespace {

const View kTokens{{{"NAME", "name"},
                    {"ROLE", "role"},
                    {"CREATED", "created_at"},
                    {"EXPIRES", "expires_at"},
                    {"EXPIRED", "expired"},
                    {"ID", "id", true}},
                   "name"};
const View kMade{
    {{"NAME", "name"}, {"ROLE", "role"}, {"TOKEN", "token"}, {"EXPIRES", "expires_at"}}, "token"};

}  // namespace

std::vector<Verb> make_token_verbs() {
  return {
      {.noun = "token",
       .verb = "list",
       .operation = "list_tokens",
       .help = "Show the tokens, without their secrets.",
       .path = "/api/v1/tokens",
       .view = kTokens},
      {.noun = "token",
       .verb = "create",
       .operation = "create_token",
       .help = "Make a token. It is shown this once.",
       .method = "POST",
       .path = "/api/v1/tokens",
       .body = {{"--name", "What it is for; unique."},
                {"--role", "viewer (usual), operator or admin."},
                {"--for", "How long it opens anything, such as 90d."},
                {"--expires-at", "Until when (RFC 3339)."}},
       .view = kMade},
      {.noun = "token",
       .verb = "revoke",
       .operation = "delete_token",
       .help = "End a token, and the browser sessions that were opened with it.",
       .method = "DELETE",
       .path = "/api/v1/tokens/{token}",
       .done = "Revoked."},
  };
}

}  // namespace mainspring::cli
