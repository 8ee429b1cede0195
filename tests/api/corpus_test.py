"""Runs tests/api/*.test: requests and the replies that a node must give, as text.

A file is a list of cases, separated by lines "====". A case is

    # a sentence that is true of a right program
    METHOD /path
    Header: value

    body                 (until the line "-->")
    --> STATUS
    Header: value        (optional; the reply must have it)

    {"json": "expected"} (optional)

The expected JSON must be contained in the reply: objects may have more keys, lists must have equal
length, "*" stands for anything. "$ADMIN" is the name of the node's own token. "$NAME" in a request
is a value that an earlier case of the file kept by writing "=NAME" where the reply has it. In a
request, "<<x*300>>" is 300 times "x", a header "-" is not sent, and the lines behind "RAW -" are
sent as they stand. Each file gets a node of its own.
"""
import http.client
import json
import pathlib
import re
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from node import Node, Reply  # noqa: E402

HERE = pathlib.Path(__file__).parent


def split_head(lines):
    """Header lines up to the first blank one, and the rest."""
    headers = {}
    while lines and lines[0].strip():
        name, _, value = lines.pop(0).partition(":")
        headers[name.strip()] = value.strip()
    return headers, "\n".join(lines[1:])


def parse(text):
    for block in text.split("\n====\n"):
        lines = [line for line in block.strip("\n").split("\n")]
        title = []
        while lines and (lines[0].startswith("#") or not lines[0].strip()):
            title.append(lines.pop(0).lstrip("# "))
        title = " ".join(title)
        if not lines:
            continue
        arrow = next(i for i, line in enumerate(lines) if line.startswith("-->"))
        method, path = lines[0].split(" ", 1)
        raw = "\n".join(lines[1:arrow])
        headers, body = ({}, raw) if method == "RAW" else split_head(lines[1:arrow])
        status = int(lines[arrow].split()[1])
        want_headers, want_body = split_head(lines[arrow + 1:])
        yield title, (method, path, headers, body), (status, want_headers, want_body)


def differences(want, have, kept, at=""):
    if isinstance(want, str) and want.startswith("=") and len(want) > 1:
        kept[want[1:]] = str(have)
    elif want == "*":
        return
    elif isinstance(want, dict) and isinstance(have, dict):
        for key, value in want.items():
            if key not in have:
                yield f"{at}/{key} is missing"
            else:
                yield from differences(value, have[key], kept, f"{at}/{key}")
    elif isinstance(want, list) and isinstance(have, list) and len(want) == len(have):
        for i, (a, b) in enumerate(zip(want, have)):
            yield from differences(a, b, kept, f"{at}/{i}")
    elif want != have or type(want) is not type(have):
        yield f"{at or '/'}: expected {json.dumps(want)}, got {json.dumps(have)}"


def fill(text, kept):
    for name in sorted(kept, key=len, reverse=True):
        text = text.replace(f"${name}", kept[name])
    return re.sub(r"<<(.+?)\*(\d+)>>", lambda found: found[1] * int(found[2]), text, flags=re.S)


def send_raw(node, text):
    """The lines as bytes of HTTP, with the empty line that ends the head where they have none."""
    lines = text.rstrip("\n").split("\n")
    if "" not in lines:
        lines.append("")
    host, port = node.address.split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall("".join(line + "\r\n" for line in lines).encode())
        response = http.client.HTTPResponse(connection)
        response.begin()
        return Reply(response)


def send(node, request, kept):
    method, path, headers, body = request
    if method == "RAW":
        return send_raw(node, fill(body, kept))
    headers = {name: None if value == "-" else fill(value, kept)
               for name, value in headers.items()}
    return node.request(method, fill(path, kept), fill(body, kept).encode() or None, headers)


def check(node, request, reply, kept):
    status, want_headers, want_body = reply
    given = send(node, request, kept)
    if given.status != status:
        yield f"status {given.status}, expected {status}: {given.body.decode(errors='replace')}"
    for name, value in want_headers.items():
        if value not in ("*", given.headers.get(name)) or given.headers.get(name) is None:
            yield f"header {name}: expected {value}, got {given.headers.get(name)}"
    if want_body.strip():
        try:
            yield from differences(json.loads(fill(want_body, kept)), given.json(), kept)
        except json.JSONDecodeError as error:
            yield f"not JSON ({error}): {given.body[:200]}"


def run(path):
    failed = passed = 0
    with Node() as node:
        kept = {"ADMIN": node.request("GET", "/api/v1/session").json()["name"]}
        for title, request, reply in parse(path.read_text()):
            found = list(check(node, request, reply, kept))
            passed, failed = (passed, failed + 1) if found else (passed + 1, failed)
            for text in found:
                print(f"{path.name}: {title}\n    {text}")
    return passed, failed


def main():
    files = [pathlib.Path(name) for name in sys.argv[1:]] or sorted(HERE.glob("*.test"))
    totals = [run(path) for path in files]
    passed, failed = sum(t[0] for t in totals), sum(t[1] for t in totals)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
