# shellcheck shell=bash disable=SC2154,SC2016
# `make run` as root, beside users who would like to be: those of the decoder, of PostgreSQL and of nginx, and anybody who can write to /tmp.
root_suite() {
local handlers=thumbnail-handlers name process program sockets_of as_user refused folder running
as_user=(setpriv --reuid "$handlers" --regid "$handlers" --clear-groups --)
sockets_of=$(dirname "$(sed -n 's#.*unix:\(.*/scheduled.sock\).*#\1#p' "$work/state/conf/thumbnail-handlers/http.conf")")

# What each of the users may write and read of what is running.
writable() { # user: below state and sockets, without what lies inside its own folders
  setpriv --reuid "$1" --regid "$1" --clear-groups find "$work/state" "$sockets_of" -writable ! -type l ! -path "$work/state/pg/*" \
    ! -path "$work/state/public/thumbnails/*" ! -path "$work/state/tmp/nginx/*" ! -path "$sockets_of/database/*" -printf '%P ' 2>/dev/null || true
}
is "the handlers' user writes pictures, and nothing else" "$(writable "$handlers")" "public/thumbnails "
is "nginx's user its own files, and the handlers' sockets" "$(writable www-data | xargs -n 1 | sort | xargs)" "auto-generate-thumbnail.sock retry-stuck-thumbnails.sock scheduled.sock tmp/nginx"
is "PostgreSQL's its cluster and its socket's folder" "$(writable postgres | xargs -n 1 | sort | xargs)" "database pg"
for name in "$handlers" www-data postgres nobody; do
  is "$name reads no secret" "$(setpriv --reuid "$name" --regid "$(id -g "$name")" --clear-groups grep -rlsF -e "$SERVICE_ROLE_KEY" -e "$CRON_SECRET" -e "$WEBHOOK_SECRET" \
    -e "$HANDLERS_PASSWORD" -e "$PLATFORM_PASSWORD" "$work/state"/{env,conf,log,bin,tmp,public,www} "$sockets_of" 2>/dev/null | wc -l)" 0
done
end_quiet
is "nor is any process told more than its own" "$(for program in auto-generate-thumbnail:auto-generate-thumbnail-0 retry-stuck-thumbnails:retry-stuck-thumbnails-0 scheduled webhook-relay schedule nginx postgresql; do
  process=$(supervisorctl -c "$work/state/conf/supervisord.conf" pid "$program")
  printf '%s: ' "${program#*:}"
  for name in SERVICE_ROLE_KEY CRON_SECRET WEBHOOK_SECRET HANDLERS_PASSWORD PLATFORM_PASSWORD; do
    ! tr '\0' '\n' <"/proc/$process/environ" | grep -qF -e "${!name}" || printf '%s ' "$name"
  done
  printf '\n'
done | sed 's/ *$//')" "auto-generate-thumbnail-0: SERVICE_ROLE_KEY WEBHOOK_SECRET HANDLERS_PASSWORD
retry-stuck-thumbnails-0: SERVICE_ROLE_KEY CRON_SECRET WEBHOOK_SECRET HANDLERS_PASSWORD
scheduled: SERVICE_ROLE_KEY CRON_SECRET
webhook-relay: WEBHOOK_SECRET HANDLERS_PASSWORD
schedule: CRON_SECRET
nginx:
postgresql:"
# They have one user, and still none sees what another was told, keeps in memory or has open: not as it runs, nor while it starts.
sees() { # process: what the handlers' user can open of it
  for name in environ mem maps; do ! "${as_user[@]}" head -c 0 "/proc/$1/$name" 2>/dev/null || printf '%s ' "$name"; done
  for name in fd root; do ! "${as_user[@]}" ls "/proc/$1/$name/" >/dev/null 2>&1 || printf '%s ' "$name"; done
}
"${as_user[@]}" sleep 600 &
process=$!
suite_processes+=("$process")
until grep -q '^sleep' "/proc/$process/cmdline"; do sleep 0.05; done
# For a moment after its start it may be nobody's yet.
for _ in $(seq 1200); do [ "$(sees "$process")" != "environ mem maps fd root " ] || break; sleep 0.05; done
is "of another program of its user's a handler sees all" "$(sees "$process")" "environ mem maps fd root "
kill "$process"
wait "$process" 2>/dev/null || true
handlers_of() { for name in $(supervisorctl -c "$work/state/conf/supervisord.conf" status | awk '$2 == "RUNNING" && $1 !~ /^(nginx|postgresql)$/ { print $1 }'); do
  echo "$name $(supervisorctl -c "$work/state/conf/supervisord.conf" pid "$name")"; done; }
