#include "runner/connection/curl_tls.h"

#include <curl/curl.h>

namespace mainspring::runner {

using model::TlsVerify;

void set_trust(void* easy, const model::TlsSpec& tls) {
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, tls.verify == TlsVerify::none ? 0L : 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, tls.verify == TlsVerify::full ? 2L : 0L);
  if (tls.ca.empty()) return;
  curl_easy_setopt(easy, CURLOPT_CAINFO, tls.ca.c_str());
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
}

void set_certificate(void* easy, const model::TlsSpec& tls) {
  if (tls.certificate.empty()) return;
  curl_easy_setopt(easy, CURLOPT_SSLCERT, tls.certificate.c_str());
  curl_easy_setopt(easy, CURLOPT_SSLKEY, tls.key.c_str());
}

}  // namespace mainspring::runner
