#include "runner/container/image.h"

#include <algorithm>

#include <fmt/core.h>

#include "json/document.h"

namespace mainspring::runner {
namespace {

constexpr std::string_view kHub = "docker.io";

// The first part of a name is a registry if it looks like a host.
std::string_view registry_of(std::string_view repository) {
  const std::size_t slash = repository.find('/');
  if (slash == std::string_view::npos) return kHub;
  const std::string_view first = repository.substr(0, slash);
  return first.find_first_of(".:") != std::string_view::npos || first == "localhost" ? first : kHub;
}

std::string_view text_at(const json::Object& object, std::string_view key) {
  const json::Value* found = object.if_contains(key);
  if (found == nullptr || !found->is_string()) return {};
  return {found->as_string().data(), found->as_string().size()};
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
    text.remove_suffix(1);
  return text;
}

// dockerd: "error" and "errorDetail"; what older ones and Podman send is one of the two.
std::string error_of(const json::Object& line) {
  const json::Value* detail = line.if_contains("errorDetail");
  const json::Object* object = detail == nullptr ? nullptr : detail->if_object();
  const std::string_view message = object == nullptr ? "" : text_at(*object, "message");
  return std::string{trim(message.empty() ? text_at(line, "error") : message)};
}

}  // namespace

ImageName parse_image(std::string_view text) {
  ImageName out;
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    out.version = text.substr(at + 1);
    text = text.substr(0, at);
  }
  const std::size_t colon = text.rfind(':');
  const std::size_t slash = text.rfind('/');
  const bool has_tag =
      colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash);
  if (has_tag && out.version.empty()) out.version = text.substr(colon + 1);
  out.repository = has_tag ? text.substr(0, colon) : text;
  if (out.version.empty()) out.version = "latest";
  out.registry = registry_of(out.repository);
  return out;
}

void PullProgress::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    if (rest_.size() <= kPullLineLimit) rest_ += bytes.substr(0, end);
    if (end == std::string_view::npos) return;
    read_line(rest_);
    rest_.clear();
    bytes.remove_prefix(end + 1);
  }
}

void PullProgress::read_line(std::string_view text) {
  if (trim(text).empty() || text.size() > kPullLineLimit) return;
  const auto document = json::parse_json(text);
  const json::Object* line = document ? document->value.if_object() : nullptr;
  if (line == nullptr) return;
  if (std::string error = error_of(*line); !error.empty()) error_ = std::move(error);
  const std::string_view id = text_at(*line, "id");
  std::string_view status = trim(text_at(*line, "status"));
  if (status.empty()) status = trim(text_at(*line, "stream"));
  if (status.empty()) return;
  const bool is_layer = !id.empty() && !status.starts_with("Pulling from");
  if (!is_layer) {
    if (lines_.size() < kLayerLimit) lines_.emplace_back(status);
    return;
  }
  const auto found = layers_.find(id);
  if (found != layers_.end()) {
    found->second.state = status;
  } else if (layers_.size() < kLayerLimit) {
    layers_.emplace(id, Layer{std::string{status}, {}});
  }
}

void PullProgress::tell_layers() {
  for (auto& [id, layer] : layers_) {
    if (layer.state == layer.told) continue;
    layer.told = layer.state;
    lines_.push_back(fmt::format("layer {}: {}", id, layer.state));
  }
}

std::vector<std::string> PullProgress::take(SteadyTime now) {
  if (now < told_at_ + kPullPause) return {};
  told_at_ = now;
  return take_rest();
}

std::vector<std::string> PullProgress::take_rest() {
  tell_layers();
  return std::exchange(lines_, {});
}

}  // namespace mainspring::runner
