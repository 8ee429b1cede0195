#include "model/connection.h"
#include "model/names.h"

namespace mainspring::model {

using json::field;

const json::EnumTable& described(ConnectionType) {
  static const auto table = json::enumeration<ConnectionType>(
      "ConnectionType", "What a connection leads to.",
      {{ConnectionType::http, "http", "A web service: its address, credentials and TLS."},
       {ConnectionType::postgres, "postgres", "A PostgreSQL database, or one that speaks alike."},
       {ConnectionType::mysql, "mysql", "A MySQL or MariaDB database."},
       {ConnectionType::sqlite, "sqlite", "A SQLite file on the worker's machine."},
       {ConnectionType::docker, "docker", "A container engine that has the Docker Engine API."},
       {ConnectionType::registry, "registry", "A registry of container images."}});
  return table;
}

const json::EnumTable& described(TlsVerify) {
  static const auto table = json::enumeration<TlsVerify>(
      "TlsVerify", "How far the other side must prove who it is.",
      {{TlsVerify::full, "full", "A certificate that is trusted, for this host."},
       {TlsVerify::ca, "ca", "A certificate that is trusted, for any host."},
       {TlsVerify::none, "none", "Any certificate: encrypted, but perhaps to the wrong one."}});
  return table;
}

const json::StructTable& SecretRef::described() {
  static const auto table = json::describe<SecretRef>(
      "SecretRef", "Where a secret value lies; exactly one of the two.",
      field<&SecretRef::secret>("secret", "Its name in the worker's secret store."),
      field<&SecretRef::file>("file", "A file of the worker's machine that holds it."));
  return table;
}

const json::StructTable& TlsSpec::described() {
  static const auto table = json::describe<TlsSpec>(
      "Tls", "How a connection is encrypted. Files are PEM, on the worker's machine.",
      field<&TlsSpec::verify>("verify", "How far the other side must prove who it is."),
      field<&TlsSpec::ca>("ca", "Certificates to trust; left out: those of the system.")
          .example("\"/etc/ssl/private-ca.pem\""),
      field<&TlsSpec::certificate>("certificate", "Our own, where the server asks for one."),
      field<&TlsSpec::key>("key", "The private key of `certificate`."),
      field<&TlsSpec::server_name>("server_name",
                                   "The name that the certificate must be for; "
                                   "left out: the host."));
  return table;
}

const json::StructTable& BasicAuth::described() {
  static const auto table = json::describe<BasicAuth>(
      "BasicAuth", "A user and a password (RFC 7617).",
      field<&BasicAuth::user>("user", "Who.").required(),
      field<&BasicAuth::password>("password", "Where the password lies.").required());
  return table;
}

const json::StructTable& OAuth2Spec::described() {
  static const auto table = json::describe<OAuth2Spec>(
      "OAuth2", "An access token got by client credentials (RFC 6749, section 4.4).",
      field<&OAuth2Spec::token_url>("token_url", "Where tokens are given out.").required(),
      field<&OAuth2Spec::client_id>("client_id", "Who asks.").required(),
      field<&OAuth2Spec::client_secret>("client_secret", "Where its secret lies.").required(),
      field<&OAuth2Spec::scopes>("scopes", "What the token is to be good for.").max_items(100),
      field<&OAuth2Spec::audience>("audience", "For whom, where the server wants to know."));
  return table;
}

const json::StructTable& HttpAuth::described() {
  static const auto table = json::describe<HttpAuth>(
      "HttpAuth", "How a request proves who sends it; at most one of the three.",
      field<&HttpAuth::basic>("basic", "A user and a password."),
      field<&HttpAuth::bearer>("bearer", "A token that does not change (RFC 6750)."),
      field<&HttpAuth::oauth2>("oauth2", "A token got from an authorization server."));
  return table;
}

const json::StructTable& ConnectionSpec::described() {
  static const auto table = json::describe<ConnectionSpec>(
      "ConnectionSpec", "How to reach something outside; named by the jobs that use it.",
      field<&ConnectionSpec::name>("name", "Its name, unique within the tenant.")
          .required()
          .matches(kNameRule.accepts, kNameRule.pattern, kNameRule.sentence)
          .example("\"warehouse\""),
      field<&ConnectionSpec::description>("description", "What it is for, for people.")
          .max_length(4096),
      field<&ConnectionSpec::type>("type", "What it leads to.").required(),
      field<&ConnectionSpec::url>("url", "For http, docker and registry: the address.")
          .example("\"https://api.example.org/v2\""),
      field<&ConnectionSpec::host>("host",
                                   "For postgres and mysql: a name or address, or the full path of "
                                   "a unix socket (postgres: of its directory).")
          .example("\"db.internal\""),
      field<&ConnectionSpec::port>("port", "For postgres and mysql; left out: the usual one.")
          .min(1)
          .max(65535),
      field<&ConnectionSpec::database>("database", "For postgres and mysql."),
      field<&ConnectionSpec::path>("path", "For sqlite: a file of the worker's machine.")
          .example("\"/var/lib/app/app.db\""),
      field<&ConnectionSpec::user>("user", "For postgres, mysql and registry."),
      field<&ConnectionSpec::password>("password",
                                       "Where the password lies, for postgres, mysql "
                                       "and registry.")
          .example(R"({"secret": "warehouse"})"),
      field<&ConnectionSpec::auth>("auth", "For http: how requests prove who sends them.")
          .example(R"({"bearer": {"secret": "api-token"}})"),
      field<&ConnectionSpec::headers>("headers", "For http: headers of every request; no secrets.")
          .max_items(100),
      field<&ConnectionSpec::proxy>("proxy", "For http: the proxy to go through."),
      field<&ConnectionSpec::tls>("tls", "How it is encrypted, for all types but sqlite."),
      field<&ConnectionSpec::options>("options", "For postgres: further settings of libpq.")
          .example(R"({"application_name": "nightly"})")
          .max_items(50));
  return table;
}

}  // namespace mainspring::model
