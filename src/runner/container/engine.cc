#include "runner/container/engine.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <system_error>

#include <fmt/core.h>

#include "base/check.h"
#include "json/document.h"
#include "json/look.h"
#include "runner/container/curl_setup.h"

namespace mainspring::runner {
namespace {

constexpr std::size_t kMessageLimit = 2'000;  // of an engine's sentence; some hold whole logs

// "1.41" -> 41; nothing for anything else.
std::optional<int> parse_version(std::string_view text) {
  if (!text.starts_with("1.")) return std::nullopt;
  text.remove_prefix(2);
  int minor = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), minor);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return minor;
}

bool names_podman(const json::Value& version) {
  const json::Value* parts = json::find_member(&version, "Components");
  if (parts == nullptr || !parts->is_array()) return false;
  return std::ranges::any_of(parts->as_array(), [](const json::Value& part) {
    return json::find_text(part, "Name").starts_with("Podman");
  });
}

}  // namespace

// ---- one exchange ------------------------------------------------------------------------------

struct Engine::Multi {
  Multi() : handle(curl_multi_init()) { CHECK(handle != nullptr); }
  ~Multi() { curl_multi_cleanup(handle); }
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;

  int settle();  // how many exchanges have ended

  CURLM* handle;
};

struct Engine::Exchange::State {
  State(CURLM* multi, const Endpoint& endpoint, EngineRequest request, std::string_view api);
  ~State();
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  static std::size_t take(char* bytes, std::size_t, std::size_t size, void* self);
  std::size_t keep(std::string_view bytes);
  void finish(int code);

  CURLM* const multi;
  const Endpoint endpoint;
  const EngineRequest request;
  CURL* const easy;
  std::shared_ptr<void> kept;
  curl_slist* headers = nullptr;
  char detail[CURL_ERROR_SIZE] = "";
  bool is_done = false;
  std::string body;
  base::Result<EngineReply> reply = EngineReply{};
};

Engine::Exchange::State::State(CURLM* in, const Endpoint& to, EngineRequest asked,
                               std::string_view api)
    : multi(in), endpoint(to), request(std::move(asked)), easy(curl_easy_init()) {
  CHECK(easy != nullptr);
  kept = aim(easy, endpoint, fmt::format("{}{}", api, request.path));
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (request.method == "POST") {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    headers = curl_slist_append(headers, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Expect:");
  }
  for (const std::string& header : request.headers)
    headers = curl_slist_append(headers, header.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.limit.count()));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &State::take);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_multi_add_handle(multi, easy);
}

Engine::Exchange::State::~State() {
  curl_multi_remove_handle(multi, easy);
  curl_easy_cleanup(easy);
  curl_slist_free_all(headers);
}

std::size_t Engine::Exchange::State::take(char* bytes, std::size_t, std::size_t size, void* self) {
  return static_cast<State*>(self)->keep({bytes, size});
}

std::size_t Engine::Exchange::State::keep(std::string_view bytes) {
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  if (request.on_body && status == 200) {
    request.on_body(bytes);
    return bytes.size();
  }
  if (body.size() + bytes.size() > kAnswerLimit) return 0;  // ends the exchange
  body += bytes;
  return bytes.size();
}

void Engine::Exchange::State::finish(int code) {
  is_done = true;
  if (code != CURLE_OK) {
    reply = base::fail(explain_failure(easy, code, endpoint, detail));
    return;
  }
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  reply = EngineReply{static_cast<int>(status), std::move(body)};
}

Engine::Exchange::Exchange(std::unique_ptr<State> state) : state_(std::move(state)) {}
Engine::Exchange::~Exchange() = default;
bool Engine::Exchange::is_done() const { return state_->is_done; }
const base::Result<EngineReply>& Engine::Exchange::reply() const { return state_->reply; }

int Engine::Multi::settle() {
  int left = 0, ended = 0;
  while (const CURLMsg* message = curl_multi_info_read(handle, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    Exchange::State* state = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &state);
    state->finish(message->data.result);
    ++ended;
  }
  return ended;
}

