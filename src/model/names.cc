#include "model/names.h"

#include <algorithm>

namespace mainspring::model {
namespace {

constexpr std::size_t kLabelLimit = 63;  // as in Kubernetes, so that labels can travel
constexpr std::size_t kVariableLimit = 256;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }
bool is_name_start(char c) { return is_lower(c) || is_digit(c); }
bool is_name_part(char c) { return is_name_start(c) || c == '.' || c == '_' || c == '-'; }
bool is_label_part(char c) {
  return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kNameLimit && is_name_start(text.front()) &&
         std::ranges::all_of(text, is_name_part);
}

bool is_variable(std::string_view text) {
  return !text.empty() && text.size() <= kVariableLimit && !is_digit(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

bool is_param(std::string_view text) { return text.size() <= kLabelLimit && is_variable(text); }

bool is_label(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    return text.find('/', slash + 1) == std::string_view::npos && is_label(text.substr(0, slash)) &&
           is_label(text.substr(slash + 1));
  }
  return !text.empty() && text.size() <= kLabelLimit && (is_letter(text[0]) || is_digit(text[0])) &&
         std::ranges::all_of(text, is_label_part);
}

}  // namespace

const NameRule kNameRule{&is_name, "^[a-z0-9][a-z0-9._-]{0,127}$",
                         "a name is 1 to 128 lower-case letters, digits, '.', '_' and '-', and "
                         "begins with a letter or digit"};
const NameRule kVariableRule{&is_variable, "^[A-Za-z_][A-Za-z0-9_]{0,255}$",
                             "a variable's name is letters, digits and '_', and does not begin "
                             "with a digit"};
const NameRule kParamRule{&is_param, "^[A-Za-z_][A-Za-z0-9_]{0,62}$",
                          "a param's name is 1 to 63 letters, digits and '_', and does not begin "
                          "with a digit"};
const NameRule kLabelRule{&is_label,
                          "^([A-Za-z0-9][A-Za-z0-9._-]{0,62}/)?[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
                          "a label's key is 1 to 63 letters, digits, '.', '_' and '-', begins with "
                          "a letter or digit, and may have one prefix of the same kind and a '/'"};

bool is_label_value(std::string_view text) {
  return text.size() <= kLabelLimit && std::ranges::all_of(text, is_label_part);
}

std::string correct_name(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (!is_name_part(c)) c = '-';
    const bool repeats = c == '-' && (out.empty() || out.back() == '-');
    if (!repeats && (!out.empty() || is_name_start(c))) out += c;
    if (out.size() == kNameLimit) break;
  }
  while (!out.empty() && out.back() == '-')
    out.pop_back();
  return out;
}

}  // namespace mainspring::model
