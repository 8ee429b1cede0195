#include "runner/container/faults.h"

#include <algorithm>
#include <initializer_list>

#include <fmt/core.h>

#include "runner/attempt/outcomes.h"

namespace mainspring::runner {
namespace {

using model::OutcomeStatus;

std::string to_lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return out;
}

bool has_any(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.contains(word); });
}

bool is_disk_full(const std::string& text) {
  return has_any(text, {"no space left", "disk quota exceeded", "not enough space"});
}

Fault make_disk_fault(std::string_view doing, std::string_view message) {
  return fail_for_now("disk_full",
                      fmt::format("the disk of the container engine is full, while {}: {}; remove "
                                  "images and containers that nobody needs (docker system prune)",
                                  doing, message))
      .error();
}

}  // namespace

std::unexpected<Fault> fail_for_good(std::string_view type, std::string message) {
  return std::unexpected(Fault{OutcomeStatus::failed, {std::string{type}, std::move(message), ""}});
}

std::unexpected<Fault> fail_for_now(std::string_view type, std::string message) {
  return std::unexpected(
      Fault{OutcomeStatus::retryable, {std::string{type}, std::move(message), ""}});
}

model::Outcome make_outcome(Fault fault) {
  return make_failure(fault.status, fault.failure.type, std::move(fault.failure.message));
}

Fault explain_unreachable(const base::Error& error) {
  if (error.code == base::Code::unavailable) return fail_for_now("engine", error.message).error();
  return fail_for_good("engine", error.message).error();
}

Fault explain_pull(std::string_view message, std::string_view image) {
  const std::string text = to_lower(message);
  if (is_disk_full(text)) return make_disk_fault(fmt::format("it pulled {}", image), message);
  if (has_any(text, {"toomanyrequests", "too many requests", "429"})) {
    return fail_for_now("registry", fmt::format("the registry of {} wants fewer requests: {}; sign "
                                                "in with container.registry, or try later",
                                                image, message))
        .error();
  }
  if (has_any(text, {"unauthorized", "authentication required", "no basic auth", "denied",
                     "incorrect username or password", "forbidden"})) {
    return fail_for_good("registry",
                         fmt::format("the registry does not give {} to us: {}; name a connection "
                                     "of type registry with a right user and password in "
                                     "container.registry, or correct the image's name",
                                     image, message))
        .error();
  }
  if (has_any(text, {"manifest unknown", "not found", "name unknown", "no matching manifest",
                     "invalid reference", "invalid repository", "does not match the specified",
                     "unsupported media type"})) {
    return fail_for_good("image", fmt::format("there is no image {} to pull: {}", image, message))
        .error();
  }
  return fail_for_now("registry", fmt::format("cannot pull {}: {}", image, message)).error();
}

Fault explain_create(const EngineReply& reply, std::string_view image) {
  const std::string message = reply.message();
  const std::string text = to_lower(message);
  if (is_disk_full(text)) return make_disk_fault("it made the container", message);
  if (has_any(text, {"no such image", "image not known"})) {
    return fail_for_good("image", fmt::format("the engine has no image {}, and container.pull "
                                              "does not let it be fetched",
                                              image))
        .error();
  }
  if (has_any(text, {"bind source path does not exist"})) {
    return fail_for_good("create", fmt::format("{}; the source of a bind must be there on the "
                                               "engine's machine before the run",
                                               message))
        .error();
  }
  if (has_any(text, {"range of cpus", "minimum memory limit", "memory limit"}))
    return fail_for_good("limit", fmt::format("the engine refuses `resources`: {}", message))
        .error();
  const std::string sentence =
      fmt::format("the engine refuses to make the container: {} ({})", message, reply.status);
  if (reply.status >= 500) return fail_for_now("create", sentence).error();
  return fail_for_good("create", sentence).error();
}

Fault explain_start(const EngineReply& reply, const StartWords& words) {
  const std::string message = reply.message();
  const std::string text = to_lower(message);
  const std::string program =
      words.program.empty() ? "its program" : fmt::format("the program '{}'", words.program);
  const bool is_about_program = has_any(text, {"exec:", "exec ", "executable"});
  if (is_disk_full(text)) return make_disk_fault("it started the container", message);
  if (has_any(text, {"docker-init", "catatonit"})) {
    return fail_for_good("start", fmt::format("the engine has no init for containers: {}; install "
                                              "it there (tini, catatonit), or set container.init "
                                              "to false",
                                              message))
        .error();
  }
  if (has_any(text, {"executable file not found", "executable file `"}) ||
      (is_about_program && text.contains("no such file or directory"))) {
    return fail_for_good("start", fmt::format("the image {} does not hold {}: {}", words.image,
                                              program, message))
        .error();
  }
  if (is_about_program && text.contains("permission denied")) {
    return fail_for_good("start", fmt::format("{} in the image {} is not executable: {}", program,
                                              words.image, message))
        .error();
  }
  if (has_any(text, {"port is already allocated", "address already in use"})) {
    return fail_for_now("port", fmt::format("somebody else has a port that container.ports "
                                            "publishes: {}",
                                            message))
        .error();
  }
  if (has_any(text, {"unable to find user", "unable to find group", "no matching entries in"})) {
    return fail_for_good("start", fmt::format("the image {} has no user '{}': {}", words.image,
                                              words.user, message))
        .error();
  }
  if (has_any(text, {"device driver", "nvidia"})) {
    return fail_for_good("limit", fmt::format("the engine cannot give GPUs to containers: {}; "
                                              "install the NVIDIA Container Toolkit",
                                              message))
        .error();
  }
  const std::string sentence =
      fmt::format("the engine cannot start the container: {} ({})", message, reply.status);
  // Podman answers 500 to whatever it is; dockerd blames the request where it is at fault.
  if (reply.status >= 500 && !text.contains("oci runtime"))
    return fail_for_now("start", sentence).error();
  return fail_for_good("start", sentence).error();
}

}  // namespace mainspring::runner
