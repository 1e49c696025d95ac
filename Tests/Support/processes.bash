# shellcheck shell=bash
# For suites that start processes: each is put into `processes`, and ended by `end_processes`.
processes=()
end_processes() { end_running "${processes[@]}"; }
# Ends those of these that still run. The number of one that has ended may be another process's by now: in five minutes of tests all are used once.
end_running() { # process…
  local process running
  running=$(jobs -pr)
  for process in "$@"; do ! grep -qx "$process" <<<"$running" || kill -TERM "$process" || true; done
  for process in "$@"; do wait "$process" 2>/dev/null || true; done
}
# Below the range of outgoing connections, so that only another server can come in between.
free_ports() { # how many: on one line, all different
  python3 - "$1" <<'PY'
import random, socket, sys
found = []
while len(found) < int(sys.argv[1]):
    port = random.randrange(20000, 32000)
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
    if port not in found:
        found.append(port)
print(*found)
PY
}
free_port() { free_ports 1; }
