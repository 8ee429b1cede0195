// A log as lines: how chunks are numbered when they are stored, and how they are put together again
// when lines are read or searched. What is looked for in them is in line_finder.h.
//
// A line ends with '\n', or where another stream begins to speak. Lines count from 1 within an
// attempt, in the order in which the output arrived.
//
// Pure. Memory: one unfinished line, at most what an attempt's log may hold.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "model/run.h"

namespace mainspring::store {

// The lines that the bytes of one chunk lie on.
struct LineSpan {
  std::int64_t first = 1;
  std::int64_t last = 1;
  bool is_open = false;  // the last line has not ended
};

// `before`: the span and the stream of the chunk before it, if there is one.
struct PlacedChunk {
  LineSpan lines;
  model::LogStream stream = model::LogStream::out;
};
LineSpan place_lines(const std::optional<PlacedChunk>& before, model::LogStream stream,
                     std::string_view bytes);

// Whole lines of one stream, one after another; only the last may lack its '\n'.
struct LineBlock {
  std::int64_t first_line = 1;
  std::int64_t last_line = 1;
  model::LogStream stream = model::LogStream::out;
  base::Instant at;  // when the last of it arrived
  std::string_view text;
};

// Puts chunks together to blocks of whole lines. A block is good during the call that gives it.
class LineScanner {
 public:
  using Emit = std::function<void(const LineBlock&)>;

  // `first_line`: of the first chunk that will be fed.
  explicit LineScanner(std::int64_t first_line) : line_(first_line) {}

  void feed(const model::LogChunk& chunk, const Emit& emit);
  void finish(const Emit& emit);  // no chunk follows: an unfinished line is one

 private:
  std::int64_t line_;
  model::LogStream stream_ = model::LogStream::out;
  base::Instant at_;
  std::string rest_;  // the beginning of line_
};

struct FoundLine {
  std::int64_t number = 1;
  std::string_view text;  // without its '\n'
};
enum class Next { go_on, stop };

// Every line of the block in turn, until `found` says stop.
Next each_line(const LineBlock& block, const std::function<Next(const FoundLine&)>& found);

}  // namespace mainspring::store
