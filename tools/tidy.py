#!/usr/bin/env python3
"""Checks that the compiler cannot make: the walls between modules, and the rules of style.

Prints `path:line: reason` for each finding and exits 1 if there is one. Every rule is one function
below, named after what it refuses; docs/architecture.md and CONTRIBUTING.md say why. A line that
breaks a rule of style for a reason says so itself: `// tidy: the reason`. The walls between
modules have no such door, only the two tables of exceptions below.
"""

import argparse
import fnmatch
import os
import re
import sys
from pathlib import Path

MAX_COLUMNS = 100
MAX_FILE_LINES = 700  # a longer one says "long because ..." in its first comment
NOTABLE_FILE_LINES = 400
MAX_FUNCTION_LINES = 70
MAX_PARAMETERS = 4
MAX_README_LINES = 40
MIN_TEST_NAME_WORDS = 3
PURE_FLOORS = range(0, 4)

README_HEADINGS = ["## Is", "## Words", "## Holds", "## Start at"]

# Floors 0 to 3 are pure: bytes and time come in, values go out.
IMPURE_HEADERS = re.compile(
    r"(thread|mutex|shared_mutex|condition_variable|future|semaphore|latch|barrier|stop_token|"
    r"fstream|filesystem|random|iostream|cstdio|stdio\.h|"
    r"(sys|netinet|arpa|linux)/.*|(unistd|fcntl|pthread|poll|signal|netdb|dirent|spawn|time)\.h|"
    r"csignal|boost/asio.*|boost/beast.*|boost/process.*|boost/filesystem.*|sqlite3\.h|"
    r"libpq.*|postgresql/.*|mysql.*|mariadb.*|curl/.*|openssl/.*|sodium.*|cctz/.*|node/.*|v8.*|"
    r"CLI/.*)"
)
IMPURE_CALLS = re.compile(
    r"::now\s*\(\s*\)|\b(?:std::)?s?rand\s*\(|\b(?:std::|::)?getenv\s*\(|\bstd::this_thread\b|"
    r"\bstd::j?thread\b|\bstd::random_device\b|\bstd::f?(?:open|printf)\b|"
    r"\bstd::(?:cout|cerr|cin)\b|"
    r"\bgettimeofday\s*\(|\bclock_gettime\s*\(|\b(?:std::)?time\s*\(\s*(?:nullptr|NULL|0)\s*\)"
)
# (path, header or call, reason): what a pure floor may use all the same.
PURE_EXCEPTIONS = [
    ("src/base/check.cc", r"cstdio|std::fprintf", "a broken invariant says where before it aborts"),
    ("src/execution/runner.h", r"stop_token", "the contract hands a runner the word to stop"),
    ("src/cron/zone.cc", r"cctz/.*", "time zones are tables; cctz reads them once, no clock"),
    ("src/cron/property_test.cc", r"cctz/.*", "the brute force must not ask the code it grades"),
    ("src/http/*.cc", r"boost/beast/(http|core/flat_buffer|core/string).*|boost/asio/buffer\.hpp",
     "Beast's parser alone, fed by hand: it opens no socket"),
    ("src/*_test.cc", r"random|fstream|filesystem|std::random_device",
     "a test may draw a seed and read a corpus"),
]

# Slow to compile: they stay in a .cc, or in a header that no other module includes.
HEAVY_HEADERS = re.compile(
    r"boost/asio(?!/awaitable\.hpp).*|boost/beast.*|boost/json/src\.hpp|boost/spirit.*|"
    r"yaml-cpp/.*|CLI/.*|sqlite3\.h|curl/.*|openssl/.*|libpq.*|re2/.*|node/.*|v8.*|spdlog/.*"
)

BANNED_WORDS = {"Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Handler", "Processor",
                "Data", "Info", "Misc", "Common"}


class Module:
    """What one line `module(NAME FLOOR DEPENDS ... PACKAGES ...)` says."""

    def __init__(self, path, text, words):
        self.path = path
        self.line = text[: text.index("module(")].count("\n") + 1
        self.name = words[0]
        self.floor = int(words[1])
        self.depends = words_after("DEPENDS", words)

    @property
    def directory(self):
        return os.path.dirname(self.path)