// ---- the engine --------------------------------------------------------------------------------

Engine::Engine(Endpoint endpoint)
    : endpoint_(std::move(endpoint)), multi_(std::make_unique<Multi>()) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

base::Result<Engine> Engine::connect(const Endpoint& endpoint) {
  Engine engine{endpoint};
  if (auto agreed = engine.agree(); !agreed) return base::fail(std::move(agreed.error()));
  return engine;
}

base::Result<void> Engine::agree() {
  auto reply = call({.path = "/version", .limit = std::chrono::seconds{10}});
  if (!reply) return base::fail(std::move(reply.error()));
  const json::Value version = reply->json();
  const auto newest = parse_version(json::find_text(version, "ApiVersion"));
  if (!reply->is_ok() || !newest) {
    return base::fail(base::Code::unavailable,
                      fmt::format("what answers at {} is no container engine: {} {}", endpoint_.url,
                                  reply->status, reply->message()));
  }
  const int oldest = parse_version(json::find_text(version, "MinAPIVersion")).value_or(0);
  const int chosen = std::min(*newest, kNewestApi);
  if (chosen < std::max(kOldestApi, oldest)) {
    return base::fail(base::Code::unsupported,
                      fmt::format("the container engine at {} speaks versions 1.{} to 1.{} of its "
                                  "API, and this program 1.{} to 1.{}",
                                  endpoint_.url, oldest, *newest, kOldestApi, kNewestApi));
  }
  api_ = fmt::format("/v1.{}", chosen);
  is_podman_ = names_podman(version);
  description_ =
      fmt::format("engine {}, API {}, {}", json::find_text(version, "Version"),
                  json::find_text(version, "ApiVersion"), json::find_text(version, "Os"));
  return {};
}

std::unique_ptr<Engine::Exchange> Engine::begin(EngineRequest request) {
  auto state =
      std::make_unique<Exchange::State>(multi_->handle, endpoint_, std::move(request), api_);
  return std::unique_ptr<Exchange>{new Exchange{std::move(state)}};
}

void Engine::pump(std::span<pollfd> also, SteadyTime until) {
  std::vector<curl_waitfd> extra;
  for (const pollfd& each : also)
    if (each.fd >= 0) extra.push_back({each.fd, each.events, 0});
  int running = 0;
  curl_multi_perform(multi_->handle, &running);
  if (multi_->settle() > 0) until = {};
  const auto rest =
      std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  const auto wait = std::clamp<std::int64_t>(rest.count(), 0, 60'000);
  curl_multi_poll(multi_->handle, extra.data(), static_cast<unsigned>(extra.size()),
                  static_cast<int>(wait), nullptr);
  std::size_t at = 0;
  for (pollfd& each : also)
    each.revents = each.fd >= 0 ? extra[at++].revents : short{0};
  curl_multi_perform(multi_->handle, &running);
  multi_->settle();
}

base::Result<EngineReply> Engine::call(EngineRequest request) {
  const auto exchange = begin(std::move(request));
  // curl ends it at its limit; until then nothing else is waited for.
  while (!exchange->is_done())
    pump({}, std::chrono::steady_clock::now() + std::chrono::seconds{1});
  return exchange->reply();
}

json::Value EngineReply::json() const {
  const auto document = json::parse_json(body, {.max_bytes = kAnswerLimit});
  return document ? document->value : json::Value{};
}

std::string EngineReply::message() const {
  const json::Value value = json();
  std::string text = json::find_text(value, "message");
  if (text.empty()) text = json::find_text(value, "cause");
  if (text.empty()) text = body;
  while (!text.empty() && (text.back() == '\n' || text.back() == '.'))
    text.pop_back();
  if (text.size() > kMessageLimit) text.resize(kMessageLimit);
  return text;
}

}  // namespace mainspring::runner
