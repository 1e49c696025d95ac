# shellcheck shell=bash disable=SC2154
# Secrets: where they may come from, how they are changed without anybody being turned away, and where they are not.
fresh=$(openssl rand -hex 32)
is "while a new key is brought in, the old one is accepted" "$(cgi scheduled '' SERVICE_ROLE_KEY="$fresh" SERVICE_ROLE_KEY_PREVIOUS="$SERVICE_ROLE_KEY" CRON_SECRET="$CRON_SECRET")" 200
is "so is the new one" "$(cgi scheduled '' SERVICE_ROLE_KEY="$fresh" SERVICE_ROLE_KEY_PREVIOUS="$SERVICE_ROLE_KEY" CRON_SECRET="$CRON_SECRET" HTTP_AUTHORIZATION="Bearer $fresh")" 200
is "afterwards the old one is not" "$(cgi scheduled '' SERVICE_ROLE_KEY="$fresh" CRON_SECRET="$CRON_SECRET")" 401
is "nor any other" "$(cgi scheduled '' SERVICE_ROLE_KEY="$fresh" SERVICE_ROLE_KEY_PREVIOUS="$SERVICE_ROLE_KEY" HTTP_AUTHORIZATION="Bearer $(openssl rand -hex 32)")" 401

mkdir -p "$work/credentials"
printf '%s\n' "$fresh" >"$work/credentials/SERVICE_ROLE_KEY"
printf '%s\r\n' "$CRON_SECRET" >"$work/credentials/CRON_SECRET"
printf '\n' >"$work/credentials/SERVICE_ROLE_KEY_PREVIOUS"
chmod -R a+rX "$work/credentials"
is "a key from systemd's credentials" "$(cgi scheduled '' SERVICE_ROLE_KEY= CREDENTIALS_DIRECTORY="$work/credentials" HTTP_AUTHORIZATION="Bearer $fresh")" 200
is "an empty credential is none" "$(cgi scheduled '' SERVICE_ROLE_KEY= CREDENTIALS_DIRECTORY="$work/credentials" HTTP_AUTHORIZATION="Bearer ")" 401
is "a key from a file" "$(cgi scheduled '' SERVICE_ROLE_KEY= SERVICE_ROLE_KEY_FILE="$work/credentials/SERVICE_ROLE_KEY" CRON_SECRET="$CRON_SECRET" HTTP_AUTHORIZATION="Bearer $fresh")" 200
# Two parts of it read the secret, and a pipe can be read once.
is "a key from a pipe" "$(cgi scheduled '' SERVICE_ROLE_KEY= CRON_SECRET_FILE=<(sleep 0.2; printf '%s\n' "$CRON_SECRET") HTTP_AUTHORIZATION="Bearer $CRON_SECRET")" 200
refuses() { # what, words, NAME=value…
  local what=$1 words=$2
  shift 2
  cgi scheduled '' "$@" >/dev/null
  has "$what is refused at start" "$(cat "$work/cgi.log")" "$words"
  has "with the status of a wrong setting" "$(cat "$work/cgi.log")" 'exit 78'
}
refuses "a short key" 'shorter than 16 bytes' SERVICE_ROLE_KEY=short
refuses "the example's" 'still a placeholder' SERVICE_ROLE_KEY=replace-me-with-openssl-rand-hex-32
refuses "a file that cannot be read" 'cannot be read' SERVICE_ROLE_KEY= SERVICE_ROLE_KEY_FILE=/none
refuses "a secret where its file belongs" 'the path of a file' SERVICE_ROLE_KEY= SERVICE_ROLE_KEY_FILE="$SERVICE_ROLE_KEY"
is "and it is not shown" "$(grep -c "$SERVICE_ROLE_KEY" "$work/cgi.log" || true)" 0
mkdir "$work/unreadable"
cp "$work/credentials/SERVICE_ROLE_KEY" "$work/unreadable/"
chmod -R a+rX "$work/unreadable"
printf '%s\n' "$CRON_SECRET" >"$work/unreadable/CRON_SECRET"
chmod 000 "$work/unreadable/CRON_SECRET"
as_stack refuses "a credential that may not be read" 'CRON_SECRET in the credentials directory cannot be read' \
  CREDENTIALS_DIRECTORY="$work/unreadable"
chmod 000 "$work/unreadable"
as_stack refuses "a folder of credentials that may not be entered" 'cannot be read' CREDENTIALS_DIRECTORY="$work/unreadable"
chmod 700 "$work/unreadable"
# The migrations' container: psql takes what `cat` cannot read for an empty text, and would make that the handlers' password.
printf '%s\n' "$PLATFORM_PASSWORD" >"$work/unreadable/POSTGRES_PASSWORD"
mkdir -p "$work/migrations" "$work/unreadable/HANDLERS_PASSWORD" "$work/unreadable/WEBHOOK_SECRET"
ln -s "$root/scripts/migrate" "$work/migrations/thumbnail-handlers-migrate"
sockets=${DATABASE_URL#*host=}
written() { sql "SELECT string_agg(key || '=' || value, ' ' ORDER BY key) FROM system_config; SELECT rolpassword FROM pg_authid WHERE rolname = 'handlers'"; }
before=$(written)
is "a container that may not read its secrets sets up nothing" "$(env -u DATABASE_URL PATH="$work/migrations:$PATH" PGHOST="$sockets" \
  CREDENTIALS_DIRECTORY="$work/unreadable" "$root/containers/set-up" >/dev/null 2>"$work/err"; echo $?)" 1
has "it says which" "$(cat "$work/err")" 'HANDLERS_PASSWORD: Is a directory'
is "and what there was, stays" "$(written)" "$before"
refuses "no key at all" 'SERVICE_ROLE_KEY (or CRON_SECRET) is missing' SERVICE_ROLE_KEY=

password=${HANDLERS_DATABASE_URL#*handlers:}
password=${password%%@*}
refuses "a secret to look with that acts" 'STATUS_SECRET is the same as CRON_SECRET' CRON_SECRET="$CRON_SECRET" STATUS_SECRET="$CRON_SECRET"
secrets=(-e "$SERVICE_ROLE_KEY" -e "$CRON_SECRET" -e "$WEBHOOK_SECRET" -e "$STATUS_SECRET" -e "$password" -e "$PLATFORM_PASSWORD")
# The tests' own psql and curl show theirs; what make run started does not.
supervisor=$(supervisorctl -c "$work/state/conf/supervisord.conf" pid)
for pid in $(pgrep -P "$supervisor"); do tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null || true; done >"$work/processes"
has "processes are seen" "$(cat "$work/processes")" auto-generate-thumbnail
is "no secret is in a process list" "$(grep -c "${secrets[@]}" "$work/processes" || true)" 0
is "nor in any log" "$(grep -rl "${secrets[@]}" "$work/state/log" | wc -l)" 0
psql -XAtq "$DATABASE_URL" -v ON_ERROR_STOP=1 -c "SELECT v FROM videos v" -c "SELECT e FROM thumbnails.events e" -c "SELECT i FROM thumbnails.inbox i" \
  -c "SELECT j FROM thumbnails.jobs j" -c "SELECT a FROM thumbnails.set_aside a" -c "SELECT b FROM thumbnails.breakers b" >"$work/rows"
is "nor in a row of a video, its history, or the queue" "$(grep -c "${secrets[@]}" "$work/rows" || true)" 0
is "files with secrets are the stack's own" "$(stat -c %a "$work/state/env")" 600
