// The OpenAPI 3.1 document, made from the route table and the described structs it names.
#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "api/api.h"
#include "api/route.h"
#include "api/route_table.h"
#include "base/check.h"
#include "base/error.h"
#include "protocol/version.h"

namespace mainspring::api {
namespace {

json::Object problem_schema() {
  return {{"type", "object"},
          {"description", "RFC 9457 problem details."},
          {"properties",
           {{"type", {{"type", "string"}}},
            {"title", {{"type", "string"}}},
            {"status", {{"type", "integer"}}},
            {"code", {{"type", "string"}, {"description", "One of the error codes."}}},
            {"detail", {{"type", "string"}, {"description", "What, which, what to do."}}},
            {"request_id", {{"type", "string"}}},
            {"errors",
             {{"type", "array"},
              {"items",
               {{"type", "object"},
                {"properties",
                 {{"pointer", {{"type", "string"}, {"description", "RFC 6901."}}},
                  {"line", {{"type", "integer"}}},
                  {"column", {{"type", "integer"}}},
                  {"message", {{"type", "string"}}},
                  {"suggestion", {{"type", "string"}}}}}}}}}}},
          {"required", {"type", "title", "status", "code", "detail"}}};
}

json::Object query_schema(std::string_view type) {
  if (type == "date") return {{"type", "string"}, {"format", "date"}};
  if (type == "date-time") return {{"type", "string"}, {"format", "date-time"}};
  return {{"type", type}};
}

std::string_view describe_path_parameter(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> kRows[] = {
      {"asset", "The name of the file."},       {"calendar", "The calendar's name."},
      {"connection", "The connection's name."}, {"job", "The job's name or id."},
      {"join_token", "The join token's id."},   {"line", "The number of the line."},
      {"node", "The node's name or id."},       {"operation", "The operation's id."},
      {"queue", "The queue's name."},           {"run", "The run's id."},
      {"token", "The token's name."},           {"version", "The number of the version."},
      {"worker", "The worker's name or id."},
  };
  const auto* row =
      std::ranges::find(kRows, name, &std::pair<std::string_view, std::string_view>::first);
  CHECK(row != std::end(kRows));  // a route with a new parameter says here what it is
  return row->second;
}

json::Array parameters(const Route& route) {
  json::Array out;
  std::string_view rest = route.path;
  while (true) {
    const std::size_t open = rest.find('{');
    if (open == std::string_view::npos) break;
    const std::size_t close = rest.find('}', open);
    const std::string_view name = rest.substr(open + 1, close - open - 1);
    out.push_back({{"name", name},
                   {"in", "path"},
                   {"required", true},
                   {"description", describe_path_parameter(name)},
                   {"schema", {{"type", "string"}}}});
    rest.remove_prefix(close);
  }
  for (const QueryParameter& query : route.query) {
    out.push_back({{"name", query.name},
                   {"in", "query"},
                   {"description", query.doc},
                   {"schema", query_schema(query.type)}});
  }
  const bool is_protocol = route.tag == kWorkerProtocolTag;
  if (is_protocol) {
    out.push_back({{"name", protocol::kVersionHeader},
                   {"in", "header"},
                   {"required", true},
                   {"description", "The version of the worker protocol that the request is in."},
                   {"schema", {{"type", "integer"}}}});
  }
  const bool stores =
      route.method == http::Method::post && route.request.schema != nullptr && !is_protocol;
  if (stores) {
    out.push_back({{"name", "Idempotency-Key"},
                   {"in", "header"},
                   {"description", "The same key and body get the same answer for 24 hours."},
                   {"schema", {{"type", "string"}, {"maxLength", store::kIdempotencyKeyLimit}}}});
  }
  return out;
}

json::Object content(const Body& body, json::Definitions& definitions) {
  json::Value schema = body.schema ? body.schema(definitions) : json::Value{{"type", "string"}};
  return {{body.media_type, {{"schema", std::move(schema)}}}};
}

json::Object responses(const Route& route, json::Definitions& definitions) {
  json::Object out;
  json::Object success{{"description", route.summary}};
  const bool has_body = route.reply.schema != nullptr ||
                        route.reply.media_type != std::string_view{"application/json"} ||
                        route.operation == "get_openapi";
  if (has_body) success["content"] = content(route.reply, definitions);
  out[std::to_string(route.status)] = std::move(success);
  std::vector<base::Code> codes = route.errors;
  if (route.permission != Permission::open) {
    codes.insert(codes.end(),
                 {base::Code::invalid_argument, base::Code::unauthenticated,
                  base::Code::permission_denied, base::Code::overloaded, base::Code::unavailable});
  }
  std::map<int, std::set<std::string_view>> by_status;
  for (const base::Code code : codes) {
    by_status[base::code_row(code).http_status].insert(base::code_row(code).name);
  }
  for (const auto& [status, names] : by_status) {
    std::string text = "Code";
    for (const std::string_view name : names)
      text += fmt::format(" `{}`", name);
    out[std::to_string(status)] = json::Object{
        {"description", text + "."},
        {"content",
         {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
  }
  return out;
}

std::string lower_method(http::Method method) {
  std::string name{http::to_text(method)};
  for (char& c : name)
    c = static_cast<char>(c - 'A' + 'a');
  return name;
}

json::Object operation(const Route& route, json::Definitions& definitions) {
  json::Array tags;
  tags.emplace_back(route.tag);
  json::Object out{{"operationId", route.operation},
                   {"tags", std::move(tags)},
                   {"summary", route.summary},
                   {"x-permission", to_text(route.permission)}};
  if (auto list = parameters(route); !list.empty()) out["parameters"] = std::move(list);
  if (route.request.schema != nullptr) {
    out["requestBody"] = json::Object{{"content", content(route.request, definitions)}};
  }
  if (route.permission == Permission::open) out["security"] = json::Array{};
  out["responses"] = responses(route, definitions);
  return out;
}

}  // namespace

std::string openapi_document() {
  json::Definitions definitions;
  json::Object paths;
  for (const Route& route : routes()) {
    json::Value& path = paths[route.path];
    if (path.is_null()) path.emplace_object();
    path.as_object()[lower_method(route.method)] = operation(route, definitions);
  }
  json::Object schemas = definitions.all();
  schemas["Problem"] = problem_schema();
  const json::Object document{
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Mainspring"},
        {"version", "1"},
        {"description", "Jobs, schedules, runs and their outcomes. Generated; do not edit."},
        {"license", {{"name", "MIT"}}}}},
      {"security", json::Array{json::Object{{"token", json::Array{}}},
                               json::Object{{"session", json::Array{}}}}},
      {"paths", std::move(paths)},
      {"components",
       {{"securitySchemes",
         {{"token", {{"type", "http"}, {"scheme", "bearer"}}},
          {"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "mainspring_session"}}}}},
        {"schemas", std::move(schemas)}}}};
  return json::write_pretty(document);
}

}  // namespace mainspring::api
