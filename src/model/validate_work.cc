// The rules of what jobs of each type do.

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

#include "json/codec.h"
#include "model/aliases.h"
#include "model/job.h"
#include "model/json_place.h"
#include "model/mistakes.h"
#include "model/names.h"
#include "model/validate.h"

namespace mainspring::model {
namespace {

constexpr std::size_t kCodeLimit = 256 << 10;        // a script; more belongs into a file
constexpr std::size_t kStatementLimit = 1 << 20;     // of SQL
constexpr std::size_t kLongestUrl = 8 << 10;         // what servers take (RFC 9110, section 4.1)
constexpr std::int64_t kLargestResponse = 64 << 20;  // it is held in memory

bool is_template(std::string_view text) { return text.contains("${{"); }

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view kOther = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return is_upper(c) || is_digit(c) || (c >= 'a' && c <= 'z') || kOther.contains(c);
  });
}

bool is_web_url(std::string_view url) {
  return url.starts_with("http://") || url.starts_with("https://");
}

// "204", "2xx" or "200-299".
bool is_status(std::string_view text) {
  const auto is_code = [](std::string_view code) {
    return code.size() == 3 && code[0] >= '1' && code[0] <= '5' && is_digit(code[1]) &&
           is_digit(code[2]);
  };
  if (text.size() == 7 && text[3] == '-')
    return is_code(text.substr(0, 3)) && is_code(text.substr(4)) &&
           text.substr(0, 3) <= text.substr(4);
  return is_code(text) ||
         (text.size() == 3 && text.substr(1) == "xx" && text[0] >= '1' && text[0] <= '5');
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port > 0;
}

// "80", "8080:80" or "127.0.0.1:8080:80", with /tcp or /udp.
bool is_published_port(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const std::string_view protocol = text.substr(slash + 1);
    if (protocol != "tcp" && protocol != "udp") return false;
    text = text.substr(0, slash);
  }
  const std::size_t inside = text.rfind(':');
  if (inside == std::string_view::npos) return is_port(text);
  if (!is_port(text.substr(inside + 1))) return false;
  text = text.substr(0, inside);
  const std::size_t outside = text.rfind(':');
  return is_port(outside == std::string_view::npos ? text : text.substr(outside + 1));
}

void check_tls(const TlsSpec& tls, const std::string& at, Mistakes& found) {
  for (const auto& [key, path] :
       {std::pair{"ca", &tls.ca}, {"certificate", &tls.certificate}, {"key", &tls.key}})
    if (!path->empty() && !path->starts_with('/'))
      found.add(child(at, key), "must be a full path, such as /etc/ssl/private-ca.pem");
  if (tls.certificate.empty() != tls.key.empty())
    found.add(at, "certificate and key belong together; give both or none");
}

void check_secret(const SecretRef& secret, const std::string& at, Mistakes& found) {
  if (secret.secret.empty() == secret.file.empty())
    return found.add(at, "expected exactly one of secret and file, such as {secret: warehouse}");
  if (!secret.secret.empty() && !kNameRule.accepts(secret.secret))
    found.add(at + "/secret", std::string(kNameRule.sentence), correct_name(secret.secret));
  if (!secret.file.empty() && !secret.file.starts_with('/'))
    found.add(at + "/file", "must be a full path, such as /etc/backup/password");
}

void check_header_name(std::string_view name, const std::string& at, Mistakes& found) {
  if (!is_token(name))
    found.add_key(at, "is no name of a header; write letters, digits and '-', such as X-Team");
}

