// InstallReport: what an installer prints, for the log of the attempt: on the `system` stream,
// because it is not what the job's own program says. Its end is kept, for the error.
//
// Threads: that of the attempt.
#pragma once

#include <string>
#include <string_view>

#include "execution/runner.h"

namespace mainspring::runner {

class InstallReport final : public execution::Report {
 public:
  explicit InstallReport(execution::Report& to) : to_(to) {}  // borrowed

  void output(model::LogStream stream, std::string_view bytes) override;
  void progress(double fraction, std::string_view message) override;

  // A sentence of our own, in brackets.
  void note(std::string_view sentence);

  // The last lines that were printed, without empty ones; "" when there were none.
  std::string last_lines() const;

 private:
  execution::Report& to_;
  std::string tail_;
};

}  // namespace mainspring::runner
