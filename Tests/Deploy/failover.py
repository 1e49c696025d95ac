#!/usr/bin/python3
"""failover.py NGINX_FOLDER SCHEDULED: what nginx makes of a host that fails, with the configuration that is shipped.

Two hosts behind one upstream: the first is a FastCGI responder that misbehaves on purpose, or a socket nobody listens on; the second
is asked only where the first cannot have acted. Every caller gets an answer in JSON with CORS that says what is so.
"""

import http.client
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

configuration, scheduled = sys.argv[1:3]
work = tempfile.mkdtemp(prefix="thumbnail-failover-")
os.chmod(work, 0o755)
passed, failed = 0, []


def check(name, got, want):
    global passed
    if got == want:
        passed += 1
    else:
        failed.append(name)
        print(f"FAIL {name}: got {got!r}, want {want!r}")


class Host:
    """A FastCGI host on a socket. `mode`: ok, unavailable, dies, hangs, late (reads after three seconds), long (answers 16 MB)."""

    def __init__(self, name, mode="ok"):
        self.path = os.path.join(work, name + ".sock")
        self.mode, self.connections, self.requests = mode, 0, 0
        self.told, self.body, self.has_answered = {}, b"", threading.Event()
        self.listener = socket.socket(socket.AF_UNIX)
        if os.path.exists(self.path):
            os.unlink(self.path)
        self.listener.bind(self.path)
        os.chmod(self.path, 0o777)
        self.listener.listen(64)
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        stream = connection.makefile("rwb")
        records = {4: b"", 5: b""}
        if self.mode == "late":
            time.sleep(3)
        while True:
            head = stream.read(8)
            if len(head) < 8:
                return
            _, kind, _, length, padding, _ = struct.unpack("!BBHHBx", head) + (0,)
            content = stream.read(length + padding)[:length]
            if kind in records:
                records[kind] += content
            if kind == 5 and length == 0:
                break
        self.requests += 1
        self.told, self.body = dict(pairs(records[4])), records[5]
        if self.mode == "hangs":
            time.sleep(30)
        if self.mode == "dies":
            connection.shutdown(socket.SHUT_RDWR)
            connection.close()
            return
        body = b'{"host":"' + os.path.basename(self.path).encode() + b'"}'
        if self.mode in ("late", "long"):
            body += "<!--#echo var='host' --> \u0444".encode() + b" " * (1 << 24 if self.mode == "long" else 0)
        status = b"Status: 503 Service Unavailable\r\nRetry-After: 7\r\n" if self.mode == "unavailable" else b"Status: 200 OK\r\n"
        text = status + b"Content-Type: application/json\r\nCache-Control: no-store\r\nAccess-Control-Allow-Origin: *\r\n\r\n" + body
        records = [struct.pack("!BBHHBx", 1, 6, 1, len(part), 0) + part for part in [text[at:at + 65000] for at in range(0, len(text), 65000)] + [b""]]
        try:
            connection.sendall(b"".join(records) + struct.pack("!BBHHBx", 1, 3, 1, 8, 0) + b"\0" * 8)
            self.has_answered.set()
        except OSError:
            pass
        stream.close()
        connection.close()

    def close(self):
        self.listener.close()


def pairs(text):
    """Names and values of FastCGI's parameters."""
    def number(at):
        return (text[at], at + 1) if text[at] < 128 else (struct.unpack_from("!I", text, at)[0] & 0x7FFFFFFF, at + 4)
    at = 0
    while at < len(text):
        name, at = number(at)
        value, at = number(at)
        yield text[at:at + name].decode(), text[at + name:at + name + value].decode()
        at += name + value


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


running = []


def started(*arguments, **options):
    """A process that is ended with the tests, however they end."""
    running.append(subprocess.Popen(*arguments, **options))
    return running[-1]


