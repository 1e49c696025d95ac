# shellcheck shell=bash
# For suites that start processes: each is put into `processes`, and ended by `end_processes`.
processes=()
end_processes() {
  local process
  for process in "${processes[@]}"; do kill -TERM "$process" 2>/dev/null || true; done
  for process in "${processes[@]}"; do wait "$process" 2>/dev/null || true; done
}
# Below the range of outgoing connections, so that only another server can come in between.
free_port() {
  python3 -c 'import random, socket
while True:
    port = random.randrange(20000, 32000)
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
    print(port)
    break'
}