def words_after(key, words):
    if key not in words:
        return []
    rest = words[words.index(key) + 1:]
    ends = [i for i, word in enumerate(rest) if word in ("DEPENDS", "PACKAGES", "TEST_UNDER")]
    return rest[: ends[0]] if ends else rest


COMMENT_OR_LITERAL = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'",
    re.DOTALL,
)

DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.M)
BRACED_INITIALISER = re.compile(r"([:,]\s*\w+)\{([^{};]*)\}(?=\s*[,{])")  # of a constructor


def blank_out(match):
    """Spaces for everything but the line breaks, so that offsets and lines stay as they were."""
    return re.sub(r"[^\n]", " ", match.group())


class File:
    """One text file. `code` is the text without comments, literals and preprocessor lines."""

    def __init__(self, root, path):
        self.path = path
        self.text = (root / path).read_text(encoding="utf-8", errors="replace")
        self.lines = self.text.splitlines()
        self.extension = os.path.splitext(path)[1]
        self.is_header = self.extension == ".h"
        self.is_test = path.endswith("_test.cc")
        self.module = None
        self.code = ""
        if self.extension in (".h", ".cc"):
            self.code = COMMENT_OR_LITERAL.sub(blank_out, self.text)
            self.code = DIRECTIVE.sub(blank_out, self.code)
            self.code = BRACED_INITIALISER.sub(r"\1(\2)", self.code)

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def includes(self):
        for match in re.finditer(r'^#\s*include\s+["<]([^">]+)[">]', self.text, re.M):
            yield self.line_of(match.start()), match.group(1), '"' in match.group()


class Tree:
    """Everything the rules look at."""

    CODE_DIRS = ["src", "include", "sim", "tests", "fuzz", "bench", "examples", "tools", "cmake"]
    EXTENSIONS = (".h", ".cc", ".py", ".cmake")

    def __init__(self, root):
        self.root = root
        paths = [p for d in self.CODE_DIRS for p in self.walk(d)]
        paths += [p for p in ("CMakeLists.txt", "dev") if (root / p).is_file()]
        self.files = [File(root, path) for path in sorted(paths)]
        self.modules = {}
        for file in self.files:
            if file.path.startswith("src/") and file.path.endswith("/CMakeLists.txt"):
                self.read_module(file)
        self.cxx = [f for f in self.files if f.extension in (".h", ".cc")]
        for file in self.cxx:
            parts = file.path.split("/")
            if parts[0] == "src" and len(parts) > 2:
                file.module = self.modules.get(parts[1])

    def walk(self, directory):
        for base, dirs, names in os.walk(self.root / directory):
            dirs[:] = [d for d in dirs if d not in ("__pycache__", "node_modules", "build")]
            for name in names:
                if name.endswith(self.EXTENSIONS) or name == "CMakeLists.txt":
                    yield os.path.relpath(os.path.join(base, name), self.root)

    def read_module(self, file):
        text = re.sub(r"#[^\n]*", "", file.text)
        match = re.search(r"^module\(([^)]*)\)", text, re.M)
        if match:
            module = Module(file.path, text, match.group(1).split())
            self.modules[module.name] = module


# --- the walls: which module may touch what ------------------------------------------------------


def module_line_is_wrong(tree):
    """A module is its directory; it depends on modules of lower floors, and uses each of them."""
    for module in tree.modules.values():
        if os.path.basename(module.directory) != module.name:
            yield module.path, module.line, f"{module.name} is not in a directory of its name"
        used = names_used_by(tree, module)
        for name in module.depends:
            lower = tree.modules.get(name)
            if lower is None:
                yield module.path, module.line, f"{module.name} depends on {name}: no such module"
            elif lower.floor >= module.floor:
                yield (module.path, module.line,
                       f"{module.name} (floor {module.floor}) depends on {name} (floor "
                       f"{lower.floor}): includes point down")
            elif name not in used:
                yield module.path, module.line, f"{module.name} declares {name}, never uses it"


def names_used_by(tree, module):
    """The first part of each include, and of each qualified name (`json::Value`)."""
    used = set()
    for file in tree.cxx:
        if file.module is module:
            used |= {path.split("/")[0] for _, path, _ in file.includes()}
            used |= set(re.findall(r"\b(\w+)::", file.code))
    return used