def start_nginx(servers, beside=""):
    """`beside`: a server block of somebody else's."""
    port = free_port()
    folder = tempfile.mkdtemp(dir=work)
    os.chmod(folder, 0o755)
    # Where nginx's own user may read it, wherever the clone is.
    shutil.copytree(configuration, os.path.join(folder, "thumbnail-handlers"))
    shipped = os.path.join(folder, "thumbnail-handlers")
    with open(os.path.join(shipped, "http.conf")) as file:
        text = "".join(line if not line.startswith("upstream") else f"upstream {line.split()[1]} {{ {servers} }}\n" for line in file)
    with open(os.path.join(shipped, "http.conf"), "w") as file:
        file.write(text)
    with open(os.path.join(shipped, "fastcgi-handler.conf")) as file:
        text = file.read()
    assert "fastcgi_read_timeout 135s;" in text
    with open(os.path.join(shipped, "fastcgi-handler.conf"), "w") as file:
        file.write(text.replace("fastcgi_read_timeout 135s;", "fastcgi_read_timeout 1s;"))
    with open(os.path.join(folder, "nginx.conf"), "w") as file:
        file.write(f"""daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error;
events {{ worker_connections 256; }}
http {{ access_log off; client_body_temp_path {folder}/b; fastcgi_temp_path {folder}/f; proxy_temp_path {folder}/p; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  include thumbnail-handlers/http.conf;
  {beside}
  server {{ listen 127.0.0.1:{port}; include thumbnail-handlers/handlers.conf; root {shipped}/www; include thumbnail-handlers/status-page.conf; }} }}
""")
    test = subprocess.run(["/usr/sbin/nginx", "-t", "-p", folder, "-c", folder + "/nginx.conf", "-e", folder + "/error"], capture_output=True, text=True)
    check("nginx -t has nothing to say against it", (test.returncode, "warn" in test.stderr), (0, False))
    process = started(["/usr/sbin/nginx", "-p", folder, "-c", folder + "/nginx.conf", "-e", folder + "/error"])
    for _ in range(1200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.05)
    return process, port


