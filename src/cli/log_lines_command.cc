// jobctl logs RUN --last N, --line N, --attempts, and --grep TEXT.
#include <fmt/core.h>

#include "cli/client.h"
#include "cli/commands.h"

namespace mainspring::cli {
namespace {

std::string log_path(const LogOptions& options, std::string_view part) {
  return fmt::format("/api/v1/runs/{}/log/{}", encode_segment(options.run), part);
}

void add(ApiRequest& request, std::string_view name, std::string value) {
  request.query.emplace_back(name, std::move(value));
}

ApiRequest make_request(const LogOptions& options, std::string_view part) {
  ApiRequest request{.path = log_path(options, part)};
  if (options.attempt) add(request, "attempt", std::to_string(*options.attempt));
  return request;
}

ApiRequest make_search(const LogOptions& options) {
  ApiRequest request = make_request(options, "search");
  request.query = filter_query(options);
  add(request, "limit", options.count ? "0" : "500");
  return request;
}

std::int64_t number_at(const json::Value& value, std::string_view key) {
  return value.at(key).to_number<std::int64_t>();
}

// Numbered lines as grep -n prints them: "7:text", "6-text" for one near a match, "--" between
// stretches; the attempt before the number where it is not the first.
class LinePrinter {
 public:
  LinePrinter(Session& session, const LogOptions& options) : session_(session), options_(options) {}

  void print(const json::Value& line) {
    const std::int64_t attempt = number_at(line, "attempt");
    const std::int64_t number = number_at(line, "line");
    const bool follows = attempt == attempt_ && number == number_ + 1;
    if (options_.context > 0 && number_ > 0 && !follows) session_.out().line("--");
    attempt_ = attempt;
    number_ = number;
    std::string text;
    if (!options_.search.empty()) {
      const json::Value* match = line.as_object().if_contains("match");
      const bool is_near = match != nullptr && match->is_bool() && !match->as_bool();
      if (attempt > 1) text += fmt::format("{}.", attempt);
      text += fmt::format("{}{} ", number, is_near ? "-" : ":");
    }
    if (options_.timestamps) text += text_at(line, "at") + " ";
    text += std::string_view(line.at("text").as_string());
    if (const auto* length = line.as_object().if_contains("length"))
      text += fmt::format(" [... {} bytes; --line {} shows them]",
                          length->to_number<std::int64_t>(), number);
    session_.out().line(text);
  }

 private:
  Session& session_;
  const LogOptions& options_;
  std::int64_t attempt_ = 0;
  std::int64_t number_ = 0;
};

bool is_for_programs(Format format) {
  return format == Format::json || format == Format::jsonl || format == Format::yaml;
}

// All pages of a question that has pages, one of one that has not.
int print_pages(Session& session, ApiRequest request, const LogOptions& options) {
  const auto client = session.client();
  if (!client) return session.out().fail(client.error());
  LinePrinter printer(session, options);
  const bool as_documents = is_for_programs(session.out().format());
  json::Array all;
  std::int64_t matches = 0;
  while (true) {
    const auto reply = (*client)->call(request);
    if (!reply) return session.out().fail(reply.error());
    if (options.count) matches += number_at(*reply, "matches");
    for (const json::Value& line : reply->at("items").as_array()) {
      if (as_documents)
        all.push_back(line);
      else
        printer.print(line);
    }
    const json::Value* next = reply->as_object().if_contains("next_cursor");
    if (next == nullptr || next->is_null()) break;
    std::erase_if(request.query, [](const auto& each) { return each.first == "cursor"; });
    add(request, "cursor", std::string(next->as_string()));
  }
  if (as_documents && options.count)
    session.out().print(json::Object{{"matches", matches}}, {});
  else if (as_documents)
    session.out().print(json::Object{{"items", std::move(all)}}, {});
  else if (options.count)
    session.out().line(std::to_string(matches));
  return 0;
}

// One line, part by part.
int print_line(Session& session, const LogOptions& options) {
  ApiRequest request = make_request(options, fmt::format("lines/{}", *options.line));
  json::Value whole;
  std::string text;
  while (true) {
    const auto part = session.call(request);
    if (!part) return session.out().fail(part.error());
    text += std::string_view(part->at("text").as_string());
    whole = *part;
    const json::Value* next = part->as_object().if_contains("next_offset");
    if (next == nullptr || next->is_null()) break;
    std::erase_if(request.query, [](const auto& each) { return each.first == "offset"; });
    add(request, "offset", std::to_string(next->to_number<std::int64_t>()));
  }
  if (!is_for_programs(session.out().format())) {
    session.out().line(text);
    return 0;
  }
  whole.as_object()["offset"] = 0;
  whole.as_object()["text"] = text;
  session.out().print(whole, {});
  return 0;
}

int print_attempts(Session& session, const LogOptions& options) {
  const auto reply = session.call(make_request({.run = options.run}, "attempts"));
  if (!reply) return session.out().fail(reply.error());
  static const View view{{{"ATTEMPT", "attempt"},
                          {"LINES", "lines"},
                          {"FIRST", "first_at"},
                          {"LAST", "last_at"}}};
  session.out().print(*reply, view);
  return 0;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> filter_query(const LogOptions& options) {
  std::vector<std::pair<std::string, std::string>> query;
  if (options.attempt) query.emplace_back("attempt", std::to_string(*options.attempt));
  if (!options.search.empty()) query.emplace_back("q", options.search);
  if (options.regex) query.emplace_back("regex", "true");
  if (options.ignore_case) query.emplace_back("ignore_case", "true");
  if (!options.stream.empty()) query.emplace_back("stream", options.stream);
  if (options.context > 0) query.emplace_back("context", std::to_string(options.context));
  return query;
}

bool is_about_lines(const LogOptions& options) {
  return options.attempts || options.line || options.last || !options.search.empty() ||
         !options.stream.empty();
}

int show_log_lines(Session& session, const LogOptions& options) {
  if (options.attempts) return print_attempts(session, options);
  if (options.line) return print_line(session, options);
  if (options.last) {
    ApiRequest request = make_request(options, "lines");
    add(request, "last", std::to_string(*options.last));
    return print_pages(session, std::move(request), options);
  }
  return print_pages(session, make_search(options), options);
}

}  // namespace mainspring::cli
