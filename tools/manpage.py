#!/usr/bin/env python3
"""Prints the manual page of a program, made from its own --help, so that nothing is said twice.

Usage: manpage.py PROGRAM > PROGRAM.1. Every subcommand becomes a subsection.
"""
import datetime
import os
import pathlib
import re
import subprocess
import sys


def help_of(program, words):
    found = subprocess.run([program, *words, "--help"], capture_output=True, text=True, check=True,
                           env={**os.environ, "NO_COLOR": "1"})
    return found.stdout.splitlines()


def parts_of(lines):
    """(what it is, usage, [(heading, rows)], what follows): the layout of --help."""
    what, usage, groups, rest = "", "", [], []
    for line in lines:
        heading = re.fullmatch(r"([A-Z][\w ]*):", line)
        row = re.match(r"  (\S.*?)(?: {2,}(.*))?$", line)
        if line.startswith("Usage: "):
            usage = line.removeprefix("Usage: ")
        elif heading and heading[1] != "Examples" and not rest:
            groups.append((heading[1], []))
        elif row and groups and not rest:
            groups[-1][1].append((row[1], row[2] or ""))
        elif line.strip() and not usage:
            what = f"{what} {line}".strip()
        elif line.strip() or rest:
            rest.append(line)
    return what, usage, groups, rest


def escape(text):
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return r"\&" + text if text.startswith((".", "'")) else text


def rows(groups, leave_out):
    for heading, items in groups:
        kept = [item for item in items if item[0] not in leave_out]
        if not kept:
            continue
        yield ".PP"
        yield f"{escape(heading)}:"
        for name, words in kept:
            yield from (".TP", rf"\fB{escape(name)}\fR", escape(words))


def verbatim(lines):
    if lines:
        yield from (".PP", ".nf")
        yield from (escape(line) for line in lines)
        yield ".fi"


def commands_of(groups):
    return [name.split(",")[0] for heading, items in groups if heading != "Positionals"
            for name, _ in items if re.fullmatch(r"[a-z][a-z-]*(, [a-z-]+)?", name)]


def subsections(program, words):
    what, usage, groups, rest = parts_of(help_of(program, words))
    yield f".SS {escape(' '.join(words))}"
    yield escape(what)
    yield from (".PP", rf"\fB{escape(usage)}\fR")
    yield from rows(groups, {"-h,--help"})
    yield from verbatim(rest)
    for word in commands_of(groups):
        yield from subsections(program, [*words, word])


def page(program):
    name = pathlib.Path(program).name
    what, usage, groups, rest = parts_of(help_of(program, []))
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    day = datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc) if epoch else (
        datetime.datetime.now(datetime.timezone.utc))
    yield f'.TH {name.upper()} 1 "{day:%Y-%m-%d}" "{version.stdout.strip()}"'
    yield from (".SH NAME", rf"{name} \- {escape(what.partition(': ')[2].rstrip('.'))}")
    yield from (".SH SYNOPSIS", rf"\fB{escape(usage)}\fR", ".SH DESCRIPTION", escape(what))
    yield from rows(groups, set())
    yield from verbatim(rest)
    yield ".SH COMMANDS"
    for word in commands_of(groups):
        yield from subsections(program, [word])


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.splitlines()[2])
    print("\n".join(page(sys.argv[1])))


if __name__ == "__main__":
    main()
