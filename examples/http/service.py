"""A small web service: `service.py PORT`."""
import http.server
import json
import sys


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    orders = {}  # by Idempotency-Key

    def do_GET(self):
        if self.path == "/api/health":
            return self.answer(200, {"status": "ok", "orders": len(self.orders)})
        if self.path == "/api/report":
            lines = [f"{number},{item}" for number, item in self.orders.values()]
            return self.answer(200, "\n".join(["number,item", *lines, ""]), "text/csv")
        return self.answer(404, {"detail": f"there is nothing at {self.path}"})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = self.headers["Idempotency-Key"]
        is_known = key in self.orders
        self.orders.setdefault(key, (len(self.orders) + 1, body["item"]))
        if not is_known:  # it is stored, and the answer is lost
            return self.answer(503, {"detail": "the answer was lost"}, retry_after=1)
        number, item = self.orders[key]
        return self.answer(200, {"number": number, "item": item})

    def answer(self, status, body, media_type="application/json", retry_after=None):
        text = body if isinstance(body, str) else json.dumps(body)
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(text.encode())))
        if retry_after:
            self.send_header("Retry-After", str(retry_after))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *unused):
        pass


if __name__ == "__main__":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Service)
    print(f"listening at port {server.server_address[1]}", flush=True)
    server.serve_forever()
