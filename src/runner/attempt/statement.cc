#include "runner/attempt/statement.h"

#include "runner/attempt/environment.h"

namespace mainspring::runner {
namespace {

template <class T, class Parse>
base::Result<T> load(const Scratch& scratch, const char* file, std::size_t limit, Parse parse) {
  const auto text = scratch.read_file(file, limit);
  if (!text) return base::fail(text.error());
  if (!*text) return T{};
  return parse(**text);
}

}  // namespace

Statement load_statement(const Scratch& scratch) {
  return {load<ResultDocument>(scratch, kResultFile, kResultDocumentLimit, parse_result_document),
          load<json::Object>(scratch, kOutputFile, kOutputFileLimit, parse_output_lines)};
}

}  // namespace mainspring::runner