void check_header_text(std::string_view text, const std::string& at, Mistakes& found) {
  if (text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
    found.add(at, "a header holds no line break and no zero byte");
}

void check_proxy(std::string_view proxy, const std::string& at, Mistakes& found) {
  constexpr std::string_view kSchemes[] = {"http://", "https://", "socks5://", "socks5h://"};
  const bool is_known = std::ranges::any_of(
      kSchemes, [&](std::string_view scheme) { return proxy.starts_with(scheme); });
  if (!proxy.empty() && !is_known)
    found.add(at, "must be a proxy's address, such as http://proxy.internal:3128");
}

class WorkRules {
 public:
  WorkRules(const JobSpec& spec, const json::Object& document, Mistakes& found)
      : spec_(spec), document_(document), found_(found), type_(json::to_text(spec.type)) {}

  void run() {
    check_sections();
    check_program_keys();
    if (spec_.http) check_http(*spec_.http);
    if (spec_.sql) check_sql(*spec_.sql);
    if (spec_.python) check_script(*spec_.python, "/python");
    if (spec_.node) check_script(*spec_.node, "/node");
    if (spec_.container) check_container(*spec_.container);
  }

 private:
  void check_sections() {
    for (const std::string_view section : kSections) {
      const bool is_given = document_.contains(section);
      if (is_given && section != type_)
        found_.add_key(child("", section),
                       fmt::format("belongs to type {}; this job is of type {}", section, type_));
      if (!is_given && section == type_)
        found_.add("", fmt::format("the key \"{0}\" is missing; a job of type {0} says there what "
                                   "to do",
                                   section));
    }
  }

  // The keys of programs, in jobs that start none.
  void check_program_keys() {
    const JobType type = spec_.type;
    const bool is_request = type == JobType::http || type == JobType::sql;
    const bool is_script = type == JobType::python || type == JobType::node;
    if (is_request || is_script) refuse_key("command", "command and container");
    if (is_request)
      for (const std::string_view key : {"environment", "working_dir", "stdin", "user"})
        refuse_key(key, "command, python, node and container");
    if (is_script) refuse_key("stdin", "command and container");
    if (is_request || type == JobType::container) refuse_key("sandbox", "command, python and node");
  }

  void refuse_key(std::string_view key, std::string_view owners) {
    if (document_.contains(key))
      found_.add_key(child("", key),
                     fmt::format("is for types {}; this job is of type {}", owners, type_));
  }

  void check_http(const HttpSpec& http) {
    if (!http.method.empty() && !std::ranges::all_of(http.method, is_upper))
      found_.add("/http/method", "must be a method in capitals, such as GET or POST");
    check_url(http);
    check_headers(http);
    if (http.body) check_body(*http.body);
    check_expect(http.expect);
    check_proxy(http.proxy, "/http/proxy", found_);
    if (http.tls) check_tls(*http.tls, "/http/tls", found_);
    if (http.max_response_bytes < 0 || http.max_response_bytes > kLargestResponse)
      found_.add("/http/max_response", "must be at most 64MiB, because it is held in memory");
  }

  void check_url(const HttpSpec& http) {
    if (http.url.size() > kLongestUrl)
      return found_.add("/http/url", "is longer than 8 KiB; put the content in the body");
    if (http.url.empty() && http.connection.empty())
      return found_.add("/http", "the key \"url\" is missing; give one, or a connection");
    const bool is_path = !http.connection.empty() &&
                         (http.url.empty() || http.url.starts_with('/') || http.url[0] == '?');
    if (!is_path && !is_web_url(http.url) && !http.url.starts_with("${{"))
      found_.add("/http/url", "must begin with http:// or https://, or, with a connection, with /");
  }

  void check_headers(const HttpSpec& http) {
    for (const auto& [name, header] : http.headers) {
      const std::string at = child("/http/headers", name);
      check_header_name(name, at, found_);
      check_header_text(header.value, at, found_);
    }
  }

  void check_body(const HttpBody& body) {
    const int given = (body.json ? 1 : 0) + (body.form ? 1 : 0) + (body.raw ? 1 : 0);
    if (given != 1)
      found_.add("/http/body",
                 "expected exactly one of json, form and raw, such as {json: {id: 1}}");
    check_header_text(body.media_type, "/http/body/media_type", found_);
  }

  void check_expect(const HttpExpect& expect) {
    for (std::size_t i = 0; i < expect.status.size(); ++i)
      if (!is_status(expect.status[i]))
        found_.add(fmt::format("/http/expect/status/{}", i),
                   "must be a status, such as \"204\", \"2xx\" or \"200-299\"");
    for (const auto& [name, value] : expect.headers)
      check_header_name(name, child("/http/expect/headers", name), found_);
    for (const auto& [path, value] : expect.json)
      if (const auto place = JsonPlace::parse(path); !place)
        found_.add_key(child("/http/expect/json", path), place.error().message);
  }

  void check_sql(const SqlSpec& sql) {
    if (sql.connection.empty())
      found_.add("/sql/connection", "must name a connection of type postgres, mysql or sqlite");
    if (sql.statement.empty() == sql.script.empty())
      found_.add("/sql", "expected exactly one of statement and script");
    if (sql.statement.size() > kStatementLimit || sql.script.size() > kStatementLimit)
      found_.add("/sql", "has more than 1 MiB of SQL");
    if (!sql.bind.empty() && sql.statement.empty())
      found_.add_key("/sql/bind", "is for a statement; a script has no places for values");
    if (sql.isolation && sql.transaction == SqlTransaction::none)
      found_.add_key("/sql/isolation", "is for a transaction, and transaction says none");
    if (sql.max_bytes > std::int64_t{1} << 20)
      found_.add("/sql/max_bytes", "must be at most 1MiB, which is the largest result of a run");
  }

  void check_script(const ScriptSpec& script, const std::string& at) {
    const int given = (script.file.empty() ? 0 : 1) + (script.module.empty() ? 0 : 1) +
                      (script.code.empty() ? 0 : 1);
    if (given != 1) found_.add(at, "expected exactly one of file, module and code");
    for (const auto& [key, path] :
         {std::pair{"file", &script.file}, {"lock_file", &script.lock_file}})
      if (!path->empty() && !path->starts_with('/'))
        found_.add(child(at, key), "must be a full path, such as /srv/jobs/report");
    if (script.code.size() > kCodeLimit)
      found_.add(child(at, "code"), "has more than 256 KiB; put it in a file");
    if (script.warm > 0 && spec_.resources.gpus > 0)
      found_.add_key(child(at, "warm"),
                     "is for jobs without gpus: a GPU is a run's, and a waiting process has none");
    if (!kVariableRule.accepts(script.function))
      found_.add(child(at, "function"), "must be the name of a function, such as run");
  }

  void check_container(const ContainerSpec& container) {
    if (container.image.empty() || (!is_template(container.image) &&
                                    container.image.find_first_of(" \t\r\n") != std::string::npos))
      found_.add("/container/image", "must be an image, such as docker.io/library/alpine:3.20");
    for (std::size_t i = 0; i < container.mounts.size(); ++i)
      check_mount(container.mounts[i], fmt::format("/container/mounts/{}", i));
    for (std::size_t i = 0; i < container.ports.size(); ++i)
      if (!is_published_port(container.ports[i]))
        found_.add(fmt::format("/container/ports/{}", i),
                   "must be such as \"8080:80\" or \"127.0.0.1:8080:80/tcp\"");
    for (const auto& [key, list] :
         {std::pair{"cap_add", &container.cap_add}, {"cap_drop", &container.cap_drop}})
      for (std::size_t i = 0; i < list->size(); ++i)
        if (!std::ranges::all_of((*list)[i], [](char c) { return is_upper(c) || c == '_'; }))
          found_.add(fmt::format("/container/{}/{}", key, i),
                     "must be a capability in capitals, such as NET_ADMIN, or ALL");
  }

  void check_mount(const MountSpec& mount, const std::string& at) {
    if (!mount.target.starts_with('/'))
      found_.add(at + "/target", "must be a full path in the container, such as /data");
    if (mount.type == MountType::tmpfs) {
      if (!mount.source.empty()) found_.add_key(at + "/source", "a tmpfs has none");
      return;
    }
    if (mount.size_bytes != 0) found_.add_key(at + "/size", "is for a tmpfs");
    if (mount.type == MountType::bind && !mount.source.starts_with('/'))
      found_.add(at + "/source", "must be a full path of the engine's machine, such as /srv/data");
    if (mount.type == MountType::volume && (mount.source.empty() || mount.source.contains('/')))
      found_.add(at + "/source", "must be a volume's name");
  }

  const JobSpec& spec_;
  const json::Object& document_;
  Mistakes& found_;
  const std::string_view type_;
};

class ConnectionRules {
 public:
  explicit ConnectionRules(const ConnectionSpec& spec) : spec_(spec) {}

  std::vector<Mistake> run() {
    check_owners();
    switch (spec_.type) {
      case ConnectionType::http:
        check_http();
        break;
      case ConnectionType::postgres:
      case ConnectionType::mysql:
        if (spec_.host.empty()) miss("host");
        if (spec_.database.empty()) miss("database");
        break;
      case ConnectionType::sqlite:
        if (!spec_.path.starts_with('/'))
          found_.add("/path", "must be a full path, such as /var/lib/app/app.db");
        break;
      case ConnectionType::docker:
        if (!spec_.url.starts_with("unix:///") && !spec_.url.starts_with("tcp://"))
          found_.add("/url", "must begin with unix:// and a full path, or with tcp://");
        break;
      case ConnectionType::registry:
        if (spec_.url.empty()) miss("url");
        break;
    }
    if (spec_.password.is_given()) check_secret(spec_.password, "/password", found_);
    if (spec_.tls) check_tls(*spec_.tls, "/tls", found_);
    return found_.take();
  }

 private:
  using Type = ConnectionType;

  void miss(std::string_view key) {
    found_.add("", fmt::format("the key \"{}\" is missing; a connection of type {} needs it", key,
                               json::to_text(spec_.type)));
  }

  // Keys that say nothing about a connection of this type.
  void check_owners() {
    const bool is_database = is_one_of({Type::postgres, Type::mysql});
    own("url", !spec_.url.empty(), is_one_of({Type::http, Type::docker, Type::registry}));
    own("host", !spec_.host.empty(), is_database);
    own("port", spec_.port.has_value(), is_database);
    own("database", !spec_.database.empty(), is_database);
    own("path", !spec_.path.empty(), spec_.type == Type::sqlite);
    own("user", !spec_.user.empty(), is_database || spec_.type == Type::registry);
    own("password", spec_.password.is_given(), is_database || spec_.type == Type::registry);
    own("auth", spec_.auth != HttpAuth{}, spec_.type == Type::http);
    own("headers", !spec_.headers.empty(), spec_.type == Type::http);
    own("proxy", !spec_.proxy.empty(), spec_.type == Type::http);
    own("tls", spec_.tls.has_value(), spec_.type != Type::sqlite);
    own("options", !spec_.options.empty(), spec_.type == Type::postgres);
  }

  bool is_one_of(std::initializer_list<Type> types) const {
    return std::ranges::count(types, spec_.type) > 0;
  }

  void own(std::string_view key, bool is_given, bool is_owned) {
    if (is_given && !is_owned)
      found_.add_key(child("", key), fmt::format("says nothing about a connection of type {}",
                                                 json::to_text(spec_.type)));
  }

  void check_http() {
    if (!is_web_url(spec_.url)) found_.add("/url", "must begin with http:// or https://");
    for (const auto& [name, value] : spec_.headers) {
      check_header_name(name, child("/headers", name), found_);
      check_header_text(value, child("/headers", name), found_);
    }
    check_proxy(spec_.proxy, "/proxy", found_);
    const HttpAuth& auth = spec_.auth;
    if ((auth.basic ? 1 : 0) + (auth.bearer ? 1 : 0) + (auth.oauth2 ? 1 : 0) > 1)
      found_.add("/auth", "expected at most one of basic, bearer and oauth2");
    if (auth.basic) check_secret(auth.basic->password, "/auth/basic/password", found_);
    if (auth.bearer) check_secret(*auth.bearer, "/auth/bearer", found_);
    if (!auth.oauth2) return;
    check_secret(auth.oauth2->client_secret, "/auth/oauth2/client_secret", found_);
    if (!is_web_url(auth.oauth2->token_url))
      found_.add("/auth/oauth2/token_url", "must begin with https:// or http://");
  }

  const ConnectionSpec& spec_;
  Mistakes found_;
};

}  // namespace

void check_work(const JobSpec& spec, const json::Object& document, Mistakes& found) {
  WorkRules(spec, document, found).run();
}

std::vector<Mistake> find_mistakes(const ConnectionSpec& spec) {
  return ConnectionRules(spec).run();
}

// Its answers say whether another try may help, so that a repeat of what cannot succeed needs to be
// asked for.
void give_type_defaults(JobSpec& spec) {
  const bool is_request = spec.type == JobType::http || spec.type == JobType::sql;
  const bool is_open = spec.retry.only.exit_codes.empty() && spec.retry.only.outcomes.empty();
  if (is_request && is_open && spec.retry.max_attempts > 1)
    spec.retry.only.outcomes = {OutcomeStatus::retryable, OutcomeStatus::lost,
                                OutcomeStatus::timed_out};
}

std::vector<std::string> connection_names(const JobSpec& spec) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (!name.empty()) names.push_back(name);
  };
  if (spec.http) add(spec.http->connection);
  if (spec.sql) add(spec.sql->connection);
  if (spec.container) add(spec.container->engine);
  if (spec.container) add(spec.container->registry);
  return names;
}

}  // namespace mainspring::model