mapfile -t running < <(handlers_of)
is "the workers, the sweep's two, scheduled, the schedule and the relay" "${#running[@]}" 9
is "of another handler nothing" "$(for name in "${running[@]}"; do sees "${name#* }"; done)" ""
cat >"$work/watcher.py" <<'PY'
import os, sys
found = open(sys.argv[1], "w", buffering=1)
secrets = sys.stdin.read().split()
seen = set()
while True:
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/cmdline") as file:
                name = file.read().split("\0")[0]
            if name.startswith(sys.argv[2]) and process not in seen:
                seen.add(process)
                print("started", name, file=found)
            with open(f"/proc/{process}/environ") as file:
                text = file.read()
            if any(secret in text for secret in secrets):
                print("secret", name, file=found)
        except (OSError, ValueError):
            pass
PY
install -o "$handlers" -m 666 /dev/null "$work/watched"
env -i "${as_user[@]}" /usr/bin/python3 "$work/watcher.py" "$work/watched" "$work" \
  <<<"$SERVICE_ROLE_KEY $CRON_SECRET $WEBHOOK_SECRET $HANDLERS_PASSWORD" &
process=$!
suite_processes+=("$process")
for name in 1 2 3; do control restart scheduled schedule webhook-relay retry-stuck-thumbnails: auto-generate-thumbnail:; done
for name in $(seq 600); do [ "$(grep -c "^started $work/" "$work/watched")" -lt 20 ] || break; sleep 0.1; done
kill "$process"
wait "$process" 2>/dev/null || true
is "many start under its eyes" "$([ "$(grep -c "^started $work/" "$work/watched")" -ge 20 ] && echo yes)" yes
is "and it sees no secret" "$(grep '^secret' "$work/watched" | sort | uniq -c)" ""
is "what supervisord starts has no privileges, nor a way to new ones" "$(for process in $(pgrep -P "$(supervisorctl -c "$work/state/conf/supervisord.conf" pid)"); do
  awk '/^(Uid|NoNewPrivs|CapEff|CapPrm|CapInh|CapBnd):/ { if ($1 == "Uid:") $2 = ($2 == 0) ? "root" : "other"; printf "%s%s ", $1, $2 }' "/proc/$process/status"; echo; done | sort -u)" \
  "Uid:other CapInh:0000000000000000 CapPrm:0000000000000000 CapEff:0000000000000000 CapBnd:0000000000000000 NoNewPrivs:1 "
is "none holds the state's lock" "$(for process in $(pgrep -P "$(supervisorctl -c "$work/state/conf/supervisord.conf" pid)"); do find "/proc/$process/fd" -lname "$work/state/lock"; done | wc -l)" 0
is "the handlers' role of the database may nothing but what it is granted" \
  "$(psql -XAtq "$HANDLERS_DATABASE_URL" -c "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = current_user")" "handlers|f|f|f|f|f"
has "it reads no table" "$(psql -XAtq "$HANDLERS_DATABASE_URL" -c "SELECT * FROM system_config" 2>&1)" 'permission denied'

# Links among the pictures.
"${as_user[@]}" mkdir "$work/state/public/thumbnails/planted"
"${as_user[@]}" ln -s "$work/state/conf/nginx.conf" "$work/state/public/thumbnails/planted/a.jpg"
"${as_user[@]}" ln -s "$work/state/conf" "$work/state/public/thumbnails/planted/b"
is "nginx follows no link among the pictures" "$(call "$base/thumbnails/planted/a.jpg") $(call "$base/thumbnails/planted/b/nginx.conf")" "403 404"
STATE=$work/state "$root/scripts/gc" >/dev/null 2>&1 || true
is "the collector, neither" "$(find "$work/state/conf/nginx.conf" "$work/state/env" | wc -l)" 2
rm -r "$work/state/public/thumbnails/planted"

