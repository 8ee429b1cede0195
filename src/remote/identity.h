// Identity: who a remote worker is to its node. Made before it joins, so that a join whose answer
// was lost can be repeated; a file of mode 0600 in the worker's data directory.
//
// Threads: any. Errors: those of system/files.h, invalid_argument (the file holds something else).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/id.h"
#include "env/clock.h"
#include "env/random.h"
#include "json/describe.h"
#include "protocol/version.h"
#include "remote/lines.h"

namespace mainspring::remote {

struct Identity {
  std::vector<std::string> servers;  // of the node, or of the nodes that share a store
  base::WorkerId worker_id;
  std::string credential;
  std::string name;
  bool has_joined = false;
  std::map<std::string, std::string> labels;  // those of the join token
  std::optional<int> slots_limit;

  static const json::StructTable& described();
};

// Nothing where there is none yet.
base::Result<std::optional<Identity>> load_identity(const std::string& path);
base::Result<void> store_identity(const std::string& path, const Identity& identity);

struct Newcomer {
  std::vector<std::string> servers;
  std::string name;
};
Identity make_identity(const Newcomer& newcomer, const env::Clock& clock, env::Random& random);

// "https://host:port" of what a person typed. Other machines are spoken to by TLS alone, unless a
// person says that this is not meant. Errors: invalid_argument.
enum class Plain { loopback, anywhere };
base::Result<std::string> read_server(std::string_view text, Plain plain);

// What is needed to speak to a node at all.
struct Approach {
  std::string ca_file;
  protocol::Range versions = protocol::kSpoken;
};

// Exchanges the join token for the node's knowledge of this identity; waits for the answer. Errors:
// unauthenticated (the token), permission_denied (the node's certificate is not trusted), conflict,
// unsupported (the versions), unavailable.
base::Result<Identity> join(Identity identity, const std::string& join_token,
                            const Approach& approach);

// What the node says of itself, and the version of the protocol that both speak; waits. Errors:
// unauthenticated (the worker was removed), unsupported, unavailable.
struct Greeting {
  int version = protocol::kNewest;
  std::string node_version;
  base::Duration lease{10'000};
  base::Duration heartbeat{2'000};
  base::Instant now;
  bool has_traces = false;
  double trace_ratio = 1;
};
base::Result<Greeting> greet(const Identity& identity, const Approach& approach);

}  // namespace mainspring::remote
