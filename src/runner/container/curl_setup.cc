#include "runner/container/curl_setup.h"

#include <curl/curl.h>

#include <cerrno>
#include <system_error>

#include <fmt/core.h>

#include "runner/connection/curl_tls.h"
#include "runner/container/engine.h"

namespace mainspring::runner {
namespace {

std::string port_of(const std::string& host_port) {
  const std::size_t colon = host_port.rfind(':');
  return colon == std::string::npos ? "" : host_port.substr(colon);
}

// The name in the certificate may be another than the one that leads there: then the URL has the
// name, and the connection goes where the endpoint says.
std::shared_ptr<void> aim_by_name(CURL* easy, const Endpoint& endpoint, std::string& begin) {
  const std::string place = endpoint.host_port();
  curl_slist* detour = curl_slist_append(nullptr, fmt::format("::{}", place).c_str());
  curl_easy_setopt(easy, CURLOPT_CONNECT_TO, detour);
  begin = fmt::format("https://{}{}", endpoint.tls->server_name, port_of(place));
  return {detour, [](void* list) { curl_slist_free_all(static_cast<curl_slist*>(list)); }};
}

std::shared_ptr<void> aim_tcp(CURL* easy, const Endpoint& endpoint, std::string& begin) {
  begin = (endpoint.has_tls() ? "https://" : "http://") + endpoint.host_port();
  if (!endpoint.has_tls()) return nullptr;
  const model::TlsSpec tls = endpoint.tls.value_or(model::TlsSpec{});
  set_trust(easy, tls);
  set_certificate(easy, tls);
  if (!endpoint.tls || endpoint.tls->server_name.empty()) return nullptr;
  return aim_by_name(easy, endpoint, begin);
}

base::Error unavailable(std::string message) {
  return {base::Code::unavailable, std::move(message), {}};
}

base::Error explain_socket(long reason, const std::string& path) {
  switch (reason) {
    case ENOENT:
    case ENOTDIR:
      return unavailable(
          fmt::format("there is no container engine at {}: no such socket; install and start one "
                      "(docker.io, podman), or name another in container.engine",
                      path));
    case EACCES:
    case EPERM:
      return unavailable(
          fmt::format("this node's user may not use the container engine's socket {}; add it to "
                      "the socket's group (docker) and restart the node, mind that this group is "
                      "as good as root",
                      path));
    case ECONNREFUSED:
      return unavailable(
          fmt::format("no container engine listens at {}; start it (systemctl start "
                      "docker)",
                      path));
    default:
      return unavailable(fmt::format("cannot reach the container engine at {}: {}", path,
                                     std::generic_category().message(static_cast<int>(reason))));
  }
}

}  // namespace

std::shared_ptr<void> aim(void* easy, const Endpoint& endpoint, const std::string& path) {
  std::string begin = "http://engine";
  std::shared_ptr<void> kept;
  if (endpoint.is_local()) {
    curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, endpoint.socket().c_str());
  } else {
    kept = aim_tcp(easy, endpoint, begin);
  }
  curl_easy_setopt(easy, CURLOPT_URL, (begin + path).c_str());
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  const auto limit = std::chrono::milliseconds{kConnectLimit}.count();
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limit));
  return kept;
}

base::Error explain_failure(void* easy, int code, const Endpoint& endpoint,
                            std::string_view detail) {
  long reason = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &reason);
  if (code == CURLE_COULDNT_CONNECT && endpoint.is_local() && reason != 0)
    return explain_socket(reason, endpoint.socket());
  const std::string_view why =
      detail.empty() ? curl_easy_strerror(static_cast<CURLcode>(code)) : detail;
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CONNECT_ERROR:
      return unavailable(
          fmt::format("no TLS connection to the container engine at {}: {}; look at "
                      "`tls` of its connection",
                      endpoint.url, why));
    case CURLE_OPERATION_TIMEDOUT:
      return unavailable(
          fmt::format("the container engine at {} did not answer in time: {}", endpoint.url, why));
    default:
      return unavailable(
          fmt::format("cannot reach the container engine at {}: {}", endpoint.url, why));
  }
}

}  // namespace mainspring::runner
