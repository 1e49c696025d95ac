# shellcheck shell=bash disable=SC2154
# Hosts that are short of threads or descriptors, as under TasksMax, pids_limit or a low limit of open files: the reason is said, and nobody is
# blamed who is not at fault.
"${CC:-clang}" -O1 -Wall -Wextra -Werror -o "$work/refuse" "$root/Tests/Support/refuse.c" -lseccomp

# A worker that could not hear SIGTERM, tell the supervisor that it is well, or wait for a connection, ends at its start: it is started again.
start_without() { # CALL,CALL ERROR: how the handler ends, and what it says
  python3 - "$work/refuse" "$2" "$1" "$bin/scheduled" <<'PY'
import socket, subprocess, sys
with socket.create_server(("127.0.0.1", 0)) as listener:
    handler = subprocess.Popen(sys.argv[1:], stdin=listener, stderr=subprocess.PIPE, text=True, env={
        "CRON_SECRET": "a-secret-of-this-test-of-shortages", "SUPABASE_URL": "http://x"})
    try:
        print(handler.wait(60), handler.stderr.read().splitlines()[-1])
    except subprocess.TimeoutExpired:
        print("goes on")
    finally:
        handler.kill()
PY
}
is "a host without a thread for a handler" "$(start_without thread 11)" "71 no thread can be started: Resource temporarily unavailable"
is "without a descriptor for signals" "$(start_without signalfd4 24)" "71 no signal can be waited for: Too many open files"
is "without one for connections" "$(start_without epoll_create1 23)" "71 no connection can be waited for: Too many open files in system"
is "or for the listening socket" "$(start_without epoll_ctl 28)" "71 no connection can be waited for: No space left on device"

# The origin is not blamed for what this host lacks, so that no video loses an attempt.
render_without() { # CALL ERROR URL
  SOURCE_PRIVATE_HOSTS=127.0.0.1:$origin "$work/refuse" "$2" "$1" "$bin/real/auto-generate-thumbnail" render "$3" --output "$work/r.jpg" --json
}
lacking='{"code":"configuration","error":"the origin cannot be asked: this host'
is "a host without a descriptor for a connection" "$(render_without socket 24 "http://127.0.0.1:$origin/video.mp4")" \
  "$lacking can open no socket: Too many open files\",\"retryable\":true}"
is "without a thread for a name" "$(render_without thread 11 http://origin.example/video.mp4)" \
  "$lacking has no thread or descriptor left to look up a name\",\"retryable\":true}"

# A database that falls silent: the worker gives up in time, and its watchdog need not end it.
row=$(insert "http://127.0.0.1:$origin/video.mp4?silence")
is "a video with a thumbnail" "$(wait_for "$row" completed failed)" completed
mkdir -p "$work/cgi-store"
cat >"$work/silence.py" <<'PY'
"""silence.py DATABASE_URL WORD SECONDS: the database, which says nothing more for so long once it has been sent the word."""
import socket, sys, threading, urllib.parse
target = urllib.parse.parse_qs(urllib.parse.urlsplit(sys.argv[1]).query)["host"][0] + "/.s.PGSQL.5432"
goes_on = threading.Event()
goes_on.set()
def forward(source, sink):
    while part := source.recv(65536):
        if sys.argv[2].encode() in part and goes_on.is_set():
            goes_on.clear()
            threading.Timer(float(sys.argv[3]), goes_on.set).start()
        goes_on.wait()
        sink.sendall(part)
    sink.shutdown(socket.SHUT_WR)
with socket.create_server(("127.0.0.1", 0)) as listener:
    print(listener.getsockname()[1], flush=True)
    while True:
        client = listener.accept()[0]
        server = socket.socket(socket.AF_UNIX)
        server.connect(target)
        for pair in ((client, server), (server, client)):
            threading.Thread(target=forward, args=pair, daemon=True).start()
PY
with_silence() { # WORD SECONDS BODY [NAME=value…]: the status of the answer, and how the process has ended
  local proxy body=$3
  rm -f "$work/silence"
  python3 "$work/silence.py" "$HANDLERS_DATABASE_URL" "$1" "$2" >"$work/silence" 2>&1 &
  proxy=$!
  suite_processes+=("$proxy")
  wait_file "$work/silence"
  shift 3
  cgi auto-generate-thumbnail "$body" "$@" \
    DATABASE_URL="${HANDLERS_DATABASE_URL%@*}@127.0.0.1:$(cat "$work/silence")/videos?sslmode=disable"
  sed -n 's/^exit/ended with/p' "$work/cgi.log"
  kill "$proxy"
}
quiet
is "silence when a storyboard is handed in" \
  "$(with_silence 'complete_storyboard(' 60 "{\"videoId\":\"$row\",\"storyboard\":true}" REQUEST_DEADLINE=3 2>&1)" 202
has "which fails" "$(cat "$work/cgi.log")" '"code":"database".*"message":"no storyboard"'
# The claim has taken nearly as long as a job may take.
late=$(quiet_row "http://127.0.0.1:$origin/trickle.mp4?late")
is "silence when a job is claimed" "$(with_silence 'claim_next(' 7.5 "{\"videoId\":\"$row\"}" REQUEST_DEADLINE=8 LEASE_SECONDS=60 2>&1)" 200
is "which has failed" "$(state_of "$late")" "failed source"
# Neither is tried again during other suites.
sql "DELETE FROM videos WHERE id IN ('$row', '$late')"
end_quiet
