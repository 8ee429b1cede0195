#include "cli/text_diff.h"

#include <algorithm>

#include <fmt/core.h>

#include "model/diff.h"

namespace mainspring::cli {
namespace {

using Lines = std::vector<std::string_view>;

Lines split(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Every line of both texts, in order, those of hunks not among them yet.
std::vector<DiffLine> merge(const Lines& before, const Lines& after) {
  model::Alignment pairs =
      model::align({before.size(), after.size()},
                   [&](std::size_t i, std::size_t j) { return before[i] == after[j]; });
  pairs.emplace_back(before.size(), after.size());
  std::vector<DiffLine> out;
  std::size_t i = 0;
  std::size_t j = 0;
  for (const auto& [i_same, j_same] : pairs) {
    for (; i < i_same; ++i)
      out.push_back({DiffMark::removed, fmt::format("-{}", before[i])});
    for (; j < j_same; ++j)
      out.push_back({DiffMark::added, fmt::format("+{}", after[j])});
    if (i == before.size() && j == after.size()) break;
    out.push_back({DiffMark::same, fmt::format(" {}", before[i])});
    ++i;
    ++j;
  }
  return out;
}

// Whether a line stands within the context of a change.
std::vector<bool> find_shown(const std::vector<DiffLine>& lines) {
  std::vector<bool> shown(lines.size());
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (lines[at].mark == DiffMark::same) continue;
    const std::size_t begin = at - std::min(at, kDiffContext);
    const std::size_t end = std::min(at + kDiffContext + 1, lines.size());
    std::fill(shown.begin() + static_cast<std::ptrdiff_t>(begin),
              shown.begin() + static_cast<std::ptrdiff_t>(end), true);
  }
  return shown;
}

// How many lines of a stretch each text has.
struct Extent {
  std::size_t before = 0;
  std::size_t after = 0;

  void add(DiffMark mark) {
    if (mark != DiffMark::added) ++before;
    if (mark != DiffMark::removed) ++after;
  }
};

// Lines count from 1; of an empty stretch the line in front of it is named.
std::string hunk_words(const Extent& begin, const Extent& size) {
  return fmt::format("@@ -{},{} +{},{} @@", begin.before + (size.before > 0 ? 1 : 0), size.before,
                     begin.after + (size.after > 0 ? 1 : 0), size.after);
}

}  // namespace

std::vector<DiffLine> diff_texts(const TextPair& texts) {
  std::vector<DiffLine> lines = merge(split(texts.before), split(texts.after));
  const std::vector<bool> shown = find_shown(lines);
  std::vector<DiffLine> out;
  Extent passed;
  for (std::size_t at = 0; at < lines.size();) {
    if (!shown[at]) {
      passed.add(lines[at++].mark);
      continue;
    }
    Extent size;
    std::size_t end = at;
    for (; end < lines.size() && shown[end]; ++end)
      size.add(lines[end].mark);
    out.push_back({DiffMark::hunk, hunk_words(passed, size)});
    for (; at < end; ++at)
      out.push_back(std::move(lines[at]));
    passed.before += size.before;
    passed.after += size.after;
  }
  return out;
}

}  // namespace mainspring::cli
