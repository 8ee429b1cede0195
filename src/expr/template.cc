#include "expr/template.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "expr/evaluation.h"
#include "expr/values.h"

namespace mainspring::expr {
namespace {

constexpr std::string_view kOpening = "${{";

struct Place {
  int line = 1;
  int column = 1;
};

// Lines and columns of bytes that are asked for in the order of the text.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {}

  Place at(std::size_t offset) {
    for (; done_ < std::min(offset, text_.size()); ++done_) {
      if (text_[done_] == '\n')
        place_ = {place_.line + 1, 1};
      else if ((static_cast<unsigned char>(text_[done_]) & 0xC0) != 0x80)
        ++place_.column;
    }
    return place_;
  }

 private:
  std::string_view text_;
  std::size_t done_ = 0;
  Place place_;
};

base::Problem problem_of(const Fault& fault, Place at) {
  const std::string place = at.line == 1 ? fmt::format("column {}", at.column)
                                         : fmt::format("line {}, column {}", at.line, at.column);
  return {"", at.line, at.column, fmt::format("{}: {}", place, fault.message), fault.suggestion};
}

base::Error error_at(std::string_view text, const Fault& fault) {
  base::Problem problem = problem_of(fault, Places(text).at(fault.offset));
  return {base::Code::invalid_argument, problem.message, {problem}};
}

// Collects the paths of a tree.
class PathFinder {
 public:
  explicit PathFinder(std::vector<Path>& found) : found_(found) {}

  void visit(const Node& node) {
    std::visit([&](const auto& form) { add(node, form); }, node.form);
  }

 private:
  void visit_all(const std::vector<Node>& nodes) {
    for (const Node& node : nodes)
      visit(node);
  }

  void add(const Node&, const Literal&) {}
  void add(const Node& at, const Name& name) { found_.push_back({{name.text, at.offset}}); }
  void add(const Node&, const Access& access) {
    const Node& from = access.from.front();
    if (const auto* name = std::get_if<Name>(&from.form)) {
      Path path{{name->text, from.offset}};
      for (const Step& step : access.steps) {
        if (!step.index.empty()) break;
        path.push_back({step.key, step.offset});
      }
      found_.push_back(std::move(path));
    } else {
      visit(from);
    }
    for (const Step& step : access.steps)
      visit_all(step.index);
  }
  void add(const Node&, const Negation& negation) { visit_all(negation.operand); }
  void add(const Node&, const Comparison& comparison) { visit_all(comparison.sides); }
  void add(const Node&, const Junction& junction) { visit_all(junction.parts); }
  void add(const Node&, const Call& call) { visit_all(call.arguments); }

  std::vector<Path>& found_;
};

std::string text_of(const Path& path, std::size_t keys) {
  std::string out;
  for (std::size_t i = 0; i < keys; ++i)
    out += is_name(path[i].text) ? (i == 0 ? "" : ".") + path[i].text
                                 : fmt::format("['{}']", path[i].text);
  return shortened(out);
}

std::optional<Fault> find_fault(const Path& path, const Object& known) {
  const Object* map = &known;
  for (std::size_t i = 0; i < path.size() && map != nullptr; ++i) {
    const Value* next = map->if_contains(path[i].text);
    if (next == nullptr) return unknown_key(path[i].offset, text_of(path, i), path[i].text, *map);
    map = next->if_object();
  }
  return std::nullopt;
}

}  // namespace

base::Result<Template> Template::parse(std::string_view text) {
  if (text.size() > kLongestText)
    return base::fail(base::Code::too_large, fmt::format("the text has {} bytes; at most {} are "
                                                         "allowed beside expressions",
                                                         text.size(), kLongestText));
  Template made(text);
  std::size_t bytes_left = kExpressionBytes;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t opening = std::min(text.find(kOpening, at), text.size());
    if (opening > at) made.pieces_.emplace_back(std::string(text.substr(at, opening - at)));
    if (opening == text.size()) break;
    const std::size_t begin = opening + kOpening.size();
    auto parsed = parse_expression(text, {begin, bytes_left});
    if (!parsed) return base::fail(error_at(text, parsed.error()));
    made.pieces_.emplace_back(std::move(parsed->node));
    bytes_left -= std::min(bytes_left, parsed->end - begin);
    at = parsed->end;
  }
  return made;
}

base::Error Template::error_of(const Fault& fault) const { return error_at(source_, fault); }

base::Result<Value> Template::evaluate(const Scope& scope, Limits limits) const {
  const Node* const only = pieces_.size() == 1 ? std::get_if<Node>(&pieces_.front()) : nullptr;
  if (only == nullptr) {
    auto text = evaluate_text(scope, limits);
    if (!text) return base::fail(std::move(text.error()));
    return Value(*text);
  }
  Evaluation evaluation(scope, limits);
  const Operand value = evaluation.value(*only);
  if (evaluation.fault()) return base::fail(error_of(*evaluation.fault()));
  return *value;
}

base::Result<std::string> Template::evaluate_text(const Scope& scope, Limits limits) const {
  Evaluation evaluation(scope, limits);
  std::string out;
  std::size_t at = 0;
  for (const Piece& piece : pieces_) {
    if (const auto* text = std::get_if<std::string>(&piece)) {
      evaluation.append(at, out, *text);
      continue;
    }
    const auto& node = std::get<Node>(piece);
    at = node.offset;
    evaluation.append_value(at, out, *evaluation.value(node));
  }
  if (evaluation.fault()) return base::fail(error_of(*evaluation.fault()));
  return out;
}

bool Template::has_expressions() const {
  return std::ranges::any_of(
      pieces_, [](const Piece& piece) { return std::holds_alternative<Node>(piece); });
}

std::vector<Path> Template::paths() const {
  std::vector<Path> found;
  PathFinder finder(found);
  for (const Piece& piece : pieces_)
    if (const auto* node = std::get_if<Node>(&piece)) finder.visit(*node);
  std::ranges::sort(found, {}, [](const Path& path) { return path.front().offset; });
  return found;
}

bool Template::uses(std::string_view root) const {
  return std::ranges::any_of(paths(), [&](const Path& path) { return path.front().text == root; });
}

std::vector<base::Problem> Template::find_unknown(const Object& known) const {
  std::vector<Fault> faults;
  for (const Path& path : paths())
    if (auto fault = find_fault(path, known)) faults.push_back(std::move(*fault));
  std::ranges::sort(faults, {}, &Fault::offset);
  faults.resize(std::min(faults.size(), kMostProblems));
  Places places(source_);
  std::vector<base::Problem> problems;
  for (const Fault& fault : faults)
    problems.push_back(problem_of(fault, places.at(fault.offset)));
  return problems;
}

std::string Template::text() const {
  std::string out;
  for (const Piece& piece : pieces_) {
    if (const auto* text = std::get_if<std::string>(&piece))
      out += *text;
    else
      out += fmt::format("${{{{ {} }}}}", to_text(std::get<Node>(piece)));
  }
  return out;
}

}  // namespace mainspring::expr