def module_is_not_built(tree):
    built = tree.root / "src/CMakeLists.txt"
    text = built.read_text() if built.is_file() else ""
    for module in tree.modules.values():
        if not re.search(rf"^add_subdirectory\({module.name}\)", text, re.M):
            yield module.path, module.line, f"src/CMakeLists.txt does not add {module.name}"


def include_climbs_or_is_undeclared(tree):
    for file in tree.cxx:
        if file.module is None:
            continue
        for line, path, quoted in file.includes():
            target = path.split("/")[0]
            if quoted and "/" not in path:
                yield file.path, line, f'include "{path}" by its path from src/'
            elif target in tree.modules and target != file.module.name:
                yield from include_findings(tree, file, line, target)


def include_findings(tree, file, line, target):
    module = file.module
    lower = tree.modules[target]
    if lower.floor >= module.floor:
        yield (file.path, line, f"{module.name} (floor {module.floor}) includes {target} (floor "
                                f"{lower.floor}): includes point down")
    elif target not in module.depends:
        yield (file.path, line, f"{module.name} includes {target} without declaring it: add it to "
                                f"DEPENDS in {module.path}, or do without")


def source_outside_any_module(tree):
    for file in tree.cxx:
        if file.path.startswith("src/") and file.path.count("/") > 1 and file.module is None:
            yield file.path, 1, "is in no module: its directory has no module(...) line"


def pure_floor_touches_the_world(tree):
    for file in tree.cxx:
        if file.module is None or file.module.floor not in PURE_FLOORS:
            continue
        floor = f"on pure floor {file.module.floor}"
        for line, path, _ in file.includes():
            if IMPURE_HEADERS.fullmatch(path) and not is_excepted(file, path):
                yield file.path, line, f"{floor}, <{path}> is banned: let a higher floor do this"
        for match in IMPURE_CALLS.finditer(file.code):
            call = re.sub(r"\s", "", match.group()).rstrip("(")
            if not is_excepted(file, call):
                yield (file.path, file.line_of(match.start()),
                       f"{floor}, {call} is banned: take its result as a parameter")


def is_excepted(file, what):
    return any(fnmatch.fnmatch(file.path, path) and re.fullmatch(pattern, what)
               for path, pattern, _ in PURE_EXCEPTIONS)


def heavy_header_in_a_public_header(tree):
    for file in public_headers(tree):
        for line, path, _ in file.includes():
            if HEAVY_HEADERS.fullmatch(path):
                yield (file.path, line, f"<{path}> is slow to compile, and other modules include "
                                        "this header: move it to the .cc")


def public_headers(tree):
    """The headers of modules that reach another module, directly or through one another."""
    by_path = {file.path.removeprefix("src/"): file for file in tree.cxx if file.is_header}
    waiting = [by_path[path] for file in tree.cxx for _, path, _ in file.includes()
               if path in by_path and by_path[path].module is not file.module]
    seen = {}
    while waiting:
        file = waiting.pop()
        if file.path not in seen:
            seen[file.path] = file
            waiting += [by_path[path] for _, path, _ in file.includes() if path in by_path]
    return [file for file in seen.values() if file.module is not None]


def check_macro_leaks(tree):
    for file in tree.cxx:
        for line, path, _ in file.includes():
            if path == "base/check.h" and (file.is_header or file.is_test):
                yield file.path, line, "base/check.h goes into .cc files that are no tests"


def module_readme_is_missing_or_wrong(tree):
    for module in tree.modules.values():
        path = f"{module.directory}/README.md"
        if not (tree.root / path).is_file():
            yield path, 1, f"module {module.name} has no README.md"
            continue
        lines = File(tree.root, path).lines
        if len(lines) > MAX_README_LINES:
            yield path, len(lines), f"is longer than {MAX_README_LINES} lines"
        headings = [line.strip() for line in lines if line.startswith("## ")]
        if headings != README_HEADINGS:
            yield path, 1, f"needs the four headings {', '.join(README_HEADINGS)}, in this order"


# --- files and lines -----------------------------------------------------------------------------


