// Engine: asks a container engine that has the Docker Engine API (dockerd; Podman's service where
// it agrees). One request at a time by call(); or several at once by begin() and pump(), so that
// output, a stop and an answer can be waited for together.
//
// Threads: one owner; the StopLine is shared. Errors of a call are those of the way to the engine,
// `unavailable`, worded for a person with what to do; what the engine answers is a Reply, whatever
// its status. An engine that speaks none of our versions is `unsupported`.
// Limits: an answer has at most kAnswerLimit bytes, unless it is read as it comes.
// Source: Docker Engine API 1.41 to 1.47.
#pragma once

#include <poll.h>

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "json/value.h"
#include "runner/container/endpoint.h"
#include "runner/process/process_spec.h"
#include "runner/process/stop_line.h"

namespace mainspring::runner {

// Minor versions of the API, 1.x: the oldest has what we need, the newest is what we have read.
inline constexpr int kOldestApi = 41;
inline constexpr int kNewestApi = 47;

inline constexpr std::size_t kAnswerLimit = 8 << 20;  // a list of many containers
inline constexpr std::chrono::seconds kConnectLimit{5};
inline constexpr std::chrono::seconds kCallLimit{60};  // to start on a busy machine takes seconds

struct EngineRequest {
  std::string method = "GET";
  std::string path;       // below the version: "/containers/ID/json"
  std::string body = {};  // JSON, if any
  std::vector<std::string> headers = {};
  // Gets the body of a 200 as it comes; then the Reply has none.
  std::function<void(std::string_view)> on_body = {};
  std::chrono::milliseconds limit = kCallLimit;  // of the whole; zero: none
};

struct EngineReply {
  int status = 0;
  std::string body;

  bool is_ok() const { return status >= 200 && status < 300; }
  // The body as JSON; null where it is none.
  json::Value json() const;
  // What the engine says went wrong: a sentence in either dialect, or the body, shortened.
  std::string message() const;
};

class Engine {
 public:
  class Exchange;

  // Asks for its versions and agrees on one.
  static base::Result<Engine> connect(const Endpoint& endpoint);
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;
  ~Engine();

  const Endpoint& endpoint() const { return endpoint_; }
  std::string_view api() const { return api_; }  // "/v1.41"
  bool is_podman() const { return is_podman_; }
  // What it says that it is: "engine 27.1, API 1.46, linux".
  const std::string& description() const { return description_; }

  base::Result<EngineReply> call(EngineRequest request);

  // A request that goes on while pump() is called. Not longer than this lives.
  std::unique_ptr<Exchange> begin(EngineRequest request);
  // Waits until something comes, for the exchanges or the descriptors, or until then; sets revents.
  void pump(std::span<pollfd> also, SteadyTime until);

 private:
  struct Multi;
  explicit Engine(Endpoint endpoint);
  base::Result<void> agree();

  Endpoint endpoint_;
  std::string api_;
  bool is_podman_ = false;
  std::string description_;
  std::unique_ptr<Multi> multi_;
};

// One request under way; given up when destroyed.
class Engine::Exchange {
 public:
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  bool is_done() const;
  const base::Result<EngineReply>& reply() const;  // once done

 private:
  friend class Engine;
  struct State;
  explicit Exchange(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace mainspring::runner
