# shellcheck shell=bash disable=SC2154
# `make run` itself: state, refusals, other users, stopping.
refusal() { # [NAME=value…]: the last line, when it ends with an error
  if env BIN="$bin" "$@" "$root/scripts/run" >"$work/refused" 2>&1; then echo "did not refuse"; else tail -n 1 "$work/refused"; fi
}
has "a state in use" "$(refusal PORT="$(free_port)" STATE="$work/state")" 'make run: already running with this state'
has "a port in use" "$(refusal PORT="$port" STATE="$work/other")" "make run: port $port is in use: choose another with PORT="
has "a port that is no number" "$(refusal PORT=http STATE="$work/other")" 'make run: PORT and WORKERS are numbers'
: >"$work/file"
has "a state that is no folder" "$(refusal PORT="$(free_port)" STATE="$work/file")" "make run: the state folder .* cannot be made or written"
has "a video that cannot be read" "$(refusal PORT="$(free_port)" STATE="$work/other" VIDEO="$work/none.mp4")" 'make run: VIDEO=.* cannot be read'
has "a directory for a video" "$(refusal PORT="$(free_port)" STATE="$work/other" VIDEO="$work")" "make run: VIDEO=$work is a directory: name a video in it"
has "no workers" "$(refusal PORT="$(free_port)" STATE="$work/other" WORKERS=0)" 'make run: WORKERS=0: 1 to 256 are possible'
has "a port only root can have" "$(refusal PORT=80 STATE="$work/other")" 'make run: PORT=80: 1024 to 65535 is possible'
for name in run stop check gc; do
  has "$name --help says what it is, and does nothing" "$({ STATE="$work/other" "$root/scripts/$name" --help 2>&1; echo "exit $?"; } | paste -sd ' ')" "^.make $name.: .*exit 0\$"
  has "$name with an argument does nothing" "$(STATE="$work/other" "$root/scripts/$name" now 2>&1; echo "exit $?")" 'takes no argument, only variables: see make help'
done
ln -s "$work/state" "$work/state-link"
has "a state that is a link" "$(refusal PORT="$(free_port)" STATE="$work/state-link")" 'make run: the state folder .* is a link: remove it'
mkdir -p "$work/broken/pg"
"$root/scripts/database/postgresql" --version >"$work/broken/pg/PG_VERSION"
has "a broken state" "$(refusal PORT="$(free_port)" STATE="$work/broken")" 'make run: PostgreSQL does not start'
if [ "$(id -u)" = 0 ] && mkdir "$work/full" && mount -t tmpfs -o size=8m tmpfs "$work/full" 2>/dev/null; then
  has "a full disk" "$(refusal PORT="$(free_port)" STATE="$work/full/state")" 'make run: .*No space left on device'
  umount "$work/full"
else
  echo "  (a full disk: not tested, mounting a file system needs root)"
fi

# shellcheck disable=SC2016
for name in 'a"b' 'a\b' 'a$b' 'a%b' 'a;b' 'a#b' $'a\nb'; do
  has "a state whose name no configuration can hold" "$(refusal PORT="$(free_port)" STATE="$work/$name" | tr '\n' ' ')" 'has one of .* in its name: choose another with STATE='
done

# Folders as people call them. A copy anybody can read: the clone may lie in a folder only root can enter.
own="l'état de mes vidéos"
clone="$work/a clone d'été"
mkdir "$clone"
cp -r "$root"/{scripts,migrations,nginx,Makefile} "$clone/"
as_other=()
if [ "$(id -u)" = 0 ]; then
  as_other=(setpriv --reuid nobody --regid nogroup --clear-groups)
  install -d -o nobody "$work/home"
else
  mkdir "$work/home"
fi
start() { env HOME="$work/home" TMPDIR="$work/home" BIN="$bin" PORT="$(free_port)" STATE="$work/home/$own" "$@" "${as_other[@]}" "$clone/scripts/run"; }
start ONCE=1 >"$work/log2" 2>&1 || true
has "without root" "$(cat "$work/log2")" '^ready: http://127.0.0.1:'
is "secrets are the owner's" "$(stat -c %a "$work/home/$own/env")" 600
start >"$work/log3" 2>&1 &
second=$!
for _ in $(seq 600); do grep -q '^ready:' "$work/log3" && break; kill -0 "$second" 2>/dev/null || break; sleep 0.1; done
has "a second start reuses the state" "$(cat "$work/log3")" '^ready: '
is "and makes no second demo" "$(grep -c 'making a demo' "$work/log3" || true)" 0
"${as_other[@]}" make -s -C "$clone" stop STATE="$work/home/$own" >"$work/stopped" 2>&1
wait "$second" 2>/dev/null || true
is "make stop stops it" "$(pgrep -fc "$work/home/$own" || true)" 0
sockets_left() { compgen -G "$work/home/thumbnail-handlers-*" || true; }
is "and no folder of sockets is left" "$(sockets_left)" ''

