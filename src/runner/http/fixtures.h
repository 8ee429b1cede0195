// For the tests of this directory: an order of a job of type http, to be changed by the test.
#pragma once

#include <memory>

#include "base/id.h"
#include "execution/runner.h"
#include "runner/http/answer.h"

namespace mainspring::runner::http {

struct OrderFixture {
  std::shared_ptr<model::JobSpec> spec = std::make_shared<model::JobSpec>();
  execution::Order order;
  model::HttpSpec& http;

  OrderFixture() : http(spec->http.emplace()) {
    spec->name = "nightly";
    spec->type = model::JobType::http;
    order.run_id = base::RunId::make(base::from_millis(1'000), {});
    order.tenant = "default";
    order.attempt = 2;
    order.epoch = 5;
    order.spec = spec;
    http.url = "https://api.example.org/v1/jobs";
  }

  // A connection "api" at `url`, which the job uses.
  model::ConnectionSpec& connect(std::string url) {
    http.connection = "api";
    model::ConnectionSpec& connection = order.connections.emplace_back();
    connection.name = "api";
    connection.url = std::move(url);
    return connection;
  }
};

inline Request request_to(const std::string& url) {
  return {.method = "GET", .url = *parse_url(url)};
}

inline Answer answer_of(int status, std::vector<Header> headers, std::string body) {
  Answer answer;
  answer.status = status;
  answer.headers = std::move(headers);
  answer.body = std::move(body);
  return answer;
}

inline std::string value_of(const Request& request, std::string_view name) {
  const Header* header = find_header(request.headers, name);
  return header == nullptr ? "(none)" : header->value;
}

}  // namespace mainspring::runner::http