def ask(port, method="POST", path="/functions/v1/auto-generate-thumbnail", source=None, headers=None, body=b"{}"):
    """Status, headers and JSON of an answer. `source`: the address to come from."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(source, 0) if source else None)
    connection.request(method, path, body=body if method == "POST" else None, headers=headers or {})
    response = connection.getresponse()
    text = response.read()
    connection.close()
    try:
        body = json.loads(text)
    except ValueError:
        body = text.decode(errors="replace")
    return response.status, response.headers, body


def unix(host):
    return f"server unix:{host.path if isinstance(host, Host) else host}"


try:
    # Two hosts: the second is a backup here only so that the first is always asked first.
    dead = os.path.join(work, "dead.sock")
    nobody = socket.socket(socket.AF_UNIX)
    nobody.bind(dead)
    os.chmod(dead, 0o777)
    second = Host("second")
    nginx, port = start_nginx(f"{unix(dead)} max_fails=0; {unix(second)} backup;")
    status, headers, body = ask(port)
    check("refused: the second host answers", (status, body), (200, {"host": "second.sock"}))
    nginx.send_signal(signal.SIGQUIT)
    nginx.wait()

    full = os.path.join(work, "full.sock")
    clogged = socket.socket(socket.AF_UNIX)
    clogged.bind(full)
    os.chmod(full, 0o777)
    clogged.listen(0)
    waiting = []
    for _ in range(4):
        one = socket.socket(socket.AF_UNIX)
        one.setblocking(False)
        try:
            one.connect(full)
        except BlockingIOError:
            break
        waiting.append(one)
    second.requests = 0
    nginx, port = start_nginx(f"{unix(full)} max_fails=0; {unix(second)} backup;")
    status, _, body = ask(port)
    check("backlog full: the second host answers", (status, body), (200, {"host": "second.sock"}))
    nginx.send_signal(signal.SIGQUIT)
    nginx.wait()

    for name, server in (("refused", dead), ("backlog full", full), ("no socket at all", os.path.join(work, "none.sock"))):
        nginx, port = start_nginx(f"{unix(server)} max_fails=0;")
        for turn in ("first", "second"):
            status, headers, body = ask(port)
            check(f"one server only, {name}: 502 the {turn} time", (status, body["success"], body["retryable"]), (502, False, True))
        check(f"one server only, {name}: JSON with CORS", (headers["Content-Type"], headers["Access-Control-Allow-Origin"]), ("application/json", "*"))
        nginx.send_signal(signal.SIGQUIT)
        nginx.wait()

    for mode, want in (("dies", 502), ("unavailable", 503), ("hangs", 504)):
        first = Host("first-" + mode, mode)
        second.requests = 0
        nginx, port = start_nginx(f"{unix(first)} max_fails=0; {unix(second)} backup;")
        status, headers, body = ask(port)
        check(f"a host that {mode}: an honest {want}", status, want)
        check(f"a host that {mode}: was asked once, the second not at all", (first.requests, second.requests), (1, 0))
        check(f"a host that {mode}: with CORS", headers["Access-Control-Allow-Origin"], "*")
        if mode == "unavailable":
            check("Retry-After comes through", headers["Retry-After"], "7")
        if mode == "dies":
            status, _, body = ask(port, "GET", "/functions/v1/retry-stuck-thumbnails")
            check("a GET, which changes nothing, goes to the second", (status, body, second.requests), (200, {"host": "second.sock"}, 1))
        first.mode = "ok"
        check(f"a host that {mode} and recovers is asked again", ask(port)[2], {"host": f"first-{mode}.sock"})
        first.close()
        nginx.send_signal(signal.SIGQUIT)
        nginx.wait()

    # What a site sets for its pages, for PHP or for its logs is nothing to the handlers: they are asked, and answer, as without it.
    habits = """limit_req_dry_run on; limit_conn_zone $server_port zone=theirs:1m; limit_conn theirs 1;
      fastcgi_request_buffering off; fastcgi_buffering off; fastcgi_max_temp_file_size 0; fastcgi_limit_rate 1k; fastcgi_send_timeout 1s;
      fastcgi_pass_request_headers off; fastcgi_pass_request_body off; fastcgi_hide_header Cache-Control;
      fastcgi_next_upstream_tries 1; mirror /functions/v1/retry-stuck-thumbnails; ssi on; ssi_types *;
      charset_map koi8-r utf-8 { C6 D184; } charset koi8-r; source_charset utf-8; override_charset on; charset_types *; sub_filter late LATE; sub_filter_types *;
      add_before_body /before; add_after_body /after; addition_types *;
      add_header Access-Control-Allow-Origin https://site.example.com always; add_header X-Site theirs always;"""
    seen = []
    for beside in ("", habits):
        late = Host("late", "late")
        nginx, port = start_nginx(f"{unix(dead)} max_fails=0; {unix(late)} backup;", beside)
        status, headers, body = ask(port, headers={"X-Own": "theirs"}, body=b"x" * 1000000)
        told = {name: value for name, value in late.told.items() if name not in ("REQUEST_ID", "HTTP_HOST")}
        seen.append((status, [header for header in headers.items() if header[0] != "Date"], body, told, len(late.body), late.requests))
        late.close()
        nginx.send_signal(signal.SIGQUIT)
        nginx.wait()
    check("a site's habits: the answer is the same", seen[1][:3], seen[0][:3])
    check("a site's habits: the request is the same", seen[1][3:], seen[0][3:])
    check("and whole", (seen[0][0], seen[0][3].get("HTTP_X_OWN"), seen[0][4:]), (200, "theirs", (1000000, 1)))
    long = Host("long", "long")
    nginx, port = start_nginx(f"{unix(long)} max_fails=0;", habits)
    head = b"POST /scheduled HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(2)]
    slow[0].sendall(head + b"x")
    check("a body that comes slowly keeps nobody out", ask(port, "HEAD", "/health")[0], 200)
    check("and holds no worker", long.connections, 1)
    long.has_answered.clear()
    slow[1].sendall(head + b"x" * 1000)
    check("nor does an answer that is read slowly", long.has_answered.wait(60), True)
    for one in slow:
        one.close()
    long.mode = "ok"
    check("a trial of a site's limits ends ours not", 429 in [ask(port, "HEAD", "/health", "127.0.0.2")[0] for _ in range(60)], True)
    long.close()
    nginx.send_signal(signal.SIGQUIT)
    nginx.wait()

    # A socket that whoever starts the workers holds, as systemd does: workers that die leave it, and what is asked waits for the next.
    held = os.path.join(work, "held.sock")
    environment = {"PATH": os.environ["PATH"], "SUPABASE_URL": "http://127.0.0.1:9", "CRON_SECRET": "a-secret-of-the-failover-test"}
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(held)
    os.chmod(held, 0o777)
    listener.listen(511)
    nginx, port = start_nginx(f"{unix(held)} max_fails=0;")
    told = []
    for _ in range(100):
        asking = threading.Thread(target=lambda: told.append(ask(port, path="/scheduled")[0]))
        asking.start()
        worker = started([scheduled], stdin=listener, env=environment, stderr=subprocess.DEVNULL)
        asking.join()
        worker.kill()
        worker.wait()
    check("a hundred crashes: the socket stays, and nobody is turned away", told, [401] * 100)
    nginx.send_signal(signal.SIGQUIT)
    nginx.wait()

    # A real handler behind it: limits, and what nginx answers itself.
    sock = os.path.join(work, "scheduled.sock")
    handler = started([os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Support/fastcgi-processes"), sock, "2", scheduled],
                               env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    while not os.path.exists(sock):
        time.sleep(0.05)
    os.chmod(sock, 0o777)
    nginx, port = start_nginx(f"{unix(sock)} max_fails=0;")
    check("the handler itself", ask(port, path="/scheduled")[0], 401)
    statuses = [ask(port, path="/scheduled")[0] for _ in range(60)]
    check("a trusted caller is not limited", statuses.count(401), 60)
    answers = [ask(port, path="/scheduled", source="127.0.0.2") for _ in range(60)]
    check("a burst of others is answered", [a[0] for a in answers[:40]], [401] * 40)
    limited = next((a for a in answers if a[0] == 429), None)
    check("what is more is not", limited is not None, True)
    if limited:
        check("which is said", (limited[2]["error"], limited[1]["Retry-After"], limited[1]["Access-Control-Allow-Origin"]),
              ("Too many requests from this address", "1", "*"))
    check("another address has its own", ask(port, path="/scheduled", source="127.0.0.3")[0], 401)
    check("a header that is too long", ask(port, path="/scheduled", headers={"X-Long": "x" * 9000})[0], 400)
    check("a URL that is too long", ask(port, "GET", "/metrics?" + "x" * 9000)[0], 414)
    status, headers, _ = ask(port, "GET", "/")
    check("the status page", (status, "script-src 'self'" in headers["Content-Security-Policy"], headers["X-Content-Type-Options"]), (200, True, "nosniff"))
    check("it is only read", ask(port, "POST", "/style.css")[0], 405)
    nginx.send_signal(signal.SIGQUIT)
    nginx.wait()
    # A platform's own site, with settings of its own and an application that is down: it has the handlers' URLs, and stays what it was.
    own = free_port()
    nginx, port = start_nginx(f"{unix(sock)} max_fails=0;", f"""server {{ listen 127.0.0.1:{own};
    root {work}; client_max_body_size 1g; client_header_timeout 30s; large_client_header_buffers 8 16k; fastcgi_intercept_errors on; error_page 401 404 /none.html;
    location / {{ }} location @failed {{ return 500; }} location /down {{ proxy_pass http://127.0.0.1:9; }}
    include thumbnail-handlers/handlers.conf; include thumbnail-handlers/pictures.conf; }}""")
    status, headers, body = ask(own, path="/scheduled")
    check("a handler at a site of one's own", (status, body), (401, {"success": False, "error": "Unauthorized"}))
    status, headers, body = ask(own, path="/scheduled", headers={"Content-Length": "2000000"})
    check("its limit", (status, body["error"]), (413, "The request body is too long"))
    for path, want in (("/down", 502), ("/none", 404)):
        status, headers, body = ask(own, "GET", path)
        check(f"the site's own {path}", (status, headers["Content-Type"], "handler" in str(body)), (want, "text/html", False))
    check("and its own longer headers", ask(own, path="/scheduled", headers={"X-Long": "x" * 9000})[0], 401)
    nginx.send_signal(signal.SIGQUIT)
    nginx.wait()
    handler.terminate()
    handler.wait()
finally:
    for process in running:
        process.terminate()
        process.wait()
    shutil.rmtree(work, ignore_errors=True)
print(f"  failover     {passed} passed, {len(failed)} failed")
sys.exit(bool(failed))
