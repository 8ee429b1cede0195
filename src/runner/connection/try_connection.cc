#include "runner/connection/try_connection.h"

#include "execution/mask.h"
#include "runner/connection/tries.h"

namespace mainspring::runner {
namespace {

constexpr std::size_t kLongestText = 500;  // of what somebody else said

base::Result<std::string> choose(const Try& attempt) {
  using Type = model::ConnectionType;
  switch (attempt.spec.type) {
    case Type::http:
      return try_http(attempt);
    case Type::postgres:
    case Type::mysql:
    case Type::sqlite:
      return try_database(attempt);
    case Type::docker:
      return try_docker(attempt);
    case Type::registry:
      return try_registry(attempt);
  }
  return base::fail(base::Code::unsupported, "this build does not know the type");
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kLongestText)) {
    const bool is_gap = c == '\n' || c == '\r' || c == '\t' || c == ' ';
    if (!is_gap) out += c;
    if (is_gap && !out.empty() && out.back() != ' ') out += ' ';
  }
  while (out.ends_with(' '))
    out.pop_back();
  return out;
}

base::Result<std::string> try_connection(const model::ConnectionSpec& spec, Values& values) {
  auto said = choose({spec, values});
  // A server may repeat what it was sent.
  const execution::MaskPatterns secrets(values.secret());
  if (said) return execution::mask(secrets, *said);
  said.error().message = execution::mask(secrets, said.error().message);
  return said;
}

}  // namespace mainspring::runner
