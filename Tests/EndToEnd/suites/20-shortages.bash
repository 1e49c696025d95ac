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
