// What an engine refuses, in plain words: which kind of failure it is, whether another attempt may
// help, and what to do. Engines say most of it only in sentences, so these are read for words that
// dockerd, Podman, runc and the registries have used for years; what is not known keeps the
// engine's own sentence.
//
// Pure functions. The types (`error.type`) are listed in docs/guide/container-jobs.md.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/error.h"
#include "model/run.h"
#include "runner/container/engine.h"

namespace mainspring::runner {

// An attempt that ends here.
struct Fault {
  model::OutcomeStatus status = model::OutcomeStatus::failed;
  model::Failure failure;
};
template <class T>
using Done = std::expected<T, Fault>;

std::unexpected<Fault> fail_for_good(std::string_view type, std::string message);
std::unexpected<Fault> fail_for_now(std::string_view type, std::string message);

model::Outcome make_outcome(Fault fault);

// The engine could not be asked, or speaks no version of ours.
Fault explain_unreachable(const base::Error& error);

// What was asked of it, for a person: "the container of nightly", "alpine:3.20".
Fault explain_pull(std::string_view message, std::string_view image);
Fault explain_create(const EngineReply& reply, std::string_view image);
// `program` is what was to be started: the first word of entrypoint or command; "": the image's.
struct StartWords {
  std::string_view image;
  std::string_view program;
  std::string_view user;
};
Fault explain_start(const EngineReply& reply, const StartWords& words);

}  // namespace mainspring::runner
