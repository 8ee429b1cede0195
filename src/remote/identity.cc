#include "remote/identity.h"

#include <arpa/inet.h>

#include <fmt/core.h>

#include "crypto/digest.h"
#include "json/codec.h"
#include "protocol/messages.h"
#include "system/files.h"

namespace mainspring::remote {
namespace {

using json::field;

constexpr std::size_t kFileLimit = 64 << 10;
constexpr base::Duration kPatience{15'000};

// Of "127.0.0.1:7070/path": "127.example.com" is a name, and may be anywhere.
bool is_loopback(std::string_view rest) {
  if (rest.starts_with("[::1]")) return true;
  const std::string host{rest.substr(0, rest.find_first_of(":/"))};
  in_addr address{};
  const bool is_v4 = ::inet_pton(AF_INET, host.c_str(), &address) == 1;
  return host == "localhost" || (is_v4 && host.starts_with("127."));
}

// A node that was trusted before may get a certificate that is trusted again, so that trying goes
// on; at the first meeting somebody has to name the authority.
enum class Trust { first, again };

// One request, in the newest version that both speak.
struct Answered {
  std::string body;
  int version = protocol::kNewest;
};
base::Result<Answered> ask_in_common(const Target& target, const protocol::Range& versions,
                                     Request request, Trust trust) {
  request.version = versions.newest;
  request.patience = kPatience;
  for (int tries = 0; tries < 2; ++tries) {
    Asked asked = ask(target, request);
    if (asked.body) return Answered{std::move(*asked.body), request.version};
    if (asked.is_distrusted && trust == Trust::first) {
      asked.body.error().code = base::Code::permission_denied;
    }
    const auto node = protocol::parse_range(asked.versions);
    const bool is_refused = asked.body.error().code == base::Code::unsupported && node;
    if (!is_refused) return base::fail(std::move(asked.body.error()));
    const auto common = protocol::agree(versions, *node);
    if (!common) return base::fail(common.error());
    request.version = *common;
  }
  return base::fail(base::Code::unsupported,
                    "the node names versions of the worker protocol that it does not take");
}

template <class T>
base::Result<T> read_body(const std::string& body) {
  auto document = json::parse_json(body);
  auto value = document ? json::decode<T>(document->value, json::Audience::self)
                        : base::Result<T>{base::fail(document.error())};
  if (value) return value;
  return base::fail(
      base::Code::unavailable,
      fmt::format("the answer is not that of a Mainspring node: {}", base::to_text(value.error())));
}

}  // namespace

const json::StructTable& Identity::described() {
  static const auto table = json::describe<Identity>(
      "WorkerIdentity", "Who a remote worker is to its node. Holds a secret.",
      field<&Identity::servers>("servers", "The nodes' URLs.").required(),
      field<&Identity::worker_id>("worker_id", "The worker's id.").required(),
      field<&Identity::credential>("credential", "What it proves itself with.").required(),
      field<&Identity::name>("name", "What it is called.").required(),
      field<&Identity::has_joined>("joined", "Whether the node knows it."),
      field<&Identity::labels>("labels", "Labels that its join token gave it."),
      field<&Identity::slots_limit>("slots_limit", "The most slots that its join token allows."));
  return table;
}

base::Result<std::optional<Identity>> load_identity(const std::string& path) {
  const auto text = system::read_small_file(path, kFileLimit);
  if (!text && text.error().code == base::Code::not_found) return std::nullopt;
  if (!text) return base::fail(text.error());
  auto document = json::parse_json(*text);
  auto identity = document ? json::decode<Identity>(document->value, json::Audience::self)
                           : base::Result<Identity>{base::fail(document.error())};
  if (identity) return std::move(*identity);
  return base::fail(base::Code::invalid_argument,
                    fmt::format("{}: {}. Remove the file, and join again with a new token.", path,
                                base::to_text(identity.error())));
}

base::Result<void> store_identity(const std::string& path, const Identity& identity) {
  return system::write_private_file(
      path, json::write_pretty(json::encode(identity, json::Audience::self)));
}

Identity make_identity(const Newcomer& newcomer, const env::Clock& clock, env::Random& random) {
  return {.servers = newcomer.servers,
          .worker_id = env::make_id<base::WorkerId>(clock, random),
          .credential = crypto::make_token(protocol::kCredentialPrefix, random),
          .name = newcomer.name,
          .has_joined = false,
          .labels = {},
          .slots_limit = {}};
}

base::Result<std::string> read_server(std::string_view text, Plain plain) {
  while (text.ends_with('/'))
    text.remove_suffix(1);
  if (text.starts_with("https://") && text.size() > 8) return std::string{text};
  if (!text.starts_with("http://") || text.size() <= 7) {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("--join: '{}' is no address of a node, such as "
                                  "https://mainspring.example.com:7070",
                                  text));
  }
  if (plain == Plain::anywhere || is_loopback(text.substr(7))) return std::string{text};
  return base::fail(base::Code::invalid_argument,
                    fmt::format("--join: '{}' is not encrypted: whoever can read the network can "
                                "take the credential. Use https://, or, on a network that you "
                                "trust, add --insecure.",
                                text));
}

base::Result<Identity> join(Identity identity, const std::string& join_token,
                            const Approach& approach) {
  const protocol::JoinBody body{identity.worker_id, crypto::sha256(identity.credential),
                                identity.name};
  const Target target{identity.servers, join_token, approach.ca_file};
  const auto answered = ask_in_common(
      target, approach.versions,
      {.path = protocol::kJoinPath, .body = json::encode_text(body, json::Audience::self)},
      Trust::first);
  if (!answered) return base::fail(answered.error());
  const auto reply = read_body<protocol::JoinReply>(answered->body);
  if (!reply) return base::fail(reply.error());
  identity.has_joined = true;
  identity.labels = reply->labels;
  identity.slots_limit = reply->slots_limit;
  return identity;
}

base::Result<Greeting> greet(const Identity& identity, const Approach& approach) {
  const Target target{identity.servers, identity.credential, approach.ca_file};
  const auto answered = ask_in_common(target, approach.versions,
                                      {.path = protocol::kHelloPath, .body = "{}"}, Trust::again);
  if (!answered) return base::fail(answered.error());
  const auto reply = read_body<protocol::HelloReply>(answered->body);
  if (!reply) return base::fail(reply.error());
  return Greeting{answered->version, reply->version,      reply->lease,       reply->heartbeat,
                  reply->now,        reply->traces.is_on, reply->traces.ratio};
}

}  // namespace mainspring::remote
