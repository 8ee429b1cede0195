// The names of images, as docker and Podman read them, and what an engine says while it pulls one.
//
// Pure. Source: github.com/distribution/reference; Docker Engine API, "Create an image".
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "runner/process/process_spec.h"

namespace mainspring::runner {

struct ImageName {
  std::string repository;  // "alpine", "ghcr.io/acme/tool"
  std::string version;     // a tag, or a digest "sha256:..."; "latest" where the name has neither
  std::string registry;    // "docker.io" where the name has none

  bool is_pinned() const { return version.contains(':'); }
};

// "ghcr.io/acme/tool:1.2", "alpine", "localhost:5000/t@sha256:...". A tag beside a digest means
// nothing to engines, and goes.
ImageName parse_image(std::string_view text);

// The progress of a pull as lines for a log: what each layer does, when that changes, and what is
// said once; told at most once in kPullPause, however fast it changes.
class PullProgress {
 public:
  // A piece of the engine's answer, cut anywhere.
  void feed(std::string_view bytes);

  // What to tell now: everything where the pull is over.
  std::vector<std::string> take(SteadyTime now);
  std::vector<std::string> take_rest();

  // The error that the answer holds, though its status was 200; "" when there is none.
  const std::string& error() const { return error_; }

 private:
  struct Layer {
    std::string state;
    std::string told;
  };
  void read_line(std::string_view line);
  void tell_layers();

  std::string rest_;  // the beginning of a line
  std::map<std::string, Layer, std::less<>> layers_;
  std::vector<std::string> lines_;
  SteadyTime told_at_{};
  std::string error_;
};

inline constexpr std::chrono::seconds kPullPause{1};
inline constexpr std::size_t kLayerLimit = 500;          // an image has at most 127
inline constexpr std::size_t kPullLineLimit = 64 << 10;  // a longer one is no progress

}  // namespace mainspring::runner
