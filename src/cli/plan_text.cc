#include "cli/plan_text.h"

#include <array>
#include <map>

#include <fmt/core.h>

#include "json/write.h"

namespace mainspring::cli {
namespace {

constexpr std::size_t kValueWidth = 100;  // of a value in a line; the rest is cut off

struct EffectRow {
  std::string_view effect;
  char sign;
  Ink ink;
};
constexpr std::array<EffectRow, 3> kEffects = {
    {{"created", '+', Ink::added}, {"updated", '~', Ink::changed}, {"deleted", '-', Ink::removed}}};

const json::Array& list_at(const json::Value& value, std::string_view key) {
  static const json::Array kNone;
  const auto* found = value.is_object() ? value.as_object().if_contains(key) : nullptr;
  return found != nullptr && found->is_array() ? found->get_array() : kNone;
}

std::string short_value(const json::Value& value) {
  std::string text = json::write(value);
  if (text.size() <= kValueWidth) return text;
  std::size_t end = kValueWidth;
  while ((static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
    --end;  // not within a character
  return text.substr(0, end) + "...";
}

void print_change(const Output& out, const json::Value& change) {
  const json::Object& fields = change.as_object();
  const json::Value* before = fields.if_contains("before");
  const json::Value* after = fields.if_contains("after");
  const std::string place = text_at(change, "pointer");
  if (before == nullptr) {
    out.line(out.paint(Ink::added, fmt::format("    + {}: {}", place, short_value(*after))));
  } else if (after == nullptr) {
    out.line(out.paint(Ink::removed, fmt::format("    - {}: {}", place, short_value(*before))));
  } else {
    out.line(out.paint(Ink::changed, fmt::format("    ~ {}: {} -> {}", place, short_value(*before),
                                                 short_value(*after))));
  }
}

// "job nightly-backup (version 3 -> 4)".
std::string item_words(const json::Value& item, std::string_view effect) {
  std::string words = fmt::format("{} {}", text_at(item, "kind"), text_at(item, "name"));
  const auto* version = item.as_object().if_contains("version");
  if (effect == "updated" && version != nullptr && version->is_int64())
    words += fmt::format(" (version {} -> {})", version->get_int64() - 1, version->get_int64());
  return words;
}

void print_fires(const Output& out, const json::Value& forecast) {
  const std::string added = text_at(forecast, "added.count");
  const std::string removed = text_at(forecast, "removed.count");
  if (added != "0" || removed != "0") {
    out.line(fmt::format("    fires until {}: {} added, {} removed", text_at(forecast, "until"),
                         added, removed));
  }
  const json::Value* some = &forecast.at("added");
  for (const auto& [sign, ink] : {std::pair{'+', Ink::added}, std::pair{'-', Ink::removed}}) {
    for (const json::Value& fire : list_at(*some, "first")) {
      out.line(out.paint(ink, fmt::format("      {} {}  {}", sign, text_at(fire, "local"),
                                          text_at(fire, "schedule"))));
    }
    some = &forecast.at("removed");
  }
  for (const json::Value& note : list_at(forecast, "clock")) {
    const bool is_surprise = text_at(note, "surprise") == "true";
    if (is_surprise) out.line(out.paint(Ink::changed, "    ! " + text_at(note, "text")));
  }
}

void print_item(const Output& out, const json::Value& item) {
  const std::string effect = text_at(item, "effect");
  const auto* row = std::ranges::find(kEffects, effect, &EffectRow::effect);
  if (row == kEffects.end()) return;
  out.line(out.paint(row->ink, fmt::format("{} {}", row->sign, item_words(item, effect))));
  for (const json::Value& change : list_at(item, "changes"))
    print_change(out, change);
  const auto* forecast = item.as_object().if_contains("forecast");
  if (forecast != nullptr) print_fires(out, *forecast);
}

}  // namespace

void print_plan(const Output& out, const json::Value& plan) {
  std::map<std::string, int> counts;
  for (const json::Value& item : list_at(plan, "items")) {
    ++counts[text_at(item, "effect")];
    print_item(out, item);
  }
  out.line(fmt::format("{} to create, {} to update, {} to delete, {} unchanged.", counts["created"],
                       counts["updated"], counts["deleted"], counts["unchanged"]));
}

void print_diff(const Output& out, const std::vector<DiffLine>& lines) {
  for (const DiffLine& line : lines) {
    switch (line.mark) {
      case DiffMark::same:
        out.line(line.text);
        break;
      case DiffMark::hunk:
        out.line(out.paint(Ink::changed, line.text));
        break;
      case DiffMark::added:
        out.line(out.paint(Ink::added, line.text));
        break;
      case DiffMark::removed:
        out.line(out.paint(Ink::removed, line.text));
        break;
    }
  }
}

}  // namespace mainspring::cli
