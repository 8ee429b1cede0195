// ConnectionSpec: how to reach something outside, a database, a web service, a container engine, an
// image registry; defined once, named by the jobs that use it.
//
// A connection never holds a password: it says where the worker finds one. Names are unique within
// a tenant. Documented in docs/reference/connections.md.
//
// Values: immutable once stored.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "json/describe.h"
#include "model/secret_ref.h"

namespace mainspring::model {

enum class ConnectionType { http, postgres, mysql, sqlite, docker, registry };
const json::EnumTable& described(ConnectionType);

// How far the other side of a TLS connection must prove who it is.
enum class TlsVerify {
  full,  // a certificate that we trust, for this host
  ca,    // a certificate that we trust, for any host
  none,  // any certificate: encrypted, but perhaps to the wrong one
};
const json::EnumTable& described(TlsVerify);

// Paths are on the worker's machine; files are PEM.
struct TlsSpec {
  TlsVerify verify = TlsVerify::full;
  std::string ca;           // "": those that the system trusts
  std::string certificate;  // our own, for a server that asks; with `key`
  std::string key;
  std::string server_name;  // "": the host

  static const json::StructTable& described();
  friend bool operator==(const TlsSpec&, const TlsSpec&) = default;
};

struct BasicAuth {
  std::string user;
  SecretRef password;

  static const json::StructTable& described();
  friend bool operator==(const BasicAuth&, const BasicAuth&) = default;
};

// The client credentials grant (RFC 6749, 4.4). Tokens are kept until shortly before their end.
struct OAuth2Spec {
  std::string token_url;
  std::string client_id;
  SecretRef client_secret;
  std::vector<std::string> scopes;
  std::string audience;

  static const json::StructTable& described();
  friend bool operator==(const OAuth2Spec&, const OAuth2Spec&) = default;
};

// At most one of the three.
struct HttpAuth {
  std::optional<BasicAuth> basic;
  std::optional<SecretRef> bearer;
  std::optional<OAuth2Spec> oauth2;

  static const json::StructTable& described();
  friend bool operator==(const HttpAuth&, const HttpAuth&) = default;
};

struct ConnectionSpec {
  std::string name;
  std::string description;
  ConnectionType type = ConnectionType::http;
  std::string url;                             // http, docker, registry
  std::string host;                            // postgres, mysql; a path: a unix socket
  std::optional<int> port;                     // postgres, mysql
  std::string database;                        // postgres, mysql
  std::string path;                            // sqlite: a file of the worker's machine
  std::string user;                            // postgres, mysql, registry
  SecretRef password;                          // postgres, mysql, registry
  HttpAuth auth;                               // http
  std::map<std::string, std::string> headers;  // http: with every request; no secrets
  std::string proxy;                           // http
  std::optional<TlsSpec> tls;                  // all but sqlite; absent: what the type does
  std::map<std::string, std::string> options;  // postgres: of libpq, such as application_name

  static const json::StructTable& described();
  friend bool operator==(const ConnectionSpec&, const ConnectionSpec&) = default;
};

}  // namespace mainspring::model
