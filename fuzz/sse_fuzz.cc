// Event streams, cut where the fuzzer likes (pieces.h): the reader of jobctl finds the same events
// however the bytes were cut, and the same as the reader of `http`; what the server writes reads
// back as it was.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "cli/sse_reader.h"
#include "http/sse.h"
#include "pieces.h"

namespace cli = mainspring::cli;
namespace fuzz = mainspring::fuzz;
namespace http = mainspring::http;

namespace {

std::vector<cli::SseEvent> read(const std::vector<std::string_view>& pieces) {
  cli::SseReader reader;
  std::vector<cli::SseEvent> events;
  for (const std::string_view piece : pieces)
    std::ranges::move(reader.read(piece), std::back_inserter(events));
  return events;
}

std::vector<cli::SseEvent> read_as_http(const std::string& text) {
  http::SseParser parser;
  std::vector<cli::SseEvent> events;
  for (http::SseEvent& event : parser.feed(text)) {
    std::string type = event.event.empty() ? "message" : std::move(event.event);
    events.push_back({std::move(event.id), std::move(type), std::move(event.data)});
  }
  return events;
}

// The pieces as the parts of an event.
void check_written(const std::vector<std::string_view>& pieces) {
  http::SseEvent event;
  if (!pieces.empty()) event.data = pieces[0];
  if (pieces.size() > 1) event.id = pieces[1];
  if (pieces.size() > 2) event.event = pieces[2];
  const std::string text = http::format_comment(event.data) + http::format_event(event);
  const auto events = read({text});
  CHECK(events.size() == 1 && events == read_as_http(text));
  CHECK(std::ranges::count(events[0].payload, '\r') == 0);
  if (!event.data.contains('\r')) CHECK(events[0].payload == event.data);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  const auto pieces = fuzz::split_pieces(text);
  const std::string whole = fuzz::join_pieces(pieces);
  const auto events = read(pieces);
  CHECK(events == read({whole}));
  CHECK(events == read_as_http(whole));
  check_written(pieces);
  return 0;
}
