// A route: everything that is true of one operation of the API. The rows of routes_*.cc are the
// only table of them; dispatching, permissions, the OpenAPI document and the CLI's coverage test
// all read it.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http/message.h"
#include "json/codec.h"

namespace mainspring::api {

class Call;

// What a credential may do; each up to administer includes the ones before it. `open` needs no
// credential. `work` is the worker protocol, and all that a remote worker's credential may do.
enum class Permission { open, view, operate, administer, work };
std::string_view to_text(Permission permission);

struct QueryParameter {
  std::string_view name;
  std::string_view type;  // "string", "integer", "boolean", "date", "date-time"
  std::string_view doc;
};

struct Body {
  json::Value (*schema)(json::Definitions&) = nullptr;  // nullptr: there is none
  std::string_view media_type = "application/json";
};

struct Route {
  http::Method method = http::Method::get;
  std::string_view path;       // "/api/v1/jobs/{job}"
  std::string_view operation;  // "get_job"
  std::string_view tag;        // "jobs"
  std::string_view summary;
  Permission permission = Permission::view;
  std::vector<QueryParameter> query;
  bool any_query = false;  // parameters are not for the node: a page of the UI reads them
  Body request;
  Body reply;
  int status = 200;
  std::vector<base::Code> errors;  // beyond those that every route may answer with
  void (*handler)(const std::shared_ptr<Call>&) = nullptr;
};

// The table, in the order of the documentation.
std::span<const Route> routes();

// The row of an operation that exists.
const Route& get_route(std::string_view operation);

// For the `schema` columns: schema_of<model::Run>.
template <class T>
json::Value schema_of(json::Definitions& definitions) {
  return json::schema<T>(definitions);
}

}  // namespace mainspring::api
