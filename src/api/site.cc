// Handlers of the node itself: health, version, sessions, the document, the front page.
#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "api/api.h"
#include "api/core.h"
#include "api/handlers.h"
#include "api/messages.h"
#include "web/site.h"

namespace mainspring::api {
namespace {

http::Response page(int status, std::string_view title, std::string_view text) {
  http::Response response{
      .status = status,
      .headers = {},
      .body = fmt::format("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
                          "<meta name=\"viewport\" content=\"width=device-width\">"
                          "<title>{0}</title><style>body{{font:16px/1.5 system-ui,sans-serif;"
                          "max-width:40rem;margin:4rem auto;padding:0 1rem}}"
                          "code{{background:#8882;padding:.1em .3em}}</style>"
                          "<h1>{0}</h1>{1}</html>\n",
                          title, text)};
  response.headers.set("Content-Type", "text/html; charset=utf-8");
  response.headers.set("Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
  return response;
}

SessionView view_of(const Call& call) {
  const Identity& who = call.who();
  SessionView view{who.tenant, who.name, std::string{to_text(who.permission)},
                   call.reads().events().last_position(), std::nullopt};
  if (!who.csrf_token.empty()) view.csrf_token = who.csrf_token;
  return view;
}

// What is wrong with the backups, in a sentence that tells a stranger nothing more. A node without
// a backup of today still does its work: it stays ready.
std::optional<std::string> trouble_of_backups(const Call& call) {
  store::Backups* const backups = call.core().services().backups;
  if (backups == nullptr) return std::nullopt;
  const auto list = backups->list();
  if (!list) return "Backups: their directory cannot be read.";
  if (!list->problem.empty()) return "Backups: the last one failed; see GET /api/v1/backups.";
  if (!list->every || !list->last_made_at) return std::nullopt;
  const base::Duration grace = std::min<base::Duration>(*list->every, std::chrono::hours{1});
  if (*list->last_made_at + *list->every + grace >= call.now()) return std::nullopt;
  return "Backups: the next one is overdue; see GET /api/v1/backups.";
}

}  // namespace

void get_root(const CallPtr& call) {
  if (auto found = web::find_page(call->request())) return call->answer(std::move(*found));
  call->answer(
      page(200, "Mainspring",
           "<p>This node is running. It was built without the web UI "
           "(<code>MAINSPRING_UI=OFF</code>); use <code>jobctl</code> on this machine, for example "
           "<code>jobctl job list</code>.</p>"
           "<p>When signed in, this browser can read the "
           "<a href=\"/api/v1/openapi.json\">API description</a>, the "
           "<a href=\"/api/v1/jobs\">jobs</a> and the "
           "<a href=\"/api/v1/runs\">runs</a>.</p>"));
}

void get_asset(const CallPtr& call) {
  if (auto found = web::find_asset(call->request())) return call->answer(std::move(*found));
  call->fail(base::Error{base::Code::not_found,
                         fmt::format("The web UI has no file '{}'; a page that was loaded from "
                                     "another version asks for its old ones: load it again.",
                                     call->path(0)),
                         {}});
}

void get_health(const CallPtr& call) { call->answer_with(Health{"ok", {}}); }

void get_readiness(const CallPtr& call) {
  Health health{"ok", {}};
  const std::int64_t position = call->reads().events().last_position();
  health.checks.push_back(fmt::format("The store answers; its last event is {}.", position));
  if (auto trouble = trouble_of_backups(*call)) health.checks.push_back(std::move(*trouble));
  if (const auto& find_troubles = call->core().services().find_troubles)
    std::ranges::move(find_troubles(), std::back_inserter(health.checks));
  call->apply(store::PromoteDue{call->now()}, [health](Call& self, const store::DueState&) {
    // What is due may be nothing, and then nothing was written.
    if (const auto trouble = self.core().services().store.writer().trouble()) {
      return self.fail(*trouble);
    }
    Health ready = health;
    ready.checks.emplace_back("The store takes writes.");
    self.answer_with(ready);
  });
}

void get_version(const CallPtr& call) {
  call->answer_with(VersionView{"mainspring", call->core().settings().version, "v1"});
}

void get_openapi(const CallPtr& call) {
  http::Response response{.status = 200, .headers = {}, .body = openapi_document()};
  response.headers.set("Content-Type", "application/json");
  call->answer(std::move(response));
}

void sign_in(const CallPtr& call) {
  // Without a code it is the page that asks for a token.
  if (call->query("code").empty() && web::has_ui()) return get_root(call);
  const auto cookie = call->core().credentials().redeem(call->request(), call->query("code"));
  if (!cookie) {
    return call->answer(page(base::code_row(cookie.error().code).http_status,
                             "Sign-in link not valid",
                             fmt::format("<p>{}</p>", cookie.error().message)));
  }
  http::Response response{.status = 303, .headers = {}, .body = {}};
  response.headers.set("Set-Cookie", *cookie);
  response.headers.set("Location", "/");
  call->answer(std::move(response));
}

void get_session(const CallPtr& call) { call->answer_with(view_of(*call)); }

void create_session(const CallPtr& call) {
  http::Response response{.status = 201, .headers = {}, .body = json::encode_text(view_of(*call))};
  response.headers.set("Content-Type", "application/json");
  response.headers.set("Set-Cookie",
                       call->core().credentials().open_session(call->request(), call->who()));
  call->answer(std::move(response));
}

void delete_session(const CallPtr& call) {
  http::Response response{.status = 204, .headers = {}, .body = {}};
  response.headers.set("Set-Cookie", call->core().credentials().close_session(call->request()));
  call->answer(std::move(response));
}

void create_sign_in_link(const CallPtr& call) {
  const SignInLink link{"/signin?code=" + call->core().credentials().make_sign_in_code(),
                        call->now() + call->core().settings().sign_in_lifetime};
  call->answer_with(link);
}

}  // namespace mainspring::api