def note_for_later(tree):
    words = "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X"))
    pattern = re.compile(rf"\b(?:{words})\b")
    for file in tree.files:
        for match in pattern.finditer(file.text):
            line = file.line_of(match.start())
            yield file.path, line, f"{match.group()}: do it now, or open an issue"


def shell_call(tree):
    """A text that a shell reads is the job's own, and goes there as one argument of execve."""
    pattern = re.compile(r"\b(?:system|popen|wordexp)\s*\(")
    for file in tree.cxx:
        for match in pattern.finditer(file.code):
            yield (file.path, file.line_of(match.start()),
                   "hands a text to a shell: start the program with a list of arguments")


def line_is_too_long(tree):
    for file in tree.files:
        for number, line in enumerate(file.lines, 1):
            if len(line) > MAX_COLUMNS:
                yield file.path, number, f"is {len(line)} columns wide; {MAX_COLUMNS} is the limit"


def file_is_too_long(tree):
    for file in tree.files:
        count = len(file.lines)
        if count > MAX_FILE_LINES and "long because" not in first_comment(file):
            yield (file.path, 1, f"has {count} lines: split it, or say 'long because ...' in its "
                                 "first comment")


def first_comment(file):
    lines = []
    for line in file.lines:
        if lines and not re.match(r"\s*(//|#|\*|$)", line):
            break
        lines.append(line)
    return "\n".join(lines)


def header_without_pragma_once(tree):
    for file in tree.cxx:
        if file.is_header and not re.search(r"^#pragma once$", file.text, re.M):
            yield file.path, 1, "has no #pragma once"


def own_header_is_not_first(tree):
    for file in tree.cxx:
        header = file.path.removeprefix("src/")[:-3] + ".h"
        if file.module is None or file.is_header or not (tree.root / "src" / header).is_file():
            continue
        line, first, _ = next(file.includes(), (1, "", False))
        if first != header:
            yield file.path, line, f'the first include must be its own header, "{header}"'


def namespace_is_wrong(tree):
    for file in tree.cxx:
        if file.is_header and (match := re.search(r"^\s*using namespace\b", file.code, re.M)):
            yield (file.path, file.line_of(match.start()),
                   "a header with `using namespace` imposes it on everybody")
        if file.module is None or not re.search(r"[;{]", file.code):
            continue
        if not re.search(rf"\bnamespace mainspring::{file.module.name}\b", file.code):
            yield file.path, 1, f"has no `namespace mainspring::{file.module.name}`"


# --- names ---------------------------------------------------------------------------------------


def type_name_is_vague(tree):
    pattern = re.compile(r"\b(?:class|struct|enum class|concept)\s+(?:\[\[[^\]]*\]\]\s*)?"
                         r"(\w+)\s*(?:final\s*)?(?=[:{;=])")
    for file in tree.cxx:
        for match in pattern.finditer(file.code):
            reason = why_vague(match.group(1), file.is_header)
            if reason:
                yield file.path, file.line_of(match.start()), f"{match.group(1)}: {reason}"


def why_vague(name, in_header):
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*", name)
    banned = BANNED_WORDS.intersection(words)
    if banned:
        return f"'{banned.pop()}' says nothing; name what it is"
    if in_header and words and words[-1] == "Impl":
        return "an Impl belongs in a .cc"
    if len(words) > 1 and words[0] in ("I", "Base"):
        return f"no '{words[0]}' in front of a name; name what it is"
    return None


def file_name_is_vague(tree):
    banned = {word.lower() for word in BANNED_WORDS}
    for file in tree.cxx:
        for word in re.split(r"[/_.]", file.path.removeprefix("src/")):
            if word in banned:
                yield file.path, 1, f"'{word}' says nothing; name what it is"


def test_name_is_no_sentence(tree):
    for file in tree.cxx:
        for match in re.finditer(r'\bTEST_CASE\w*\(\s*"((?:[^"\\]|\\.)*)"', file.text):
            if len(match.group(1).split()) < MIN_TEST_NAME_WORDS:
                yield (file.path, file.line_of(match.start()),
                       f"'{match.group(1)}': name a test by a sentence that is true")


