#include "runner/http/oauth2.h"

#include <doctest/doctest.h>

#include "json/base64.h"
#include "runner/http/fixtures.h"

namespace mainspring::runner::http {
namespace {

using std::chrono::seconds;

model::ConnectionSpec connection() {
  model::ConnectionSpec spec;
  spec.name = "api";
  spec.url = "https://api.example.org";
  spec.auth.oauth2 = model::OAuth2Spec{.token_url = "https://id.example.org/token",
                                       .client_id = "me:too",
                                       .client_secret = {.secret = "s"},
                                       .scopes = {"read", "write"},
                                       .audience = ""};
  return spec;
}

std::string mistake(const Answer& answer) {
  const auto token = read_token(request_to("https://id.example.org/token"), answer);
  return token ? "none" : token.error().message;
}

TEST_CASE("a client proves itself by Basic, each part encoded, and asks for its scopes") {
  const auto request = make_token_request(connection(), "p w");
  REQUIRE(request.has_value());
  CHECK_EQ(request->body, "grant_type=client_credentials&scope=read+write");
  CHECK_EQ(value_of(*request, "authorization"), "Basic " + json::encode_base64("me%3Atoo:p+w"));
  CHECK_FALSE(request->is_home);
  auto same = connection();
  same.auth.oauth2->token_url = "https://api.example.org/token";
  CHECK(make_token_request(same, "p")->is_home);
  same.auth.oauth2->token_url = "ftp://x";
  CHECK(make_token_request(same, "p").error().message.contains("auth.oauth2.token_url"));
}

TEST_CASE("a token has a text and perhaps an end") {
  const Request request = request_to("https://id.example.org/token");
  const auto token = read_token(
      request,
      answer_of(200, {}, R"({"access_token":"abc","token_type":"bearer","expires_in":60})"));
  REQUIRE(token.has_value());
  CHECK_EQ(token->text, "abc");
  CHECK(token->lifetime == seconds{60});
  const auto endless =
      read_token(request, answer_of(200, {}, R"({"access_token":"a","token_type":"Bearer"})"));
  CHECK_FALSE(endless->lifetime.has_value());
}

TEST_CASE("an answer without a token says why, and whether to try again") {
  const Request request = request_to("https://id.example.org/token");
  CHECK_EQ(mistake(answer_of(401, {},
                             R"({"error":"invalid_client","error_description":"unknown client"})")),
           "https://id.example.org/token gave no token: it answered 401, invalid_client: unknown "
           "client");
  CHECK(mistake(answer_of(200, {}, "<html>")).ends_with("whose body is no JSON object"));
  CHECK(mistake(answer_of(200, {}, R"({"token_type":"bearer"})")).contains("access_token"));
  CHECK(mistake(answer_of(200, {}, R"({"access_token":"a b","token_type":"bearer"})"))
            .contains("access_token"));
  CHECK(mistake(answer_of(200, {}, R"({"access_token":"a","token_type":"mac"})"))
            .contains("not Bearer"));
  CHECK(read_token(request, answer_of(503, {}, "")).error().code == base::Code::unavailable);
  CHECK(read_token(request, answer_of(400, {}, "")).error().code == base::Code::permission_denied);
}

TEST_CASE("a token is kept until shortly before its end, for its owner alone") {
  Tokens tokens;
  const Tokens::Time start{};
  const TokenOwner owner{"default", *connection().auth.oauth2, "p"};
  tokens.keep(owner, {"long", seconds{3600}}, start);
  CHECK_EQ(tokens.find(owner, start + seconds{3569}), "long");
  CHECK_FALSE(tokens.find({"other", owner.spec, "p"}, start).has_value());
  CHECK_FALSE(tokens.find({"default", owner.spec, "q"}, start).has_value());
  CHECK_FALSE(tokens.find(owner, start + seconds{3570}).has_value());
  tokens.keep(owner, {"short", seconds{10}}, start);
  CHECK_EQ(tokens.find(owner, start + seconds{4}), "short");
  CHECK_FALSE(tokens.find(owner, start + seconds{5}).has_value());
  tokens.keep(owner, {"endless", std::nullopt}, start);
  CHECK_FALSE(tokens.find(owner, start).has_value());
}

TEST_CASE("a refused token is dropped, and not the one that took its place") {
  Tokens tokens;
  const TokenOwner owner{"default", *connection().auth.oauth2, "p"};
  tokens.keep(owner, {"second", seconds{60}}, {});
  tokens.drop(owner, "first");
  CHECK_EQ(tokens.find(owner, {}), "second");
  tokens.drop(owner, "second");
  CHECK_FALSE(tokens.find(owner, {}).has_value());
}

}  // namespace
}  // namespace mainspring::runner::http
