#!/usr/bin/env python3
"""A read-only registry of one image on the loopback, for pulls by tag and by digest, with a
password or without: enough of the OCI distribution specification for an engine to pull from it.

    registry.py PORT [USER:PASSWORD]      says on stdout the digest of t/bb:1, then serves
"""
import base64
import gzip
import hashlib
import http.server
import json
import sys

from docker import PATH, make_rootfs

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def make_image():
    """Blobs by digest, and the manifest."""
    rootfs = make_rootfs(b"pulled\n")  # a layer that no other image has
    layer = gzip.compress(rootfs, compresslevel=1, mtime=0)
    config = json.dumps({
        "architecture": "amd64", "os": "linux", "created": "1970-01-01T00:00:00Z",
        "config": {"Env": [f"PATH={PATH}"], "Cmd": ["echo", "from the registry"]},
        "rootfs": {"type": "layers", "diff_ids": [digest_of(rootfs)]}}).encode()

    def part(kind, data):
        return {"mediaType": kind, "digest": digest_of(data), "size": len(data)}
    manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST,
                           "config": part(CONFIG, config), "layers": [part(LAYER, layer)]}).encode()
    return {digest_of(data): data for data in (config, layer)}, manifest


def make_server(port, credentials):
    blobs, manifest = make_image()
    names = ("1", digest_of(manifest))
    wanted = "Basic " + base64.b64encode(credentials.encode()).decode() if credentials else None

    class Registry(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *unused):
            pass

        def answer(self, status, body, kind="application/json", headers=()):
            self.send_response(status)
            for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))),
                                ("Docker-Distribution-Api-Version", "registry/2.0"), *headers):
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def refuse(self, status, code, headers=()):
            body = json.dumps({"errors": [{"code": code, "message": code.lower()}]}).encode()
            self.answer(status, body, headers=headers)

        def do_GET(self):
            path = self.path.split("?")[0]
            if wanted and self.headers.get("Authorization") != wanted:
                return self.refuse(401, "UNAUTHORIZED", [("WWW-Authenticate", 'Basic realm="r"')])
            if path == "/v2/":
                return self.answer(200, b"{}")
            kind, _, name = path.rpartition("/")
            if kind == "/v2/t/bb/manifests" and name in names:
                return self.answer(200, manifest, MANIFEST, [("Docker-Content-Digest", names[1])])
            if kind == "/v2/t/bb/blobs" and name in blobs:
                return self.answer(200, blobs[name], "application/octet-stream")
            return self.refuse(404, "MANIFEST_UNKNOWN")

        do_HEAD = do_GET

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Registry)
    print(names[1], flush=True)
    return server


if __name__ == "__main__":
    make_server(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "").serve_forever()
