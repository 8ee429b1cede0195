// Commands that move many definitions at once: apply and export.
#include <algorithm>
#include <array>
#include <iostream>
#include <set>

#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/manifest_files.h"
#include "cli/plan_text.h"
#include "json/write.h"

namespace mainspring::cli {
namespace {

const View& applied_view() {
  static const View view{{{"KIND", "kind"},
                          {"NAME", "name"},
                          {"EFFECT", "effect"},
                          {"VERSION", "version"},
                          {"SCHEDULE", "schedules.words"},
                          {"NEXT", "schedules.next_at"}}};
  return view;
}

ApiRequest make_request(const model::Manifest& manifest, const ApplyOptions& options) {
  ApiRequest request{.method = "POST",
                     .path = "/api/v1/manifests/apply",
                     .query = {{"dry_run", options.dry_run ? "true" : "false"}},
                     .body = json::write(canonical_documents(manifest))};
  if (options.prune) request.query.emplace_back("prune", options.label);
  return request;
}

// The plan, before anything is done. In a format for programs it stands alone.
int show_plan(Session& session, const model::Manifest& manifest, ApplyOptions options) {
  options.dry_run = true;
  const auto plan = session.call(make_request(manifest, options));
  if (!plan) return session.out().fail(plan.error());
  if (session.out().is_for_people()) {
    print_plan(session.out(), *plan);
  } else {
    session.out().print(*plan, applied_view());
  }
  return 0;
}

int fail_usage(Session& session, std::string_view text) {
  session.out().note(fmt::format("jobctl: {}", text));
  return kExitUsage;
}

}  // namespace

int apply_documents(Session& session, const model::Manifest& manifest,
                    const ApplyOptions& options) {
  if (options.diff) {
    const int code = show_plan(session, manifest, options);
    if (code != 0 || options.dry_run) return code;
  }
  const auto reply = session.call(make_request(manifest, options));
  if (!reply) return session.out().fail(reply.error());
  if (!options.diff) session.out().print(*reply, applied_view());
  if (session.out().is_for_people()) {
    session.out().note(options.dry_run ? "This was a plan; nothing was changed." : "Applied.");
  }
  return 0;
}

int apply(Session& session, const ApplyOptions& options) {
  if (options.prune && options.label.empty()) {
    return fail_usage(session,
                      "--prune needs -l with the labels of the jobs that these files stand for, "
                      "such as -l team=platform; without them every other job would be deleted");
  }
  if (!options.prune && !options.label.empty())
    return fail_usage(session, "-l says which jobs to prune; give --prune too");
  const auto sources = read_sources(options.files);
  if (!sources) return session.out().fail(sources.error());
  model::Manifest manifest;
  if (const int code = parse_sources(session, *sources, manifest); code != 0) return code;
  return apply_documents(session, manifest, options);
}

namespace {

// What jobs refer to comes first, as in canonical_documents(); a job has no `kind`.
int rank_of(const json::Value& document) {
  const std::string kind = text_at(document, "kind");
  if (kind == "calendar") return 0;
  if (kind == "queue") return 1;
  return kind == "connection" ? 2 : 3;
}

// Every page; what several pages have is there once.
base::Result<json::Array> load_documents(Session& session, const std::string& label) {
  ApiRequest request{.path = "/api/v1/manifests/export", .query = {{"limit", "500"}}};
  if (!label.empty()) request.query.emplace_back("label", label);
  json::Array documents;
  std::set<std::pair<int, std::string>> known;
  while (true) {
    const auto reply = session.call(request);
    if (!reply) return base::fail(reply.error());
    for (const json::Value& item : reply->at("items").as_array()) {
      if (known.emplace(rank_of(item), text_at(item, "name")).second) documents.push_back(item);
    }
    const auto* next = reply->as_object().if_contains("next_cursor");
    if (next == nullptr) break;
    std::erase_if(request.query, [](const auto& pair) { return pair.first == "cursor"; });
    request.query.emplace_back("cursor", std::string{next->as_string()});
  }
  std::ranges::sort(documents, {}, [](const json::Value& document) {
    return std::pair{rank_of(document), text_at(document, "name")};
  });
  return documents;
}

}  // namespace

int export_definitions(Session& session, const std::string& label) {
  const auto documents = load_documents(session, label);
  if (!documents) return session.out().fail(documents.error());
  const Format format = session.out().format();
  if (format == Format::json || format == Format::jsonl) {
    session.out().print(json::Object{{"items", *documents}}, {});
    return 0;
  }
  const std::string text = to_yaml(*documents);
  std::cout << text << std::flush;
  if (text.size() > model::kManifestLimit || documents->size() > model::kManifestDocuments) {
    session.out().note(fmt::format(
        "This is more than one manifest may hold ({} MiB, {} documents); export it in parts, "
        "with -l.",
        model::kManifestLimit >> 20, model::kManifestDocuments));
  }
  return 0;
}

}  // namespace mainspring::cli
