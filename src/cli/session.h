// Session: what a command is given: the node, found when it is first needed, and the output.
#pragma once

#include <functional>
#include <memory>

#include "cli/client.h"
#include "cli/output.h"

namespace mainspring::cli {

class Session {
 public:
  Session(TargetFlags flags, Output output) : flags_(std::move(flags)), output_(output) {}

  const Output& out() const { return output_; }
  const TargetFlags& flags() const { return flags_; }

  // Errors: those of find_target().
  base::Result<Client*> client() {
    if (!client_) {
      auto target = find_target(flags_);
      if (!target) return base::fail(std::move(target.error()));
      client_ = std::make_unique<Client>(std::move(*target));
    }
    return client_.get();
  }

  // client() and its call(), as one step.
  base::Result<json::Value> call(const ApiRequest& request) {
    auto found = client();
    if (!found) return base::fail(std::move(found.error()));
    return (*found)->call(request);
  }

 private:
  TargetFlags flags_;
  Output output_;
  std::unique_ptr<Client> client_;
};

}  // namespace mainspring::cli
