// What a job does, for each type beyond `command`: the sections of its manifest. Documented key by
// key in docs/reference/manifest.md, generated from the tables in work_described.cc.
//
// A text that may hold `${{ }}` is told in model/expressions.cc; code and SQL never do: values
// reach them as parameters.
//
// Values: immutable once stored.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "json/describe.h"
#include "model/connection.h"

namespace mainspring::model {

// A literal; or what a secret, or a file of the worker's machine, holds when the attempt starts.
// What came from a secret or a file is masked in the log.
struct EnvironmentValue {
  std::string value;
  std::string secret = {};
  std::string file = {};

  friend bool operator==(const EnvironmentValue&, const EnvironmentValue&) = default;
};

// ---- http --------------------------------------------------------------------------------------

// Exactly one of json, form and raw.
struct HttpBody {
  std::optional<json::Value> json;
  std::optional<std::map<std::string, std::string>> form;
  std::optional<std::string> raw;
  std::string media_type;  // "": application/json, ...x-www-form-urlencoded, text/plain

  static const json::StructTable& described();
  friend bool operator==(const HttpBody&, const HttpBody&) = default;
};

enum class Redirects {
  any,          // followed; credentials stay with the origin they were meant for
  same_origin,  // followed within scheme, host and port; another place is an error
  none,         // the 3xx is the answer
};
const json::EnumTable& described(Redirects);

// The phases of a request; the whole has timeout.run, and a silent body timeout.idle.
struct HttpTimeouts {
  base::Duration connect = std::chrono::seconds{10};  // name, TCP and TLS
  std::optional<base::Duration> response;             // from the last byte sent to the first back

  static const json::StructTable& described();
  friend bool operator==(const HttpTimeouts&, const HttpTimeouts&) = default;
};

// What makes an answer a success.
struct HttpExpect {
  std::vector<std::string> status = {"2xx"};   // "204", "2xx", "200-299"
  std::map<std::string, std::string> headers;  // name: its exact value, "*": any
  std::map<std::string, json::Value> json;     // JSONPath of one place: the value there

  static const json::StructTable& described();
  friend bool operator==(const HttpExpect&, const HttpExpect&) = default;
};

struct HttpSpec {
  std::string method;      // "": GET, or POST with a body
  std::string url;         // absolute; with a connection also a path below its url, or ""
  std::string connection;  // "": none
  std::map<std::string, EnvironmentValue> headers;
  std::map<std::string, std::string> query;  // added to that of the url
  std::optional<HttpBody> body;
  Redirects redirects = Redirects::any;
  HttpTimeouts timeouts;
  HttpExpect expect;
  std::int64_t max_response_bytes = 1 << 20;  // key `max_response`
  std::string proxy;                          // "": the connection's, else the environment's
  std::optional<TlsSpec> tls;                 // absent: the connection's

  static const json::StructTable& described();
  friend bool operator==(const HttpSpec&, const HttpSpec&) = default;
};

inline constexpr int kRedirectLimit = 10;

// ---- sql ---------------------------------------------------------------------------------------

enum class SqlTransaction {
  none,     // each statement by itself, as VACUUM needs it
  attempt,  // all of it, or nothing
  run,      // the same, and once for all attempts: a marker is committed with it
};
const json::EnumTable& described(SqlTransaction);

enum class SqlIsolation { read_committed, repeatable_read, serializable };
const json::EnumTable& described(SqlIsolation);

// Where the rows of the last statement go.
enum class SqlRows { result, log };
const json::EnumTable& described(SqlRows);

struct SqlSpec {
  std::string connection;
  std::string statement;          // one, with the database's own places: $1 or ?
  std::string script;             // or several, without places
  std::vector<json::Value> bind;  // the values of the places, in order
  SqlTransaction transaction = SqlTransaction::attempt;
  std::optional<SqlIsolation> isolation;
  SqlRows rows = SqlRows::result;
  std::int64_t max_rows = 1'000;  // of the result; more are not fetched, and the result says so
  std::int64_t max_bytes = 512 << 10;

  static const json::StructTable& described();
  friend bool operator==(const SqlSpec&, const SqlSpec&) = default;
};

// ---- python, node ------------------------------------------------------------------------------

// Exactly one of file, module and code: it has a function run(ctx), and may have prepare(ctx).
struct ScriptSpec {
  std::string file;    // on the worker's machine
  std::string module;  // importable by name
  std::string code;
  std::string function = "run";
  std::string interpreter;  // "": python3, node; a name in PATH or a path
  std::string lock_file;    // requirements.txt; package-lock.json: what to install, once for all
  int warm = 0;             // prepared processes that wait for the next run

  static const json::StructTable& described();
  friend bool operator==(const ScriptSpec&, const ScriptSpec&) = default;
};

// ---- container ---------------------------------------------------------------------------------

enum class Pull { missing, always, never };
const json::EnumTable& described(Pull);

enum class MountType { bind, volume, tmpfs };
const json::EnumTable& described(MountType);

struct MountSpec {
  MountType type = MountType::bind;
  std::string source;  // a path of the engine's machine, or a volume's name; none for tmpfs
  std::string target;  // a path in the container
  bool read_only = false;
  std::int64_t size_bytes = 0;  // of a tmpfs; 0: no limit. Key `size`

  static const json::StructTable& described();
  friend bool operator==(const MountSpec&, const MountSpec&) = default;
};

// The command, environment, working_dir, stdin and user stand in the job itself.
struct ContainerSpec {
  std::string image;
  std::vector<std::string> entrypoint;  // empty: the image's
  Pull pull = Pull::missing;
  std::string engine;    // a connection of type docker; "": the socket of this machine
  std::string registry;  // a connection of type registry; "": without signing in
  std::string platform;  // "linux/arm64"; "": the engine's own
  std::vector<MountSpec> mounts;
  std::vector<std::string> ports;  // "8080:80", "127.0.0.1:8080:80/tcp"
  std::string network;             // "": the engine's default; none, host or a network's name
  bool init = true;                // a process that passes signals on and reaps
  bool read_only = false;          // its root file system
  std::int64_t shm_bytes = 0;      // of /dev/shm; 0: the engine's default. Key `shm_size`
  std::vector<std::string> cap_add;
  std::vector<std::string> cap_drop;

  static const json::StructTable& described();
  friend bool operator==(const ContainerSpec&, const ContainerSpec&) = default;
};

// ---- sandbox -----------------------------------------------------------------------------------

enum class SandboxFiles {
  host,       // as the user may
  read_only,  // nothing can be written but the scratch directory and a /tmp of its own
  private_,   // `private`: besides, the homes of users and the node's data are not there
};
const json::EnumTable& described(SandboxFiles);

enum class SandboxNetwork { host, none };
const json::EnumTable& described(SandboxNetwork);

enum class SandboxSyscalls { host, default_ };
const json::EnumTable& described(SandboxSyscalls);

struct SandboxSpec {
  SandboxFiles filesystem = SandboxFiles::host;
  SandboxNetwork network = SandboxNetwork::host;
  SandboxSyscalls syscalls = SandboxSyscalls::host;

  bool is_given() const { return *this != SandboxSpec{}; }

  static const json::StructTable& described();
  friend bool operator==(const SandboxSpec&, const SandboxSpec&) = default;
};

}  // namespace mainspring::model

template <>
struct mainspring::json::Codec<mainspring::model::EnvironmentValue>;
