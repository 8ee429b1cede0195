#include "runner/attempt/masked_report.h"

#include <fmt/core.h>

namespace mainspring::runner {

using model::LogStream;

MaskedReport::MaskedReport(execution::Report& to, const std::vector<std::string>& secrets)
    : to_(to), patterns_(secrets) {}

void MaskedReport::output(LogStream stream, std::string_view bytes) {
  if (patterns_.empty()) return pass_on(stream, bytes);
  switch (stream) {
    case LogStream::out:
      return pass_on(stream, out_.write(bytes));
    case LogStream::err:
      return pass_on(stream, err_.write(bytes));
    case LogStream::system:
      return pass_on(stream, execution::mask(patterns_, bytes));
  }
}

void MaskedReport::progress(double fraction, std::string_view message) {
  to_.progress(fraction, execution::mask(patterns_, message));
}

void MaskedReport::note(std::string_view sentence) {
  output(LogStream::system, fmt::format("[{}]\n", sentence));
}

void MaskedReport::flush_short() {
  pass_on(LogStream::out, out_.flush_short());
  pass_on(LogStream::err, err_.flush_short());
}

void MaskedReport::finish() {
  pass_on(LogStream::out, out_.finish());
  pass_on(LogStream::err, err_.finish());
}

model::Outcome MaskedReport::mask(model::Outcome outcome) const {
  if (outcome.error) {
    outcome.error->message = execution::mask(patterns_, outcome.error->message);
    outcome.error->stack = execution::mask(patterns_, outcome.error->stack);
  }
  return outcome;
}

void MaskedReport::pass_on(LogStream stream, std::string_view bytes) {
  if (!bytes.empty()) to_.output(stream, bytes);
}

}  // namespace mainspring::runner
