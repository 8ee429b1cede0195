// HttpRunner: jobs of type `http`. One request and what its redirects lead to; http/request.h says
// what is sent, http/answer.h and http/failure.h what becomes of it.
//
// The log has a line of ours for each request and each answer, on the `system` stream. Secrets are
// masked there and in the error; the body, which is the result, stays as it is, as with programs.
//
// A stop ends the request at once: HTTP knows no polite end, so `timeout.grace` says nothing here.
//
// Threads: run() from many slots at once; it blocks its slot until the connection is closed.
// Errors: all in the Outcome. Throws only when libcurl cannot start.
#pragma once

#include "execution/runner.h"
#include "execution/secrets.h"
#include "runner/http/oauth2.h"

namespace mainspring::runner {

struct HttpSettings {
  execution::Secrets* secrets = nullptr;  // borrowed; null: a job that names a secret fails
};

class HttpRunner final : public execution::Runner {
 public:
  explicit HttpRunner(HttpSettings settings) : settings_(settings) {}

  model::Outcome run(const execution::Order& order, const execution::StopSignal& stop,
                     execution::Report& report) override;

 private:
  const HttpSettings settings_;
  http::Tokens tokens_;
};

}  // namespace mainspring::runner
