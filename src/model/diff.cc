#include "model/diff.h"

#include <algorithm>
#include <cstdint>
#include <map>

#include <fmt/core.h>

#include "json/codec.h"

namespace mainspring::model {
namespace {

using json::Array;
using json::Object;
using json::Value;

std::string child(const std::string& pointer, std::string_view key) {
  std::string out = pointer + "/";
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

// Where the two sides of a comparison stand in their documents.
struct Places {
  std::string before;
  std::string after;

  Places of(std::string_view key) const { return {child(before, key), child(after, key)}; }
};

// A list's elements, or a map that stands for a list of one.
struct Elements {
  const Value* whole = nullptr;
  bool is_list = false;

  explicit Elements(const Value& value) : whole(&value), is_list(value.is_array()) {}
  std::size_t size() const { return is_list ? whole->get_array().size() : 1; }
  const Value& at(std::size_t i) const { return is_list ? whole->get_array()[i] : *whole; }
  std::string place(const std::string& pointer, std::size_t i) const {
    return is_list ? fmt::format("{}/{}", pointer, i) : pointer;
  }
};

bool is_list_of_maps(const Value& value) {
  return value.is_array() &&
         std::ranges::all_of(value.get_array(), [](const Value& each) { return each.is_object(); });
}

// Two maps of a list are versions of one thing when they agree on at least half of their members.
bool is_alike(const Value& before, const Value& after) {
  if (!before.is_object() || !after.is_object()) return !before.is_object() && !after.is_object();
  const Object& old = before.get_object();
  const Object& fresh = after.get_object();
  const auto shared = std::ranges::count_if(old, [&](const auto& member) {
    const Value* other = fresh.if_contains(member.key());
    return other != nullptr && *other == member.value();
  });
  return 2 * static_cast<std::size_t>(shared) >= std::max(old.size(), fresh.size());
}

class Comparison {
 public:
  std::vector<Change> take() { return std::move(changes_); }

  void compare(const DocumentPair& pair, const Places& at) {
    const auto& [before, after] = pair;
    if (before == after) return;
    const bool are_maps = before.is_object() && after.is_object();
    const bool are_lists = before.is_array() && after.is_array();
    const bool is_one_and_list = (before.is_object() && is_list_of_maps(after)) ||
                                 (is_list_of_maps(before) && after.is_object());
    if (are_maps) {
      compare_maps(pair, at);
    } else if (are_lists || is_one_and_list) {
      compare_lists(Elements{before}, Elements{after}, at);
    } else {
      changes_.push_back({at.before, before, after});
    }
  }

 private:
  void compare_maps(const DocumentPair& pair, const Places& at) {
    const Object& before = pair.before.get_object();
    const Object& after = pair.after.get_object();
    for (const auto& member : before) {
      if (!after.contains(member.key())) removed(at.of(member.key()).before, member.value());
    }
    for (const auto& member : after) {
      const Value* old = before.if_contains(member.key());
      if (old == nullptr) {
        added(at.of(member.key()).after, member.value());
      } else {
        compare({*old, member.value()}, at.of(member.key()));
      }
    }
  }

  void compare_lists(const Elements& before, const Elements& after, const Places& at) {
    Alignment anchors = align({before.size(), after.size()}, [&](std::size_t i, std::size_t j) {
      return before.at(i) == after.at(j);
    });
    anchors.emplace_back(before.size(), after.size());
    std::size_t i = 0;
    std::size_t j = 0;
    for (const auto& [i_end, j_end] : anchors) {
      compare_gap({before, i, i_end, at.before}, {after, j, j_end, at.after});
      i = i_end + 1;
      j = j_end + 1;
    }
  }

  // What lies between two elements that are the same on both sides.
  struct Gap {
    const Elements& list;
    std::size_t begin;
    std::size_t end;
    const std::string& pointer;

    std::size_t size() const { return end - begin; }
  };

  void compare_gap(const Gap& before, const Gap& after) {
    if (after.size() > 0 && before.size() > kAlignedCells / after.size())
      return compare_sets(before, after);
    std::size_t j = after.begin;
    for (std::size_t i = before.begin; i < before.end; ++i) {
      const Value& old = before.list.at(i);
      const std::string place = before.list.place(before.pointer, i);
      const std::size_t match = find_alike(old, after, j);
      if (match == after.end) {
        removed(place, old);
        continue;
      }
      for (; j < match; ++j)
        added(after.list.place(after.pointer, j), after.list.at(j));
      compare({old, after.list.at(j)}, {place, after.list.place(after.pointer, j)});
      ++j;
    }
    for (; j < after.end; ++j)
      added(after.list.place(after.pointer, j), after.list.at(j));
  }

  // Of two long lists only says which elements came and went, wherever they stand.
  void compare_sets(const Gap& before, const Gap& after) {
    std::map<std::string, std::size_t> kept;  // how often, by what is written
    for (std::size_t j = after.begin; j < after.end; ++j)
      ++kept[json::write(after.list.at(j))];
    std::map<std::string, std::size_t> known;
    for (std::size_t i = before.begin; i < before.end; ++i) {
      const std::string text = json::write(before.list.at(i));
      const auto partner = kept.find(text);
      if (partner != kept.end() && known[text] < partner->second) {
        ++known[text];
      } else {
        removed(before.list.place(before.pointer, i), before.list.at(i));
      }
    }
    for (std::size_t j = after.begin; j < after.end; ++j) {
      const auto partner = known.find(json::write(after.list.at(j)));
      if (partner != known.end() && partner->second > 0) {
        --partner->second;
      } else {
        added(after.list.place(after.pointer, j), after.list.at(j));
      }
    }
  }

  static std::size_t find_alike(const Value& old, const Gap& after, std::size_t from) {
    while (from < after.end && !is_alike(old, after.list.at(from)))
      ++from;
    return from;
  }

  void added(std::string pointer, const Value& value) {
    changes_.push_back({std::move(pointer), std::nullopt, value});
  }
  void removed(std::string pointer, const Value& value) {
    changes_.push_back({std::move(pointer), value, std::nullopt});
  }

  std::vector<Change> changes_;
};

// Equal places of two short sequences, behind `skip` elements on both sides.
Alignment align_table(Lengths lengths, std::size_t skip, const SameAt& is_same) {
  const std::size_t width = lengths.after + 1;
  std::vector<std::uint32_t> best((lengths.before + 1) * width);  // of what lies behind each place
  std::vector<bool> same(best.size());
  for (std::size_t i = lengths.before; i-- > 0;) {
    for (std::size_t j = lengths.after; j-- > 0;) {
      const std::size_t here = i * width + j;
      same[here] = is_same(skip + i, skip + j);
      best[here] =
          same[here] ? best[here + width + 1] + 1 : std::max(best[here + width], best[here + 1]);
    }
  }
  Alignment out;
  for (std::size_t i = 0, j = 0; i < lengths.before && j < lengths.after;) {
    const std::size_t here = i * width + j;
    if (same[here]) {
      out.emplace_back(skip + i++, skip + j++);
    } else if (best[here + width] >= best[here + 1]) {
      ++i;
    } else {
      ++j;
    }
  }
  return out;
}

}  // namespace

const json::StructTable& Change::described() {
  static const auto table = json::describe<Change>(
      "Change", "One difference of two documents.",
      json::field<&Change::pointer>(
          "pointer",
          "RFC 6901; into the newer document for what was added, else into the older one."),
      json::field<&Change::before>("before", "Absent: it was added."),
      json::field<&Change::after>("after", "Absent: it was removed."));
  return table;
}

std::vector<Change> diff(const DocumentPair& pair) {
  Comparison comparison;
  comparison.compare(pair, {});
  return comparison.take();
}

Alignment align(Lengths lengths, const SameAt& is_same) {
  Alignment out;
  std::size_t head = 0;
  const std::size_t shorter = std::min(lengths.before, lengths.after);
  for (; head < shorter && is_same(head, head); ++head)
    out.emplace_back(head, head);
  std::size_t tail = 0;
  while (tail < shorter - head && is_same(lengths.before - tail - 1, lengths.after - tail - 1)) {
    ++tail;
  }
  const Lengths rest{lengths.before - head - tail, lengths.after - head - tail};
  if (rest.after == 0 || rest.before <= kAlignedCells / rest.after)
    std::ranges::move(align_table(rest, head, is_same), std::back_inserter(out));
  for (; tail > 0; --tail)
    out.emplace_back(lengths.before - tail, lengths.after - tail);
  return out;
}

}  // namespace mainspring::model
