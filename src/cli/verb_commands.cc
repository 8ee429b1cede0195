// Plain verbs: one request from the table, one print.
#include <charconv>

#include <fmt/core.h>

#include "cli/commands.h"
#include "json/document.h"
#include "json/write.h"

namespace mainspring::cli {
namespace {

constexpr int kMostPages = 10'000;  // of --all: five million items

std::string fill_path(const VerbCall& call) {
  std::string path;
  std::string_view rest = call.verb->path;
  for (const std::string& argument : call.arguments) {
    const std::size_t open = rest.find('{');
    path += rest.substr(0, open);
    path += encode_segment(argument);
    rest.remove_prefix(rest.find('}') + 1);
  }
  return path + std::string{rest};
}

std::string parameter_name(const Flag& flag) {
  std::string name{flag.name.substr(2)};
  for (char& c : name) {
    if (c == '-') c = '_';
  }
  return name;
}

// "a=b,c=d"; what has no '=' has an empty value.
json::Value pairs_value(std::string_view text) {
  json::Object out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view pair = text.substr(0, end);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    out[pair.substr(0, equals)] = pair.substr(std::min(equals + 1, pair.size()));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// Numbers and documents as they are; a document that cannot be read is the server's to refuse.
json::Value body_value(const Flag& flag, const std::string& text) {
  if (flag.kind == FlagKind::number) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size()) return json::Value(number);
  }
  if (flag.kind == FlagKind::pairs) return pairs_value(text);
  if (flag.kind == FlagKind::document) {
    auto documents = json::parse_yaml(text);
    if (documents && documents->size() == 1) return std::move(documents->front().value);
  }
  return json::Value(text);
}

ApiRequest make_request(const VerbCall& call) {
  ApiRequest request{.method = std::string{call.verb->method}, .path = fill_path(call)};
  for (const auto& [flag, value] : call.query) {
    request.query.emplace_back(parameter_name(*flag), value);
  }
  json::Object body;
  for (const auto& [flag, value] : call.body)
    body[parameter_name(*flag)] = body_value(*flag, value);
  if (!call.verb->body.empty()) request.body = json::write(body);
  return request;
}

// The items of every page as one list.
base::Result<json::Value> call_all(Session& session, ApiRequest request) {
  json::Array items;
  request.query.emplace_back("limit", "500");
  for (int page = 0; page < kMostPages; ++page) {
    auto reply = session.call(request);
    if (!reply) return reply;
    json::Object& object = reply->as_object();
    for (json::Value& item : object["items"].as_array())
      items.push_back(std::move(item));
    const auto* next = object.if_contains("next_cursor");
    if (next == nullptr || object["items"].as_array().empty()) break;
    std::erase_if(request.query, [](const auto& pair) { return pair.first == "cursor"; });
    request.query.emplace_back("cursor", std::string{next->as_string()});
  }
  json::Object whole;
  whole["items"] = std::move(items);
  return whole;
}

}  // namespace

int run_verb(Session& session, const VerbCall& call) {
  const ApiRequest request = make_request(call);
  const auto reply = call.all_pages ? call_all(session, request) : session.call(request);
  if (!reply) return session.out().fail(reply.error());
  if (!call.verb->done.empty()) {
    session.out().note(call.verb->done);
    return 0;
  }
  session.out().print(*reply, call.verb->view);
  const bool more = reply->is_object() && reply->as_object().contains("next_cursor");
  if (more && call.verb->is_paged && session.out().is_for_people()) {
    session.out().note("There are more; --all shows everything.");
  }
  return 0;
}

}  // namespace mainspring::cli
