"""Each rule of style in tools/tidy.py refuses what it is for, and lets its neighbour pass."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "tools"))
import tidy  # pylint: disable=wrong-import-position

README = "\n".join(f"{heading}\nx" for heading in tidy.README_HEADINGS)


def findings(body, name="net/pump.h", extra=None):
    """What tidy says about one file of a floor-4 module whose other files are right."""
    with tempfile.TemporaryDirectory(prefix="tidy-") as folder:
        src = Path(folder) / "src"
        files = {"CMakeLists.txt": "add_subdirectory(base)\nadd_subdirectory(net)\n",
                 "net/CMakeLists.txt": "module(net 4)\n", "net/README.md": README,
                 name: body, **(extra or {})}
        for path, text in files.items():
            (src / path).parent.mkdir(parents=True, exist_ok=True)
            (src / path).write_text(text)
        return [f"{line}: {reason}" for _, line, reason in tidy.findings(tidy.Tree(Path(folder)))]


def in_header(code):
    return findings(f"#pragma once\nnamespace mainspring::net {{\n{code}\n}}\n")


def in_source(code):
    return findings(f"namespace mainspring::net {{\n{code}\n}}\n", "net/pump.cc")


class Rules(unittest.TestCase):
    def assert_one(self, found, words):
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])

    def test_a_header_needs_pragma_once_and_its_namespace(self):
        self.assert_one(findings("namespace mainspring::net {\nint f();\n}\n"), "#pragma once")
        self.assert_one(findings("#pragma once\nint f();\n"), "namespace mainspring::net")

    def test_a_heavy_header_stays_out_of_headers_that_other_modules_include(self):
        text = ("#pragma once\n#include <boost/asio.hpp>\n"
                "namespace mainspring::net {\nint f();\n}\n")
        self.assertEqual(findings(text), [])
        reader = {"main.cc": "#include \"net/pump.h\"\n"}
        self.assert_one(findings(text, extra=reader), "slow to compile")
        light = text.replace("asio.hpp", "asio/awaitable.hpp")
        self.assertEqual(findings(light, extra=reader), [])

    def test_the_first_include_is_the_own_header(self):
        code = ("#include <string>\n#include \"net/pump.h\"\n"
                "namespace mainspring::net {\nint x;\n}\n")
        header = {"net/pump.h": "#pragma once\nnamespace mainspring::net {\nint f();\n}\n"}
        self.assert_one(findings(code, "net/pump.cc", header), "own header")

    def test_vague_names_are_refused(self):
        for name in ("JobManager", "DataHandler", "StringUtils", "PumpImpl", "IStore", "BaseJob"):
            self.assertEqual(len(in_header(f"class {name} {{}};")), 1, name)
        for name in ("Metadata", "IOError", "Instant", "Baseline", "Idle"):
            self.assertEqual(in_header(f"class {name} {{}};"), [], name)
        self.assertEqual(in_source("struct PumpImpl {};"), [])

    def test_functions_have_few_parameters_and_no_bool(self):
        self.assert_one(in_header("int f(int a, int b, int c, int d, int e);"), "5 parameters")
        self.assertEqual(in_header("int f(std::map<int, int> a, int b, int c, int d);"), [])
        self.assert_one(in_header("void f(int a, bool deep = false);"), "takes a bool")
        self.assertEqual(in_header("void boolean(bool value);\nstd::function<void(int, bool)> f;"),
                         [])
        self.assertEqual(in_header("void f(int a, bool b);  // tidy: the driver's signature"), [])
        self.assertEqual(in_header("struct P {\nP(int a) : a_{a} { g(a, 1, 2, 3, 4); }\n};"), [])

    def test_a_function_fits_the_limit(self):
        body = "  g();\n"
        self.assertEqual(in_source("void f() {\n" + body * 68 + "}"), [])
        self.assert_one(in_source("void f() {\n" + body * 69 + "}"), "f has 71 lines")
        self.assertEqual(in_source("constexpr int kTable[] = {\n" + "1,\n" * 90 + "};"), [])

    def test_a_capturing_coroutine_lambda_is_refused(self):
        for code in ("auto a = [&] -> awaitable<void> { co_return; };",
                     "auto a = [this](int x) { co_await f(x); };",
                     "spawn(executor, [x = 1]() -> awaitable<int> { co_return x; });"):
            self.assert_one(in_source(f"void f() {{\n{code}\n}}"), "captures")
        for code in ("auto a = [](int x) -> awaitable<void> { co_await f(x); };",
                     "auto [a, b] = co_await f(x[1]);",
                     "auto a = [&] { return [](int x) { co_await f(x); }; };"):
            self.assertEqual(in_source(f"void f() {{\n{code}\n}}"), [], code)

    def test_a_coroutine_neither_waits_in_catch_nor_takes_a_view(self):
        self.assert_one(in_source("void f() {\ntry {\n} catch (...) {\nco_await g();\n}\n}"),
                        "inside catch")
        self.assert_one(in_header("boost::asio::awaitable<void> f(const Job& job);"), "by value")
        self.assertEqual(in_header("boost::asio::awaitable<void> f(Job job, Server& server);"), [])

    def test_no_text_is_handed_to_a_shell(self):
        for call in ("std::system(line);", "auto* f = popen(line, mode);", "wordexp(l, &o, 0);"):
            self.assert_one(in_source(f"void f() {{\n{call}\n}}"), "to a shell")
        self.assertEqual(in_source("void f() {\nsystem::read(a);\nfail_system(a);\n}"), [])

    def test_a_note_for_later_and_a_long_line_are_refused(self):
        self.assert_one(in_source("// TO" + "DO: more"), "do it now")
        self.assert_one(in_source("//" + "x" * 99), "101 columns")

    def test_a_long_file_says_why(self):
        text = "namespace mainspring::net {\n" + "int x;\n" * 700 + "}\n"
        self.assert_one(findings(text, "net/pump.cc"), "split it")
        self.assertEqual(findings("// long because it is a table\n" + text, "net/pump.cc"), [])

    def test_test_names_are_sentences(self):
        text = 'namespace mainspring::net {\nTEST_CASE("%s") {}\n}\n'
        self.assert_one(findings(text % "pump works", "net/pump_test.cc"), "a sentence")
        self.assertEqual(findings(text % "a pump stops at once", "net/pump_test.cc"), [])

    def test_check_stays_out_of_headers_and_tests(self):
        text = '#include "base/check.h"\nnamespace mainspring::net {\nint x;\n}\n'
        base = {"base/CMakeLists.txt": "module(base 0)\n", "base/README.md": README,
                "net/CMakeLists.txt": "module(net 4 DEPENDS base)\n"}
        self.assert_one(findings(text, "net/pump_test.cc", base), "base/check.h")
        self.assertEqual(findings(text, "net/pump.cc", base), [])


if __name__ == "__main__":
    unittest.main()