# --- functions -----------------------------------------------------------------------------------

FUNCTION_HEAD = re.compile(
    r"\)\s*(?:const\b|noexcept\b|override\b|final\b|mutable\b|&&?|\s|->[^;{}]*|requires[^;{}]*)*$")
CONTROL = re.compile(r"\s*(?:if|for|while|switch|catch|else|do|try|return)\b")


def closing(code, opening):
    """The offset of the bracket that closes the one at `opening`, or the end of the code."""
    pairs = {"{": "}", "(": ")", "[": "]", "<": ">"}
    left, right = code[opening], pairs[code[opening]]
    depth = 0
    for match in re.compile(f"[{re.escape(left + right)}]").finditer(code, opening):
        depth += 1 if match.group() == left else -1
        if depth == 0:
            return match.start()
    return len(code)


def function_bodies(code):
    """(head, start, end) of each outermost function; namespaces and types are walked into."""
    boundary, offset = 0, 0
    pattern = re.compile(r"[;{}]")
    while match := pattern.search(code, offset):
        offset = match.end()
        head = code[boundary:match.start()]
        boundary = offset
        if match.group() == "{" and FUNCTION_HEAD.search(head) and not CONTROL.match(head):
            end = closing(code, match.start())
            yield head, match.start() - len(head.lstrip()), end
            boundary = offset = end + 1


def function_is_too_long(tree):
    for file in tree.cxx:
        for head, start, end in function_bodies(file.code):
            count = file.code.count("\n", start, end) + 1
            if count > MAX_FUNCTION_LINES:
                name = re.search(r"([\w:~]+)\s*\(", head)
                yield (file.path, file.line_of(start),
                       f"{name.group(1) if name else 'a function'} has {count} lines; "
                       f"{MAX_FUNCTION_LINES} is the limit")


def without_bodies(code):
    """The code of a header with each function body replaced by `;`, lines kept."""
    out, last = [], 0
    for head, start, end in function_bodies(code):
        body = start + len(head.lstrip())
        out += [code[last:body], ";", re.sub(r"[^\n]", " ", code[body + 1:end + 1])]
        last = end + 1
    return "".join(out) + code[last:]


def split_parameters(text):
    parts, depth, last = [], 0, 0
    for match in re.finditer(r"[<({\[>)}\],]", text):
        if match.group() == ",":
            if depth == 0:
                parts.append(text[last:match.start()])
                last = match.end()
        else:
            depth += 1 if match.group() in "<({[" else -1
    return [part.strip() for part in [*parts, text[last:]] if part.strip() not in ("", "void")]


def declarations(code):
    """(offset, head, name, parameters) of each function a header declares; macros are not seen."""
    for match in re.finditer(r"[^;{}]+(?=;)", without_bodies(code).replace("->", "  ")):
        statement = re.sub(r"\b(?:public|private|protected):", lambda m: " " * len(m.group()),
                           match.group())
        opening = first_parenthesis(statement)
        if opening is None or re.search(r"\b(?:operator|using|typedef|static_assert|return)\b",
                                        statement):
            continue
        name = re.search(r"(\w+)\s*$", statement[:opening])
        if name and "=" not in statement[:opening] and not name.group(1).isupper():
            parameters = split_parameters(statement[opening + 1:closing(statement, opening)])
            yield match.start() + opening, statement[:opening], name.group(1), parameters


def first_parenthesis(statement):
    """The offset of the first `(` that is not inside <...>, as in std::function<void(int)> f()."""
    depth = 0
    for match in re.finditer(r"[<>(]", statement):
        if match.group() == "(" and depth == 0:
            return match.start()
        depth += {"<": 1, ">": -1, "(": 0}[match.group()]
    return None


def header_functions(tree):
    for file in tree.cxx:
        if file.is_header:
            for offset, head, name, parameters in declarations(file.code):
                yield file, file.line_of(offset), head, name, parameters


def too_many_parameters(tree):
    for file, line, _, name, parameters in header_functions(tree):
        if len(parameters) > MAX_PARAMETERS:
            yield (file.path, line, f"{name} has {len(parameters)} parameters; {MAX_PARAMETERS} is "
                                    "the limit: pass a struct")


