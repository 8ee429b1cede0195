// What an engine is asked to make: the body of POST /containers/create for one attempt.
//
// Pure. Source: Docker Engine API 1.41, "Create a container".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "execution/runner.h"
#include "json/value.h"

namespace mainspring::runner {

// Labels of every container of ours.
inline constexpr std::string_view kRunLabel = "mainspring.run";
inline constexpr std::string_view kAttemptLabel = "mainspring.attempt";
inline constexpr std::string_view kEpochLabel = "mainspring.epoch";
inline constexpr std::string_view kJobLabel = "mainspring.job";
inline constexpr std::string_view kNodeLabel = "mainspring.node";  // the worker's id

// Where the scratch directory of an attempt is inside.
inline constexpr const char* kInside = "/run/mainspring";

struct Contained {
  const execution::Order& order;
  std::string node;
  std::map<std::string, std::string> environment;
  std::optional<std::string> scratch = {};  // a directory of the engine's machine, for kInside
};

json::Value make_create_body(const Contained& contained);

// "mainspring-RUN-ATTEMPT".
std::string make_container_name(const execution::Order& order);

// "127.0.0.1:8080:80/udp", "[::1]:8080:80", "8080:80": a port of ContainerSpec::ports.
struct PublishedPort {
  std::string address;  // "": every one
  std::string outside;
  std::string inside;  // "80/tcp"

  friend bool operator==(const PublishedPort&, const PublishedPort&) = default;
};
PublishedPort parse_port(std::string_view text);

// What the engine warns of when it has made a container.
struct CreateWarnings {
  std::vector<std::string> notes;
  std::string discarded;  // a limit that will not hold: the first such sentence; "": none
};
CreateWarnings sort_warnings(const json::Value& reply);

// What starts first in it, as far as the job says: for messages. "": the image decides.
std::string find_program(const model::JobSpec& spec);

}  // namespace mainspring::runner
