// Template: a text with `${{ expressions }}` in it, parsed once and evaluated in a scope.
//
// The one interpolation of manifests. docs/reference/expressions.md is the language for users.
// After the expressions of GitHub Actions, but strict: see README.md.
//
// Immutable values, safe to read from any thread. Pure: a template reads its text and its scope.
//
// Errors: invalid_argument. The message begins with the place in the template's text, "column 5: "
// or "line 2, column 5: "; the same stands in its one problem, whose line and column count from 1,
// in code points. A message never repeats a value of the scope, which may be secret.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "expr/limits.h"
#include "expr/syntax.h"
#include "expr/value.h"

namespace mainspring::expr {

// A key of a path, and the byte of the template's text at which it is written.
struct PathKey {
  std::string text;
  std::size_t offset = 0;

  friend bool operator==(const PathKey&, const PathKey&) = default;
};
// The root's name first, then the keys that are known before evaluation: `steps.a[params.n].b` is
// steps, a.
using Path = std::vector<PathKey>;

class Template {
 public:
  // Errors as above, and too_large for a text beyond kLongestText.
  static base::Result<Template> parse(std::string_view text);

  // A text that is exactly one expression gives that expression's value; any other text gives a
  // string, as evaluate_text() does.
  base::Result<Value> evaluate(const Scope& scope, Limits limits = {}) const;
  // The text with that of each value in place of its expression. Of null it is empty, of a number
  // the shortest that reads back to it (2.0 is "2"), of a list or map compact JSON.
  base::Result<std::string> evaluate_text(const Scope& scope, Limits limits = {}) const;

  bool has_expressions() const;
  // Every name that the expressions read, in the order of the text; one for each place.
  std::vector<Path> paths() const;
  bool uses(std::string_view root) const;

  // A problem for each path that leads out of `known`, at most kMostProblems. A map in `known` has
  // exactly these keys, and any other value stands for whatever an evaluation will find there:
  // {"params": {"region": null}, "run": {"id": null}}.
  std::vector<base::Problem> find_unknown(const Object& known) const;

  // The template with every expression in canonical form, which parses to the same template,
  // unless added blanks take it past kExpressionBytes.
  std::string text() const;

 private:
  using Piece = std::variant<std::string, Node>;

  explicit Template(std::string_view source) : source_(source) {}
  base::Error error_of(const Fault& fault) const;

  std::string source_;  // where faults of an evaluation stand
  std::vector<Piece> pieces_;
};

// The opening of an expression; a text without it stands for itself.
inline bool may_hold_expression(std::string_view text) { return text.contains("${{"); }

}  // namespace mainspring::expr