def bool_parameter(tree):
    for file, line, _, name, parameters in header_functions(tree):
        flags = [p for p in parameters if re.match(r"(?:const\s+)?bool\b(?!\s*[(&*])", p)]
        is_the_value = len(parameters) == 1 and re.fullmatch(r"bool( value)?", parameters[0])
        if flags and not is_the_value:
            yield file.path, line, f"{name} takes a bool: write an enum, or two functions"


# --- coroutines: what clang compiles and then regrets --------------------------------------------

COROUTINE_WORD = re.compile(r"\bco_(?:await|return|yield)\b")


def coroutine_takes_a_view(tree):
    """A reference to a temporary is gone by the time a suspended coroutine reads it."""
    for file, line, head, name, parameters in header_functions(tree):
        if not re.search(r"\bawaitable<", head):
            continue
        for parameter in parameters:
            if re.match(r"const\b.*&|.*&&|(?:std::)?(?:string_view|span<)", parameter):
                yield file.path, line, f"coroutine {name} takes '{parameter}': pass it by value"


def co_await_in_catch(tree):
    for file in tree.cxx:
        for match in re.finditer(r"\bcatch\s*\([^)]*\)\s*\{", file.code):
            body = file.code[match.end():closing(file.code, match.end() - 1)]
            if "co_await" in body:
                yield (file.path, file.line_of(match.start()),
                       "co_await inside catch: leave the block first")


def lambdas(code):
    """(start, captures, result, body) of each lambda, inner ones too."""
    for match in re.finditer(r"(?<![\w)\]\[])\[(?!\[)([^\[\]]*)\]\s*(?=[({]|->)", code):
        body = match.end()
        if code[body] == "(":
            body = closing(code, body) + 1
        found = re.compile(r"[^;{}()]*(?=\{)").match(code, body)
        if found:
            end = closing(code, found.end())
            yield match.start(), match.group(1).strip(), found.group(), code[found.end():end + 1]


def capturing_coroutine_lambda(tree):
    for file in tree.cxx:
        if "co_" not in file.code and "awaitable" not in file.code:
            continue
        for start, captures, result, body in lambdas(file.code):
            if captures and ("awaitable" in result or COROUTINE_WORD.search(own_part(body))):
                yield (file.path, file.line_of(start),
                       "a coroutine lambda that captures: pass parameters by value instead")


def own_part(body):
    """The body without the lambdas inside it."""
    for _, _, _, inner in lambdas(body[1:]):
        body = body.replace(inner, "{}")
    return body


# --- running them --------------------------------------------------------------------------------

WALLS = [
    module_line_is_wrong, module_is_not_built, include_climbs_or_is_undeclared,
    source_outside_any_module, pure_floor_touches_the_world, heavy_header_in_a_public_header,
    check_macro_leaks, module_readme_is_missing_or_wrong, shell_call,
]
STYLE = [
    note_for_later, line_is_too_long, file_is_too_long, header_without_pragma_once,
    own_header_is_not_first, namespace_is_wrong, type_name_is_vague, file_name_is_vague,
    test_name_is_no_sentence, function_is_too_long, too_many_parameters, bool_parameter,
    coroutine_takes_a_view, co_await_in_catch, capturing_coroutine_lambda,
]


def findings(tree):
    excused = {(file.path, number) for file in tree.files if "tidy: " in file.text
               for number, line in enumerate(file.lines, 1)
               if re.search(r"// tidy: \S+ \S+", line)}
    found = {finding for rule in WALLS for finding in rule(tree)}
    found |= {finding for rule in STYLE for finding in rule(tree) if finding[:2] not in excused}
    return sorted(found)


def print_notable_sizes(tree):
    for file in tree.cxx:
        if len(file.lines) > NOTABLE_FILE_LINES:
            print(f"{file.path}:1: note: has {len(file.lines)} lines")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--verbose", action="store_true", help="also name files over "
                        f"{NOTABLE_FILE_LINES} lines")
    arguments = parser.parse_args()
    tree = Tree(arguments.root)
    found = findings(tree)
    for path, line, reason in found:
        print(f"{path}:{line}: {reason}")
    if arguments.verbose:
        print_notable_sizes(tree)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
