#include "node/connection_trial.h"

#include <chrono>
#include <exception>
#include <memory>

#include <fmt/core.h>

#include "runner/attempt/secret_files.h"
#include "runner/connection/try_connection.h"

namespace mainspring::node {
namespace {

base::Result<std::string> try_once(const model::ConnectionSpec& spec, runner::Values& values) {
  try {
    return runner::try_connection(spec, values);
  } catch (const std::exception& failure) {
    // A thread of its own stands below: nobody else would catch it.
    return base::fail(base::Code::internal, fmt::format("the try failed: {}", failure.what()));
  }
}

}  // namespace

api::TestConnection make_connection_trial(const Layout& layout) {
  const auto secrets = std::make_shared<runner::SecretFiles>(layout.secrets());
  return [secrets](const model::ConnectionSpec& spec, std::string_view tenant) {
    using std::chrono::steady_clock;
    runner::Values values(tenant, secrets.get());
    const auto begun = steady_clock::now();
    const auto said = try_once(spec, values);
    const auto took = std::chrono::round<std::chrono::milliseconds>(steady_clock::now() - begun);
    api::ConnectionReport report{said.has_value(), took.count(), {}, {}};
    (said ? report.server : report.error) = said ? *said : said.error().message;
    return report;
  };
}

}  // namespace mainspring::node
