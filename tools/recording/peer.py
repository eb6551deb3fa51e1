"""What a recorded server talks to: answers HTTP or raw TCP, takes uploads, gives no orders.

Run as `peer.py http PORT` or `peer.py tcp PORT`, inside a namespace of the lab.
"""

import http.server
import socketserver
import sys

READ_MAX = 65536


class Web(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        left = int(self.headers.get("Content-Length", 0))
        while left > 0:
            taken = self.rfile.read(min(left, READ_MAX))
            if not taken:
                return
            left -= len(taken)
        body = b"ok\n"
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = answer


class Raw(socketserver.StreamRequestHandler):
    def handle(self):
        """A greeting is answered at once; anything longer is read to its end first."""
        if self.request.recv(READ_MAX).endswith(b"\n"):
            self.wfile.write(b"ok\n")
        while self.request.recv(READ_MAX):
            pass


class RawServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main():
    kind, port = sys.argv[1], int(sys.argv[2])
    if kind == "http":
        http.server.ThreadingHTTPServer(("", port), Web).serve_forever()
    RawServer(("", port), Raw).serve_forever()


main()
