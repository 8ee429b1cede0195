#include "http/chunked.h"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

namespace mainspring::http {
namespace {

using base::Code;

std::unexpected<Refusal> malformed(std::string detail) {
  return std::unexpected(Refusal{400, Code::invalid_argument, std::move(detail)});
}

}  // namespace

std::expected<std::size_t, Refusal> ChunkReader::read(std::string_view bytes, std::string& body,
                                                      const Limits& limits) {
  std::size_t taken = 0;
  while (taken < bytes.size() && state_ != State::done) {
    if (state_ == State::content) {
      const auto piece = bytes.substr(taken, std::min<std::uint64_t>(chunk_left_, bytes.size()));
      body += piece;
      taken += piece.size();
      chunk_left_ -= piece.size();
      if (chunk_left_ == 0) state_ = State::content_end;
      continue;
    }
    const char c = bytes[taken++];
    if (c != '\n') {
      line_ += c;
      const bool trailer = state_ == State::trailer;
      if (trailer && ++trailer_bytes_ > limits.trailer_bytes) {
        return std::unexpected(Refusal{431, Code::too_large, "the trailers are too long"});
      }
      if (!trailer && line_.size() > limits.chunk_line_bytes) {
        return malformed("the line before a chunk is too long");
      }
      continue;
    }
    if (auto ended = end_line(body.size(), limits); !ended) {
      return std::unexpected(std::move(ended.error()));
    }
  }
  return taken;
}

// A line feed came: line_ must end in its CR, and holds no other.
std::expected<void, Refusal> ChunkReader::end_line(std::size_t body_size, const Limits& limits) {
  if (line_.find('\r') + 1 != line_.size() || line_.empty()) {
    return malformed("a line of the chunked body does not end in CR LF");
  }
  line_.pop_back();
  std::expected<void, Refusal> result;
  if (state_ == State::content_end) {
    if (!line_.empty()) return malformed("a chunk is longer than its size says");
    state_ = State::size_line;
  } else if (state_ == State::trailer) {
    if (line_.empty()) state_ = State::done;
  } else {
    result = begin_chunk(body_size, limits);
  }
  line_.clear();
  return result;
}

std::expected<void, Refusal> ChunkReader::begin_chunk(std::size_t body_size, const Limits& limits) {
  std::uint64_t size = 0;
  const char* first = line_.data();
  const char* last = first + line_.size();
  const auto [end, error] = std::from_chars(first, last, size, 16);
  if (error != std::errc{} || (end != last && *end != ';')) {
    return malformed("the size of a chunk is not a hexadecimal number");
  }
  if (size > limits.body_bytes - std::min(body_size, limits.body_bytes)) {
    return std::unexpected(Refusal{
        413, Code::too_large, fmt::format("the body has more than {} bytes", limits.body_bytes)});
  }
  chunk_left_ = size;
  state_ = size == 0 ? State::trailer : State::content;
  return {};
}

void append_chunk(std::string& out, std::string_view bytes) {
  if (bytes.empty()) return;  // an empty chunk would end the body
  out += fmt::format("{:x}\r\n", bytes.size());
  out += bytes;
  out += "\r\n";
}

}  // namespace mainspring::http