# A video of one's own: without a suffix, of any name; and one at an address that is not public.
cp "$work/video.mp4" "$work/home/Mine - l'été"
# A folder of sockets whose name gets a blank only when it is resolved.
(cd "$clone" && start ONCE=1 TMPDIR=relative VIDEO="$work/home/Mine - l'été") >"$work/log4" 2>&1 || true
has "a file without a suffix" "$(cat "$work/log4")" '^==> completed http://127.0.0.1:'
start ONCE=1 VIDEO="http://127.0.0.1:$origin/private.mp4?signed=$CRON_SECRET" >"$work/log5" 2>&1 && echo "did not fail" >>"$work/log5"
has "a private URL says what to set" "$(tail -n 1 "$work/log5")" "^==> videos may come from this address, and private ones, with SOURCE_PRIVATE_HOSTS=127.0.0.1:$origin make run"
start >"$work/log6" 2>&1 &
second=$!
for _ in $(seq 600); do grep -q '^ready:' "$work/log6" && break; kill -0 "$second" 2>/dev/null || break; sleep 0.1; done
# shellcheck disable=SC1090
is "the rows' titles are the files' names" "$(. "$work/home/$own/env"; psql -XAtq "$DATABASE_URL" -c "SELECT string_agg(title, '|' ORDER BY created_at) FROM videos")" "demo|Mine - l'été|private.mp4"
is "steps, and nothing of the servers between them" "$(cat "$work/log4" "$work/log6" | sed '/^ready:/,/scheduled$/d' | grep -v '^==> ' || true)" ""
# The commands it prints, as they stand there.
bash -xeuc "$(sed -n '/^ready:/,$s/^  //p' "$work/log6")" >"$work/printed" 2>"$work/printed.trace" || echo "ended with $?" >>"$work/printed"
has "the commands it prints run" "$(tail -n 1 "$work/printed")" '"success":true'
is "and show no secret to ps" "$(grep -cE '^\+ (psql|curl) ' "$work/printed.trace") $(grep -E '^\+ (psql|curl) ' "$work/printed.trace" | grep -cFf <(sed -n "s/^export [A-Z_]*\(KEY\|SECRET\|PASSWORD\)=//p" "$work/home/$own/env") || true)" "3 0"
# Killed, it leaves the others behind: the lock is theirs, too, and make stop finds them.
kill -KILL "$second"
wait "$second" 2>/dev/null || true
has "what was left behind is still there" "$(start 2>&1 | tail -n 1)" 'already running with this state'
"${as_other[@]}" make -s -C "$clone" stop STATE="$work/home/$own" >"$work/stopped" 2>&1
is "make stop stops it, too" "$(pgrep -fc "$work/home/$own" || true)" 0
is "and takes its sockets away" "$(sockets_left)" ''

# Cut off while it makes the database's cluster, it makes it the next time.
start ONCE=1 STATE="$work/home/cut" >"$work/log7" 2>&1 &
second=$!
until compgen -G "$work/home/cut/pg*/PG_VERSION" >/dev/null; do kill -0 "$second" 2>/dev/null || break; sleep 0.02; done
pkill -KILL -f "initdb -D $work/home/cut" || true
wait "$second" || true
has "cut off" "$(cat "$work/log7")" 'make run: the database cluster could not be created'
is "what does not start leaves no sockets either" "$(sockets_left)" ''
start ONCE=1 LC_ALL=xx_YY.UTF-8 PGPORT=6543 PGSERVICE=none PGOPTIONS='-c default_transaction_read_only=on' STATE="$work/home/cut" >"$work/log7" 2>&1 || true
has "and made the next time" "$(cat "$work/log7")" '^ready: '
is "a locale that is not there is nobody's trouble" "$(sed '/^ready:/,$d' "$work/log7" | grep -v '^==> ' || true)" ""
