# shellcheck shell=bash disable=SC2034,SC2154
# What the end-to-end suites share. `work`, `root`, `bin`, `base` and the stack's secrets are set by ./stack.

# shellcheck source=Tests/Support/processes.bash
. "$root/Tests/Support/processes.bash"
passed=0
failed=0
is() { # name got want
  if [ "$2" = "$3" ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAIL %s: got "%s", want "%s"\n' "$1" "$2" "$3"
  fi
}
has() { # name text pattern
  if grep -q -e "$3" <<<"$2"; then is "$1" yes yes; else is "$1" "$2" "something with $3"; fi
}

sql() { psql -XAtq "$DATABASE_URL" -c "$1"; }
# The answer's status on standard output, its body in $work/body, its headers in $work/headers.
call() { curl -s -D "$work/headers" -o "$work/body" -w '%{http_code}' "$@"; }
generate() { call -X POST -H "Authorization: Bearer $SERVICE_ROLE_KEY" "$base/functions/v1/auto-generate-thumbnail" "$@"; }
body() { cat "$work/body"; }

# One request by CGI, with settings of its own: cgi HANDLER BODY [NAME=value…]; prints the status like `call`.
cgi() {
  local handler=$1 text=$2
  shift 2
  printf %s "$text" | "${as_handlers[@]}" env -i PATH="$PATH" GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=POST REQUEST_URI=/cgi \
    CONTENT_LENGTH="$(printf %s "$text" | wc -c)" HTTP_AUTHORIZATION="Bearer $SERVICE_ROLE_KEY" \
    SERVICE_ROLE_KEY="$SERVICE_ROLE_KEY" DATABASE_URL="$HANDLERS_DATABASE_URL" SUPABASE_URL="$base" PUBLIC_BASE_URL="$base" \
    THUMBNAILS_DIRECTORY="$work/cgi-store" SOURCE_PRIVATE_HOSTS="127.0.0.1:$origin" "$@" \
    "$bin/$handler" >"$work/cgi" 2>"$work/cgi.log" || echo "exit $?" >>"$work/cgi.log"
  sed -n '1,/^\r*$/p' "$work/cgi" >"$work/headers"
  sed '1,/^\r*$/d' "$work/cgi" >"$work/body"
  sed -n 's/^Status: \([0-9]*\).*/\1/p' "$work/headers"
}

as_handlers=()
# Lets a handler run by CGI share the stack's store: as the stack's own user, writing where nginx reads.
as_stack() {
  local user
  user=$(stat -c %U "$work/state/public/thumbnails")
  [ "$(id -u)" != 0 ] || as_handlers=(setpriv --reuid "$user" --regid "$user" --clear-groups)
  "$@"
  as_handlers=()
}
wait_file() { for _ in $(seq 1200); do [ -s "$1" ] && return; sleep 0.05; done; echo "no $1" >&2; return 1; }
# Until a process has stopped (state T).
wait_stopped() { for _ in $(seq 1200); do grep -q '^State:.T' "/proc/$1/status" && return; sleep 0.05; done; return 1; }
served() { curl -fsS -o "$work/served" "$1" && wc -c <"$work/served"; }
url_of() { sql "SELECT thumbnail_url FROM videos WHERE id = '$1'"; }
events_of() { # row to_status
  sql "SELECT count(*) FROM thumbnails.events WHERE video_id = '$1' AND to_status = '$2'"
}

# Until nobody takes anything that is not asked for: the relay would take its hint from the inbox, so it is stopped until the next `insert`. A
# worker that still goes on would take it, and a sweep that does would have it taken: so it is waited until none of them has asked the
# database anything for a while. What a worker has in hand is waited for only where the quiet begins: later it may be what the test itself
# has left there.
quiet() {
  local stirring in_hand=false
  if [ ! -e "$work/quiet" ]; then
    control stop webhook-relay
    : >"$work/quiet"
    in_hand=true
  fi
  for _ in $(seq 600); do
    stirring=$(sql "SELECT 'a job in hand' FROM thumbnails.jobs WHERE $in_hand AND token IS NOT NULL AND due_at > clock_timestamp()
      UNION SELECT 'a sweep' FROM thumbnails.positions WHERE delivers_until > clock_timestamp()
      UNION SELECT application_name || ': ' || query FROM pg_stat_activity
        WHERE application_name ~ '^(auto-generate-thumbnail|retry-stuck-thumbnails|webhook-relay):'
          AND (state <> 'idle' OR state_change > clock_timestamp() - interval '0.3 s')")
    [ -n "$stirring" ] || break
    sleep 0.1
  done
  [ -z "$stirring" ] || { echo "it does not become quiet: $stirring" >&2; return 1; }
}
# A row nobody is told of: the test itself asks for its thumbnail.
quiet_row() { # video_url
  quiet || return
  sql "INSERT INTO videos (status, video_url) VALUES ('completed', '$1') RETURNING id"
}
# Another program took a quiet row 12 hours ago and was never heard of again, and the queue knows nothing of it: only the sweep can find it.
leave_behind() { # row
  sql "UPDATE videos SET thumbnail_generation_status = 'processing', thumbnail_generation_started_at = now() - interval '12 hours' WHERE id = '$1';
       DELETE FROM thumbnails.inbox WHERE video_id = '$1'"
}
# What the queue still holds of a row: its hints and its jobs.
queued() { sql "SELECT (SELECT count(*) FROM thumbnails.inbox WHERE video_id = '$1') + (SELECT count(*) FROM thumbnails.jobs WHERE video_id = '$1')"; }
state_of() { sql "SELECT concat_ws(' ', thumbnail_generation_status, thumbnail_generation_error_code) FROM videos WHERE id = '$1'"; }
# Ends the quiet that `quiet` has made.
end_quiet() {
  if [ -e "$work/quiet" ]; then
    rm "$work/quiet"
    control start webhook-relay
  fi
}
insert() { # video_url
  end_quiet
  sql "INSERT INTO videos (status, video_url) VALUES ('completed', '$1') RETURNING id"
}
wait_for() { # row status…
  local row=$1
  shift
  for _ in $(seq 600); do
    case " $* " in *" $(sql "SELECT thumbnail_generation_status FROM videos WHERE id = '$row'") "*) break ;; esac
    sleep 0.1
  done
  state_of "$row"
}
settled() { wait_for "$(insert "$1")" completed failed; }
control() { supervisorctl -c "$work/state/conf/supervisord.conf" "$@" >/dev/null; }
