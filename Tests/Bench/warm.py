"""What is measured of warm workers: they are started, and asked through their FastCGI sockets without a program between whose start would be measured, too."""

import json
import os
import socket
import struct
import subprocess
import sys
import time

#: Whose videos they are: those of one uploader share a decoding process, as by default.
UPLOADER = "00000000-0000-4000-8000-000000000001"

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
#: Where the clips are.
FOLDER = os.path.join(ROOT, ".build/bench")
PROGRAM = os.path.join(os.environ.get("BIN", os.path.join(ROOT, ".build/release")), "auto-generate-thumbnail")


def begin(*arguments):
    """Starts the script again, with these, beside a worker, a database and an origin (warm-worker), unless it is there already."""
    if "WORKER_SOCKET" not in os.environ:
        beside = os.path.join(ROOT, "Tests/Bench/warm-worker")
        os.makedirs(FOLDER, exist_ok=True)
        os.execve(beside, [beside, FOLDER, os.path.abspath(sys.argv[0]), *arguments], {"BIN": os.path.dirname(PROGRAM), **os.environ})


def start(name, program=PROGRAM, count=1, **settings):
    """Workers of their own, in the way Tests/Support/fastcgi-processes starts them: their parent, their socket, the first one's number."""
    path = os.environ["WORKER_SOCKET"] + "." + name
    environment = {key: os.environ[key] for key in ("DATABASE_URL", "SERVICE_ROLE_KEY")}
    environment |= {"THUMBNAILS_DIRECTORY": os.path.join(os.path.dirname(path), name), "PUBLIC_BASE_URL": "http://127.0.0.1",
                    "SOURCE_PRIVATE_HOSTS": os.environ["ORIGIN"].removeprefix("http://"), "LOG_LEVEL": "warning", **settings}
    os.makedirs(environment["THUMBNAILS_DIRECTORY"], exist_ok=True)
    parent = subprocess.Popen([os.path.join(ROOT, "Tests/Support/fastcgi-processes"), path, str(count), program], env=environment)
    while not os.path.exists(path):
        time.sleep(0.05)
    time.sleep(1)
    worker = int(subprocess.run(["pgrep", "-P", str(parent.pid)], capture_output=True, text=True).stdout.split()[0])
    return parent, path, worker


def insert(url, uploader=UPLOADER):
    """The id of a new video with this URL."""
    return sql(f"INSERT INTO videos (status, video_url, user_id) VALUES ('completed', '{url}', '{uploader}') RETURNING id")


def sql(statement):
    """What a statement answers, as psql prints it."""
    return subprocess.run(["psql", "-XAtq", os.environ["DATABASE_URL"], "-c", statement], check=True, capture_output=True, text=True).stdout.strip()


def ask(path, video, **more):
    """Asks the worker behind the socket `path` for a video's thumbnail: seconds until the answer, and the answer."""
    body = json.dumps({"videoId": video, **more}).encode()
    fields = {"REQUEST_METHOD": "POST", "REQUEST_URI": "/x", "HTTP_AUTHORIZATION": "Bearer " + os.environ["SERVICE_ROLE_KEY"],
              "CONTENT_LENGTH": str(len(body))}
    parameters = b"".join(struct.pack(">BB", len(name), len(value)) + (name + value).encode() for name, value in fields.items())
    message = b"".join(struct.pack(">BBHHBB", 1, kind, 1, len(content), 0, 0) + content for kind, content in
                       ((1, struct.pack(">HB5x", 1, 0)), (4, parameters), (4, b""), (5, body), (5, b"")))
    begin = time.monotonic()
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(path)
        caller.sendall(message)
        received = b""
        while part := caller.recv(65536):
            received += part
    seconds = time.monotonic() - begin
    answer = b""
    while len(received) >= 8:
        _, kind, _, length, padding, _ = struct.unpack(">BBHHBB", received[:8])
        if kind == 6:
            answer += received[8:8 + length]
        received = received[8 + length + padding:]
    return seconds, answer.decode()
