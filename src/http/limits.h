// Every bound that an HTTP server keeps, with its reason. Plain values: tests shorten the times.
#pragma once

#include <chrono>
#include <cstddef>

namespace mainspring::http {

struct Limits {
  // Request line and headers together. Browsers' cookies stay below 8 KiB; twice that leaves room
  // for a token, and it bounds what a stranger can make us hold.
  std::size_t head_bytes = 16 * 1024;
  // Headers are searched one by one.
  std::size_t header_count = 100;
  // Query parameters are searched one by one.
  std::size_t query_count = 100;
  // A manifest or a payload; anything larger belongs into an object store.
  std::size_t body_bytes = 8 * 1024 * 1024;
  // The line before a chunk: 16 hex digits and an extension nobody reads.
  std::size_t chunk_line_bytes = 256;
  // Trailers are read and dropped.
  std::size_t trailer_bytes = 4 * 1024;
  // What a client may send ahead while its answer is outstanding. Reading goes on up to here so
  // that a client that leaves is noticed; one request is worked on at a time.
  std::size_t pipelined_bytes = 16 * 1024;
  // Bytes accepted by Stream::write and not yet taken by the kernel, per stream.
  std::size_t stream_buffer_bytes = 256 * 1024;
  // The same of an event stream: a subscriber that reads nothing costs this much, and there may be
  // thousands of them. It holds some 200 events; who misses more is told to read afresh.
  std::size_t event_buffer_bytes = 128 * 1024;
  // Of all event streams of a server. Where they are many, each gets an equal share of it and no
  // more, but never less than least_event_buffer_bytes: some ten events.
  std::size_t all_event_buffer_bytes = 128 * 1024 * 1024;
  std::size_t least_event_buffer_bytes = 8 * 1024;
  // Bodies that one edge thread holds, from their first byte to the answer. It is memory that
  // strangers ask for. Beyond it a request with more than small_body_bytes of body gets 503; others
  // are still served, so that a few large bodies shut nobody out.
  std::size_t held_body_bytes = 256 * 1024 * 1024;
  std::size_t small_body_bytes = 64 * 1024;
  // Open connections of one server, each of which costs a descriptor and a few KiB.
  std::size_t connections = 2048;

  // Between requests. Longer than the 60 s that load balancers commonly keep theirs.
  std::chrono::milliseconds idle{75'000};
  // From the first byte of a request to the end of its headers.
  std::chrono::milliseconds head_read{10'000};
  // For every 256 KiB of body: about 9 KB/s, a poor mobile link.
  std::chrono::milliseconds body_read{30'000};
  // Without the client taking one byte of an answer.
  std::chrono::milliseconds write_stall{30'000};
  // From our last byte to the client's end of stream, so that closing does not destroy an answer
  // that is still on its way (RFC 9112, section 9.6).
  std::chrono::milliseconds linger{2'000};
};

}  // namespace mainspring::http
