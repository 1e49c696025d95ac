# shellcheck shell=bash disable=SC2154
# A client that a generator makes of docs/openapi.yaml calls the running stack.
video=$(insert "http://127.0.0.1:$origin/video.mp4?client")
is "the client's video has a thumbnail" "$(wait_for "$video" completed)" completed
made=0
(
  cd "$work"
  export SERVICE_ROLE_KEY PYTHONPATH="$work:$GENERATOR" PYTHONDONTWRITEBYTECODE=1
  /usr/bin/python3 -m openapi_python_client generate --path "$root/docs/openapi.yaml" --meta none --output-path generated
  /usr/bin/python3 "$root/Tests/Contract/client.py" "$base" "$video"
) >"$work/client.log" 2>&1 || made=$?
[ "$made" = 0 ] || cat "$work/client.log"
is "a generated client knows every operation and its answers" "$made" 0
