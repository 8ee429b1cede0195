#include "cli/log_printer.h"

#include <fmt/core.h>

#include "cli/output.h"
#include "json/base64.h"

namespace mainspring::cli {
namespace {

void put(std::FILE* file, std::string_view bytes) {
  std::fwrite(bytes.data(), 1, bytes.size(), file);
}

std::unexpected<base::Error> not_a_log() {
  return base::fail(base::Code::unavailable,
                    "The server answered with a log that cannot be read; is it as new as jobctl? "
                    "'jobctl doctor' compares the versions.");
}

const json::Value* member(const json::Value& value, std::string_view key) {
  return value.is_object() ? value.as_object().if_contains(key) : nullptr;
}

}  // namespace

base::Result<std::string> piece_bytes(const json::Value& piece) {
  if (const auto* text = member(piece, "text"); text != nullptr && text->is_string()) {
    return std::string{text->as_string()};
  }
  const auto* coded = member(piece, "base64");
  if (coded == nullptr || !coded->is_string()) return not_a_log();
  auto bytes = json::decode_base64(coded->as_string());
  if (!bytes) return not_a_log();
  return std::move(*bytes);
}

base::Result<void> LogPrinter::print(const json::Value& page) {
  const auto* items = member(page, "items");
  if (items == nullptr || !items->is_array()) return not_a_log();
  for (const json::Value& piece : items->as_array()) {
    const auto bytes = piece_bytes(piece);
    if (!bytes) return base::fail(bytes.error());
    std::FILE* file = text_at(piece, "stream") == "stdout" ? files_.out : files_.err;
    if (look_ == LogLook::plain) {
      put(file, *bytes);
    } else {
      const auto* at = member(piece, "at");
      put_with_times(file, *bytes,
                     at != nullptr && at->is_string() ? std::string_view{at->as_string()} : "");
    }
  }
  std::fflush(files_.out);
  std::fflush(files_.err);
  return {};
}

// A line that arrives in several pieces has the time of its first.
void LogPrinter::put_with_times(std::FILE* file, std::string_view bytes, std::string_view at) {
  bool& inside_line = inside_line_[file == files_.out ? 0 : 1];
  while (!bytes.empty()) {
    const std::size_t newline = bytes.find('\n');
    const std::size_t end = newline == std::string_view::npos ? bytes.size() : newline + 1;
    if (!inside_line) {
      put(file, at);
      put(file, " ");
    }
    put(file, bytes.substr(0, end));
    inside_line = newline == std::string_view::npos;
    bytes.remove_prefix(end);
  }
}

}  // namespace mainspring::cli
