// MaskedReport: passes on what an attempt says, with its secrets masked: output, progress, and the
// error of its outcome. Each stream of output is masked by itself.
//
// Threads: that of the attempt.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "execution/mask.h"
#include "execution/runner.h"

namespace mainspring::runner {

class MaskedReport final : public execution::Report {
 public:
  // `to` outlives this.
  MaskedReport(execution::Report& to, const std::vector<std::string>& secrets);

  void output(model::LogStream stream, std::string_view bytes) override;
  void progress(double fraction, std::string_view message) override;

  // A line of our own on the `system` stream: a sentence, in brackets.
  void note(std::string_view sentence);

  // What was held back and may go, after a wait; or all, when no output will come any more.
  void flush_short();
  void finish();

  model::Outcome mask(model::Outcome outcome) const;

 private:
  void pass_on(model::LogStream stream, std::string_view bytes);

  execution::Report& to_;
  const execution::MaskPatterns patterns_;
  execution::MaskStream out_{patterns_};
  execution::MaskStream err_{patterns_};
};

}  // namespace mainspring::runner
