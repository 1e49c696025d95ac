# shellcheck shell=bash disable=SC2154
# docs/openapi.yaml against the running stack: requests that it allows and requests that it does not, from its own examples and at random, the same
# each time. What is answered must be what it says, and never a fault of the server's.
videos=()
for number in 1 2 3; do videos+=("$(insert "http://127.0.0.1:$origin/video.mp4?contract=$number")"); done
for video in "${videos[@]}"; do is "the contract's videos have thumbnails" "$(wait_for "$video" completed)" completed; done
# One that failed for good, one that is not finished, and ids of no video, which the document's own examples have.
videos+=("$(insert "http://10.0.0.1/video.mp4")" "$(sql "INSERT INTO videos (status) VALUES ('processing') RETURNING id")")
wait_for "${videos[3]}" failed >/dev/null
contract=0
(
  cd "$work"
  export SERVICE_ROLE_KEY VIDEOS="${videos[*]}" SCHEMATHESIS_HOOKS=hooks PYTHONPATH="$root/Tests/Contract:$SCHEMATHESIS" PYTHONDONTWRITEBYTECODE=1
  timeout 1200 /usr/bin/python3 -m schemathesis.cli --config-file "$root/Tests/Contract/schemathesis.toml" run --url "$base" "$root/docs/openapi.yaml"
) >"$work/contract.log" 2>&1 || contract=$?
[ "$contract" = 0 ] || cat "$work/contract.log"
is "the document is what the handlers do" "$contract" 0
