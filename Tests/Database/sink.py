"""An address webhooks are posted to: sink.py LOG SECONDS prints its port, notes each post's video and, late, answers "nothing to do" as a worker
does."""

import http.server
import json
import sys
import time


class Sink(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        video = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["videoId"]
        with open(sys.argv[1], "a") as log:
            log.write(video + "\n")
        time.sleep(float(sys.argv[2]))
        body = b'{"success":true,"skipped":true,"reason":"completed"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Thumbnail-Worker", "busy")
        self.end_headers()
        self.wfile.write(body)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sink)
server.daemon_threads = True
sys.stdout.write(f"{server.server_address[1]}\n")
sys.stdout.flush()
server.serve_forever()