# What somebody has put there before.
install -d -m 1777 "$work/everybody"
run_refuses() { # NAME=value…
  refused=$(env TMPDIR="$work/everybody" BIN="$bin" PORT="$(free_port)" "$@" "$root/scripts/run" 2>&1 | tail -n 1 || true)
}
"${as_user[@]}" mkdir "$work/everybody/planted"
"${as_user[@]}" bash -c 'echo "touch $0/executed" >"$0/env"' "$work/everybody/planted"
run_refuses STATE="$work/everybody/planted"
has "a state of somebody else's is refused" "$refused" "make run: the state folder $work/everybody/planted belongs to $handlers"
run_refuses STATE="$work/everybody/planted/state"
has "one below such a folder, too" "$refused" "make run: the state folder $work/everybody/planted belongs to $handlers"
"${as_user[@]}" ln -s /etc "$work/everybody/link"
run_refuses STATE="$work/everybody/link"
has "a link is refused" "$refused" "is a link: remove it"
run_refuses STATE="$work/everybody/link/state"
has "a link on the way" "$refused" "is a link of $handlers's: remove it"
is "nothing is made behind it" "$([ ! -e /etc/state ] && echo none)" none
run_refuses STATE="$work/everybody"
has "a folder everybody can write to" "$refused" "others can write to $work/everybody"
folder=$work/everybody/thumbnail-handlers-$(printf %s "$work/safe" | sha256sum | cut -c1-12)
"${as_user[@]}" mkdir "$folder"
run_refuses STATE="$work/safe"
has "a folder of sockets of somebody else's" "$refused" "make run: the folder of the sockets: $folder belongs to $handlers"
"${as_user[@]}" rmdir "$folder"
"${as_user[@]}" ln -s "$work/state" "$folder"
run_refuses STATE="$work/safe"
has "a link in its place" "$refused" "make run: the folder of the sockets: $folder is a link"
rm "$folder"
STATE=$work/everybody/planted "$root/scripts/stop" >"$work/refused" 2>&1 || true
"${as_user[@]}" touch "$work/everybody/planted/lock"
is "make stop signals nothing for a state of somebody else's" "$(STATE=$work/everybody/planted "$root/scripts/stop" 2>&1; echo $?)" \
  "make stop: the state folder $work/everybody/planted belongs to $handlers: remove it, or choose a folder only $(id -un) can change
1"
"${as_user[@]}" bash -c 'mkdir -p "$0/conf" && echo "touch $0/executed" >"$0/conf/auto-generate-thumbnail.env"' "$work/everybody/planted"
has "nor does make gc read it" "$(STATE=$work/everybody/planted "$root/scripts/gc" 2>&1)" "belongs to $handlers"
is "nothing of all that was executed" "$(find "$work" -name executed | wc -l)" 0

# While it is set up, with nothing masked: somebody reads whatever he can open, all the time, and plants a number of a process for it to signal.
cat >"$work/reader.py" <<'PY'
import os, sys, time
state, found = sys.argv[1], open(sys.argv[2], "w", buffering=1)
seen = set()
def walk(folder):
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        try:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "www":
                    walk(entry.path)
                # Whatever may be written to is.
                for name in ("supervisord.pid", "env", "lock"):
                    try:
                        with open(os.path.join(entry.path, name), "x") as file:
                            file.write(str(os.getpid()))
                        print("planted", entry.path, file=found)
                    except OSError:
                        pass
                continue
            with open(entry.path, errors="replace") as file:
                text = file.read(100000)
            if entry.path not in seen:
                seen.add(entry.path)
                print("read", entry.path, file=found)
            for word in text.replace("'", " ").replace("=", " ").split():
                if len(word) == 64 and all(c in "0123456789abcdef" for c in word):
                    print("secret", entry.path, word, file=found)
        except OSError:
            pass
while True:
    walk(state)
    time.sleep(0.001)
PY
install -o "$handlers" -m 666 /dev/null "$work/found"
"${as_user[@]}" /usr/bin/python3 "$work/reader.py" "$work/safe" "$work/found" &
process=$!
suite_processes+=("$process")
(umask 000 && ONCE=1 env BIN="$bin" VIDEO="$work/video.mp4" PORT="$(free_port)" STATE="$work/safe" TMPDIR="$work/everybody" "$root/scripts/run") >"$work/log4" 2>&1 || true
has "make run beside somebody who looks" "$(cat "$work/log4")" '^ready: '
is "who was there when it was set up" "$(grep -c "^read $work/safe/conf/nginx.conf" "$work/found")" 1
is "and could read no secret, at no moment" "$(grep '^secret' "$work/found" | cut -d' ' -f2 | sort | uniq -c)" ""
is "nor put anything anywhere but among the pictures" "$(sed -n '/^planted/s#/thumbnails/.*#/thumbnails#p; /^planted/p' "$work/found" | grep -v '/thumbnails/' | sort -u)" "planted $work/safe/public/thumbnails"
is "nor is signalled" "$(kill -0 "$process" && echo alive)" alive
kill "$process"
wait "$process" 2>/dev/null || true
is "between the steps it says nothing" "$(sed '/^ready:/,$d' "$work/log4" | grep -v '^==> ')" ""
is "it stops, and what is left is no one's to write" "$(find "$work/safe" "$work/everybody" -maxdepth 1 -perm /022 ! -type l ! -name everybody)" ""
}
if [ "$(id -u)" = 0 ]; then root_suite; else echo "  (as root: not tested, needs root)"; fi
