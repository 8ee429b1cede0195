"""The walls between modules hold: each forbidden thing makes the check fail, and says why.

Every test starts from one small, right project of two modules, made in a temporary directory around
the real cmake/module.cmake and the real tools/tidy.py, and breaks one thing in it.
"""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
COMPILER = os.environ.get("CXX", "clang++-19")

README = "# it\n## Is\nA room.\n## Words\n- none\n## Holds\n- nothing\n## Start at\n`it.h`\n"

PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(walls LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 23)
add_link_options(-fuse-ld=lld)
add_library(fmt::fmt INTERFACE IMPORTED)
file(WRITE ${CMAKE_BINARY_DIR}/empty.cc "")
add_library(pch OBJECT ${CMAKE_BINARY_DIR}/empty.cc)
target_precompile_headers(pch PRIVATE <cstddef>)
include(${REAL_ROOT}/cmake/module.cmake)
add_subdirectory(src)
"""


def header(module, name, body=""):
    return f"#pragma once\n{body}\nnamespace mainspring::{module} {{\nint {name}();\n}}\n"


def source(module, name, includes=(), result="1"):
    lines = [f'#include "{module}/{name}.h"', *(f'#include "{path}"' for path in includes)]
    return "\n".join([*lines, f"namespace mainspring::{module} {{",
                      f"int {name}() {{ return {result}; }}", "}\n"])


RIGHT_TREE = {
    "CMakeLists.txt": PROJECT,
    "src/CMakeLists.txt": "add_subdirectory(low)\nadd_subdirectory(side)\nadd_subdirectory(high)\n",
    "src/low/CMakeLists.txt": "module(low 0)\n",
    "src/low/README.md": README,
    "src/low/depth.h": header("low", "depth"),
    "src/low/depth.cc": source("low", "depth"),
    "src/side/CMakeLists.txt": "module(side 0)\n",
    "src/side/README.md": README,
    "src/side/width.h": header("side", "width"),
    "src/side/width.cc": source("side", "width"),
    "src/high/CMakeLists.txt": "module(high 4 DEPENDS low)\n",
    "src/high/README.md": README,
    "src/high/height.h": header("high", "height"),
    "src/high/height.cc": source("high", "height", ["low/depth.h"], "low::depth() + 1"),
}


class Walls(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="walls-")
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for path, text in RIGHT_TREE.items():
            self.write(path, text)

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def tidy(self):
        """The findings of tools/tidy.py; the exit status says whether there are any."""
        done = subprocess.run([sys.executable, ROOT / "tools/tidy.py", "--root", self.root],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.returncode, 1 if done.stdout else 0)
        return done.stdout

    def configure(self):
        return self.run_tool("cmake", "-S", self.root, "-B", self.root / "build", "-G", "Ninja",
                             f"-DREAL_ROOT={ROOT}", f"-DCMAKE_CXX_COMPILER={COMPILER}",
                             "-DCMAKE_CXX_COMPILER_WORKS=ON")

    def build(self, target):
        status, output = self.configure()
        self.assertEqual(status, 0, output)
        return self.run_tool("ninja", "-C", self.root / "build", "-j", "2", target)

    @staticmethod
    def run_tool(*command):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        return done.returncode, " ".join(done.stdout.split())

    def test_a_right_tree_passes_every_check(self):
        self.assertEqual(self.tidy(), "")
        status, output = self.build("all")
        self.assertEqual(status, 0, output)

    def test_an_upward_include_is_refused(self):
        self.write("src/low/depth.cc", source("low", "depth", ["high/height.h"]))
        self.assertEqual(self.tidy(), "src/low/depth.cc:2: low (floor 0) includes high (floor 4): "
                                      "includes point down\n")

    def test_a_sideways_include_is_refused(self):
        self.write("src/low/depth.cc", source("low", "depth", ["side/width.h"]))
        self.assertIn("low (floor 0) includes side (floor 0): includes point down", self.tidy())

    def test_an_undeclared_include_is_refused(self):
        self.write("src/high/height.cc",
                   source("high", "height", ["low/depth.h", "side/width.h"], "low::depth()"))
        self.assertEqual(self.tidy(),
                         "src/high/height.cc:3: high includes side without declaring it: "
                         "add it to DEPENDS in src/high/CMakeLists.txt, or do without\n")

    def test_an_undeclared_symbol_does_not_link(self):
        self.write("src/high/height.cc", "\n".join([
            '#include "high/height.h"', '#include "low/depth.h"', "namespace mainspring::side {",
            "int width();", "}", "namespace mainspring::high {",
            "int height() { return low::depth() + side::width(); }", "}\n"]))
        status, output = self.build("linktest_high")
        self.assertNotEqual(status, 0)
        self.assertIn("undefined symbol: mainspring::side::width()", output)

    def test_an_upward_depends_is_refused_by_cmake_and_by_tidy(self):
        self.write("src/side/CMakeLists.txt", "module(side 0 DEPENDS low)\n")
        status, output = self.configure()
        self.assertNotEqual(status, 0)
        self.assertIn("module side (floor 0) may not depend on low (floor 0): includes point down",
                      output)
        self.assertIn("side (floor 0) depends on low (floor 0): includes point down", self.tidy())

    def test_a_depends_on_a_later_module_is_refused_by_cmake(self):
        self.write("src/low/CMakeLists.txt", "module(low 0 DEPENDS high)\n")
        status, output = self.configure()
        self.assertNotEqual(status, 0)
        self.assertIn("depends on 'high', which is no module on a lower floor", output)

    def test_a_depends_that_nothing_uses_is_refused(self):
        self.write("src/high/CMakeLists.txt", "module(high 4 DEPENDS low side)\n")
        self.assertIn("high declares side, never uses it", self.tidy())

    def test_a_module_that_is_not_built_is_refused(self):
        self.write("src/CMakeLists.txt", "add_subdirectory(low)\nadd_subdirectory(high)\n")
        self.assertEqual(self.tidy(), "src/side/CMakeLists.txt:1: src/CMakeLists.txt does not add "
                                      "side\n")

    def test_a_banned_header_is_refused_on_a_pure_floor_only(self):
        self.write("src/low/depth.h", header("low", "depth", "#include <thread>"))
        self.write("src/high/height.h", header("high", "height", "#include <thread>"))
        self.assertEqual(self.tidy(), "src/low/depth.h:2: on pure floor 0, <thread> is banned: "
                                      "let a higher floor do this\n")

    def test_a_clock_is_refused_on_a_pure_floor(self):
        self.write("src/low/depth.cc", source("low", "depth", (), "int(Clock::now())"))
        self.assertIn("src/low/depth.cc:3: on pure floor 0, ::now() is banned", self.tidy())

    def test_a_module_without_readme_is_refused_by_cmake_and_by_tidy(self):
        (self.root / "src/low/README.md").unlink()
        status, output = self.configure()
        self.assertNotEqual(status, 0)
        self.assertIn("module low has no README.md", output)
        self.assertEqual(self.tidy(), "src/low/README.md:1: module low has no README.md\n")


if __name__ == "__main__":
    unittest.main()
