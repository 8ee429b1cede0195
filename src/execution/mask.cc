#include "execution/mask.h"

#include <algorithm>

namespace mainspring::execution {

MaskPatterns::MaskPatterns(const std::vector<std::string>& values) : nodes_(1) {
  for (const std::string_view value : values) {
    add(value);
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
      add(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  link();
}

void MaskPatterns::add(std::string_view secret) {
  if (secret.size() < kShortestSecret) return;
  State state = 0;
  for (const char byte : secret) {
    State child = find_child(state, byte);
    if (child == 0) {
      child = static_cast<State>(nodes_.size());
      nodes_.push_back({.next_sibling = nodes_[state].first_child,
                        .depth = nodes_[state].depth + 1,
                        .byte = byte});
      nodes_[state].first_child = child;
      if (state == 0) roots_[static_cast<unsigned char>(byte)] = child;
    }
    state = child;
  }
  nodes_[state].longest = nodes_[state].depth;
}

// Level by level: a fallback is always nearer to the root.
void MaskPatterns::link() {
  std::vector<State> level{0};
  while (!level.empty()) {
    std::vector<State> below;
    for (const State parent : level) {
      for (State child = nodes_[parent].first_child; child != 0;
           child = nodes_[child].next_sibling) {
        Node& node = nodes_[child];
        if (parent != 0) node.fallback = next(nodes_[parent].fallback, node.byte);
        if (node.longest == 0) node.longest = nodes_[node.fallback].longest;
        below.push_back(child);
      }
    }
    level = std::move(below);
  }
}

MaskPatterns::State MaskPatterns::find_child(State parent, char byte) const {
  if (parent == 0) return roots_[static_cast<unsigned char>(byte)];
  State child = nodes_[parent].first_child;
  while (child != 0 && nodes_[child].byte != byte)
    child = nodes_[child].next_sibling;
  return child;
}

MaskPatterns::State MaskPatterns::next(State state, char byte) const {
  while (true) {
    const State child = find_child(state, byte);
    if (child != 0 || state == 0) return child;
    state = nodes_[state].fallback;
  }
}

std::string_view MaskStream::write(std::string_view bytes) {
  output_.clear();
  const bool held_nothing = told_ == read_;
  const Position before = read_;
  scan(bytes);
  const Position certain = read_ - patterns_.nodes_[state_].depth;
  if (held_nothing && found_.empty() && masked_until_ <= before && certain == read_) {
    told_ = held_from_ = read_;
    return bytes;  // nearly always: nothing to copy
  }
  held_ += bytes;
  emit_until(certain);
  return take_output();
}

void MaskStream::scan(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (state_ == 0) {
      while (i < bytes.size() && patterns_.roots_[static_cast<unsigned char>(bytes[i])] == 0)
        ++i;
      if (i == bytes.size()) break;
    }
    state_ = patterns_.next(state_, bytes[i]);
    const std::uint32_t size = patterns_.nodes_[state_].longest;
    const Position end = read_ + i + 1;
    if (size > 0) cover({end - size, end});
    // A secret that nothing longer begins with is over.
    while (state_ != 0 && patterns_.nodes_[state_].first_child == 0)
      state_ = patterns_.nodes_[state_].fallback;
  }
  read_ += bytes.size();
}

// A secret may lie in a longer one, or begin within the last.
void MaskStream::cover(Span found) {
  while (!found_.empty() && found_.back().end > found.begin) {
    found.begin = std::min(found.begin, found_.back().begin);
    found_.pop_back();
  }
  if (found.begin < masked_until_) {
    masked_until_ = found.end;
  } else {
    found_.push_back({std::max(found.begin, told_), found.end});
  }
}

// No secret that is yet to be found begins before `limit`.
void MaskStream::emit_until(Position limit) {
  std::size_t done = 0;
  for (; done < found_.size() && found_[done].begin < limit; ++done) {
    emit_raw(found_[done].begin);
    output_ += kMask;
    masked_until_ = found_[done].end;
  }
  found_.erase(found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(done));
  emit_raw(limit);
}

void MaskStream::emit_raw(Position limit) {
  if (limit <= told_) return;
  const Position hidden = std::clamp(masked_until_, told_, limit);
  output_ += std::string_view{held_}.substr(hidden - held_from_, limit - hidden);
  told_ = limit;
}

std::string_view MaskStream::take_output() {
  held_.erase(0, told_ - held_from_);
  held_from_ = told_;
  return output_;
}

std::string_view MaskStream::flush_short() {
  output_.clear();
  const bool is_short = patterns_.nodes_[state_].depth < kShortestSecret;
  if (found_.empty() && is_short) emit_raw(read_);
  return take_output();
}

std::string_view MaskStream::finish() {
  output_.clear();
  emit_until(read_);
  state_ = 0;
  return take_output();
}

std::string mask(const MaskPatterns& patterns, std::string_view text) {
  MaskStream stream{patterns};
  std::string masked{stream.write(text)};
  masked += stream.finish();
  return masked;
}

}  // namespace mainspring::execution
