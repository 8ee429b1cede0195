// Tables of what jobs of each type do.

#include "model/codecs.h"
#include "model/names.h"
#include "model/work.h"

namespace mainspring::model {

using json::field;

const json::EnumTable& described(Redirects) {
  static const auto table = json::enumeration<Redirects>(
      "Redirects", "What is done about an answer that points elsewhere.",
      {{Redirects::any, "any", "It is followed; credentials stay with the origin they are for."},
       {Redirects::same_origin, "same_origin",
        "It is followed within scheme, host and port; another place is an error."},
       {Redirects::none, "none", "It is the answer."}});
  return table;
}

const json::EnumTable& described(SqlTransaction) {
  static const auto table = json::enumeration<SqlTransaction>(
      "SqlTransaction", "What is done as one.",
      {{SqlTransaction::none, "none", "Each statement by itself, as VACUUM needs it."},
       {SqlTransaction::attempt, "attempt", "All of it takes effect, or nothing."},
       {SqlTransaction::run, "run",
        "All of it, and once for all attempts of a run: a marker is committed with it."}});
  return table;
}

const json::EnumTable& described(SqlIsolation) {
  static const auto table = json::enumeration<SqlIsolation>(
      "SqlIsolation", "What a transaction may see of others.",
      {{SqlIsolation::read_committed, "read_committed",
        "What was committed before each statement."},
       {SqlIsolation::repeatable_read, "repeatable_read", "What was committed before it began."},
       {SqlIsolation::serializable, "serializable", "As if it were alone."}});
  return table;
}

const json::EnumTable& described(SqlRows) {
  static const auto table = json::enumeration<SqlRows>(
      "SqlRows", "Where the rows of the last statement go.",
      {{SqlRows::result, "result", "Into the run's result, up to max_rows and max_bytes."},
       {SqlRows::log, "log", "Into its log, a line of JSON each, as they come."}});
  return table;
}

const json::EnumTable& described(Pull) {
  static const auto table = json::enumeration<Pull>(
      "Pull", "When an image is fetched from its registry.",
      {{Pull::missing, "missing", "When the engine has none of that name."},
       {Pull::always, "always", "Before every attempt."},
       {Pull::never, "never", "Never: one that is not there is an error."}});
  return table;
}

const json::EnumTable& described(MountType) {
  static const auto table = json::enumeration<MountType>(
      "MountType", "What is mounted.",
      {{MountType::bind, "bind", "A path of the engine's machine, which must be there."},
       {MountType::volume, "volume", "A volume of the engine, made when it is not there."},
       {MountType::tmpfs, "tmpfs", "Memory, gone with the container."}});
  return table;
}

const json::EnumTable& described(SandboxFiles) {
  static const auto table = json::enumeration<SandboxFiles>(
      "SandboxFiles", "What of the file system a program sees.",
      {{SandboxFiles::host, "host", "All that its user may."},
       {SandboxFiles::read_only, "read_only",
        "The same, but it writes only to its working directory and a /tmp of its own."},
       {SandboxFiles::private_, "private",
        "Besides, homes and the node's own files are not there."}});
  return table;
}

const json::EnumTable& described(SandboxNetwork) {
  static const auto table = json::enumeration<SandboxNetwork>(
      "SandboxNetwork", "What of the network a program sees.",
      {{SandboxNetwork::host, "host", "That of the worker's machine."},
       {SandboxNetwork::none, "none", "None but a loopback of its own."}});
  return table;
}

const json::EnumTable& described(SandboxSyscalls) {
  static const auto table = json::enumeration<SandboxSyscalls>(
      "SandboxSyscalls", "Which system calls a program may make.",
      {{SandboxSyscalls::host, "host", "All."},
       {SandboxSyscalls::default_, "default",
        "Those that ordinary programs make: none that administer the machine."}});
  return table;
}

const json::StructTable& HttpBody::described() {
  static const auto table = json::describe<HttpBody>(
      "HttpBody", "What a request sends: exactly one of json, form and raw.",
      field<&HttpBody::json>("json", "Any JSON value.").example(R"({"id": "${{ params.id }}"})"),
      field<&HttpBody::form>("form", "Fields of an HTML form.").max_items(1000),
      field<&HttpBody::raw>("raw", "A text as it stands."),
      field<&HttpBody::media_type>("media_type",
                                   "Content-Type; left out: what fits json, form or raw."));
  return table;
}

const json::StructTable& HttpTimeouts::described() {
  static const auto table = json::describe<HttpTimeouts>(
      "HttpTimeouts", "How long the phases of a request may take.",
      field<&HttpTimeouts::connect>("connect", "To find the name, connect and agree on TLS.")
          .min(base::Duration{1}),
      field<&HttpTimeouts::response>("response",
                                     "From the end of the request to the first byte of the answer.")
          .min(base::Duration{1}));
  return table;
}

const json::StructTable& HttpExpect::described() {
  static const auto table = json::describe<HttpExpect>(
      "HttpExpect", "What makes an answer a success.",
      field<&HttpExpect::status>("status", "Codes: 204, 2xx or 200-299.").max_items(50),
      field<&HttpExpect::headers>("headers", "Headers with their exact values; \"*\": any value.")
          .max_items(50),
      field<&HttpExpect::json>("json", "Places of a JSON body (RFC 9535) with their values.")
          .example(R"({"$.status": "ok"})")
          .max_items(50));
  return table;
}

const json::StructTable& HttpSpec::described() {
  static const auto table = json::describe<HttpSpec>(
      "HttpSpec", "One HTTP request.",
      field<&HttpSpec::method>("method", "Left out: GET, or POST where there is a body.")
          .example("\"PUT\""),
      field<&HttpSpec::url>("url",
                            "Where to: http:// or https://; with a connection a path below its url "
                            "will do.")
          .example("\"https://example.org/hooks/nightly\""),
      field<&HttpSpec::connection>("connection", "The connection with address and credentials."),
      field<&HttpSpec::headers>("headers", "Headers: a text, {secret: name} or {file: path}.")
          .max_items(100),
      field<&HttpSpec::query>("query", "Added to the query of the url.").max_items(100),
      field<&HttpSpec::body>("body", "What to send."),
      field<&HttpSpec::redirects>("redirects", "What to do about an answer that points elsewhere."),
      field<&HttpSpec::timeouts>("timeouts", "How long the phases may take."),
      field<&HttpSpec::expect>("expect", "What makes the answer a success."),
      field_as<&HttpSpec::max_response_bytes>(kSizeType, "max_response",
                                              "The largest body that is taken.")
          .example("\"1MiB\""),
      field<&HttpSpec::proxy>("proxy",
                              "The proxy to go through; left out: the connection's, else that of "
                              "the worker's environment."),
      field<&HttpSpec::tls>("tls", "How it is encrypted; left out: as the connection says."));
  return table;
}

const json::StructTable& SqlSpec::described() {
  static const auto table = json::describe<SqlSpec>(
      "SqlSpec", "SQL on a database: exactly one of statement and script.",
      field<&SqlSpec::connection>(
          "connection", "The connection to the database: of type postgres, mysql or sqlite.")
          .required(),
      field<&SqlSpec::statement>("statement",
                                 "One statement. Values stand in the database's own places: $1, $2 "
                                 "(PostgreSQL), ? (MySQL, SQLite).")
          .example("\"DELETE FROM sessions WHERE seen_at < $1\""),
      field<&SqlSpec::script>("script", "Several statements, without places."),
      field<&SqlSpec::bind>("bind", "The values of the places, in order.")
          .example(R"(["${{ params.before }}"])")
          .max_items(1000),
      field<&SqlSpec::transaction>("transaction", "What is done as one."),
      field<&SqlSpec::isolation>("isolation", "Left out: the database's usual one."),
      field<&SqlSpec::rows>("rows", "Where the rows of the last statement go."),
      field<&SqlSpec::max_rows>("max_rows", "The most rows of a result.").min(0).max(100'000),
      field_as<&SqlSpec::max_bytes>(kSizeType, "max_bytes", "The largest result.")
          .example("\"512KiB\""));
  return table;
}

const json::StructTable& ScriptSpec::described() {
  static const auto table = json::describe<ScriptSpec>(
      "ScriptSpec", "A function of a script: exactly one of file, module and code.",
      field<&ScriptSpec::file>("file", "A file of the worker's machine.")
          .example("\"/srv/jobs/report.py\""),
      field<&ScriptSpec::module>("module", "A module that the interpreter can import."),
      field<&ScriptSpec::code>("code", "The source itself."),
      field<&ScriptSpec::function>("function", "The function to call, with the context."),
      field<&ScriptSpec::interpreter>("interpreter",
                                      "The program; left out: python3 or node, as found in PATH."),
      field<&ScriptSpec::lock_file>("lock_file",
                                    "requirements.txt or package-lock.json: the packages to "
                                    "install, once for all runs with the same file.")
          .example("\"/srv/jobs/requirements.txt\""),
      field<&ScriptSpec::warm>("warm", "Prepared processes that wait for the next run.")
          .min(0)
          .max(64));
  return table;
}

const json::StructTable& MountSpec::described() {
  static const auto table = json::describe<MountSpec>(
      "Mount", "Something that a container finds in its file system.",
      field<&MountSpec::type>("type", "What is mounted."),
      field<&MountSpec::source>("source", "A path of the engine's machine, or a volume's name."),
      field<&MountSpec::target>("target", "Where in the container: a full path.").required(),
      field<&MountSpec::read_only>("read_only", "Whether it can only be read."),
      field_as<&MountSpec::size_bytes>(kSizeType, "size", "Of a tmpfs.").example("\"64MiB\""));
  return table;
}

const json::StructTable& ContainerSpec::described() {
  static const auto table = json::describe<ContainerSpec>(
      "ContainerSpec", "A container of an image; the job's command, if it has one, runs in it.",
      field<&ContainerSpec::image>("image", "The image, by tag or digest.")
          .required()
          .example("\"docker.io/library/alpine:3.20\""),
      field<&ContainerSpec::entrypoint>("entrypoint", "In place of the image's.").max_items(1000),
      field<&ContainerSpec::pull>("pull", "When the image is fetched."),
      field<&ContainerSpec::engine>(
          "engine", "A connection of type docker; left out: the engine of the worker's machine."),
      field<&ContainerSpec::registry>("registry",
                                      "A connection of type registry, to sign in with."),
      field<&ContainerSpec::platform>("platform", "Such as linux/arm64."),
      field<&ContainerSpec::mounts>("mounts", "What it finds in its file system.").max_items(100),
      field<&ContainerSpec::ports>("ports", "Ports to publish: [address:]outside:inside[/udp].")
          .example(R"(["127.0.0.1:8080:80"])")
          .max_items(100),
      field<&ContainerSpec::network>(
          "network", "none, host or a network of the engine; left out: the engine's usual one."),
      field<&ContainerSpec::init>("init",
                                  "Start a small first process that passes signals on and reaps."),
      field<&ContainerSpec::read_only>("read_only", "Whether its root cannot be written."),
      field_as<&ContainerSpec::shm_bytes>(kSizeType, "shm_size", "The size of /dev/shm.")
          .example("\"64MiB\""),
      field<&ContainerSpec::cap_add>("cap_add", "Capabilities besides the usual ones.")
          .max_items(50),
      field<&ContainerSpec::cap_drop>("cap_drop", "Usual capabilities that it does not get.")
          .max_items(50));
  return table;
}

const json::StructTable& SandboxSpec::described() {
  static const auto table =
      json::describe<SandboxSpec>("Sandbox", "What of the worker's machine a program can reach.",
                                  field<&SandboxSpec::filesystem>("filesystem", "Files."),
                                  field<&SandboxSpec::network>("network", "The network."),
                                  field<&SandboxSpec::syscalls>("syscalls", "System calls."));
  return table;
}

}  // namespace mainspring::model
