# shellcheck shell=bash disable=SC2154,SC2317
# (functions are called by name)
# A folder to work in, processes that end with the script, and OpenStack Swift with its S3 API on loopback. To be sourced with `root`
# and `bin` set.
# shellcheck source=/dev/null
. "$root/Tests/Support/processes.bash"
export PYTHONDONTWRITEBYTECODE=1
bail() { printf 'Bail out! %s\n' "$*"; exit 1; }
for program in swift-{proxy,account,container,object}-server swift-ring-builder memcached ffmpeg psql; do
  command -v "$program" >/dev/null || bail "$program is not installed"
done
# Debian's own: another one of the PATH may be out of the unprivileged user's reach.
python=/usr/bin/python3
[ -x "$python" ] || bail "python3 is not installed"
pg=$("$root/scripts/database/postgresql") || bail "no PostgreSQL server"

umask 022
work=$(mktemp -d "${TMPDIR:-/tmp}/object-store-XXXXXX")
chmod 755 "$work"
as_user=()
user=$(id -un)
if [ "$(id -u)" = 0 ]; then
  user=nobody
  as_user=(setpriv --reuid nobody --regid nogroup --clear-groups)
fi
declare -A pids=()
cleanup() {
  trap - EXIT INT TERM
  end_running "${pids[@]}"
  if [ -n "${KEEP:-}" ]; then printf '# kept: %s\n' "$work"; else rm -rf "$work"; fi
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# The unprivileged user may not be able to enter the clone: it gets copies.
mkdir -p "$work"/{lib,bin,etc,node/disk,log,run,videos,sockets}
cp "$root"/Tests/Storage/*.py "$root"/Tests/Support/{leaving,origin}.py "$work/lib/"
# STORE_WITHOUT_HANDLERS: the store alone is wanted. STORE_LISTEN: the address it is asked at, other than loopback's.
[ -n "${STORE_WITHOUT_HANDLERS:-}" ] || install -m 0755 "$bin"/{auto-generate-thumbnail,retry-stuck-thumbnails,thumbnail-decoder} "$work/bin/"
[ "$(id -u)" != 0 ] || chown -R nobody:nogroup "$work"
launch() { # name command…: in the background, output in log/name
  local name=$1
  shift
  (cd "$work" && exec env PYTHONPATH="$work/lib" "${as_user[@]}" "$@") >>"$work/log/$name" 2>&1 &
  pids[$name]=$!
}
halt() { # name
  kill -TERM "${pids[$1]}" 2>/dev/null || true
  wait "${pids[$1]}" 2>/dev/null || true
  unset "pids[$1]"
}
until_true() { # what command…
  local what=$1
  shift
  for _ in $(seq 600); do
    if "$@" >/dev/null 2>&1; then return 0; fi
    sleep 0.1
  done
  tail -n 5 "$work"/log/* | sed 's/^/# /'
  bail "$what does not start"
}

# Starts the store and makes the bucket; sets *_port, KEY_ID, SECRET, BUCKET and REGION.
start_object_store() {
  # Objects' metadata are extended attributes of some kilobytes: not every file system has them.
  "${as_user[@]}" "$python" -c 'import os, sys; os.setxattr(sys.argv[1], "user.probe", b"x" * 3000)' "$work/node/disk" 2>"$work/log/xattr" ||
    bail "$work is on a file system without extended attributes ($(tail -n 1 "$work/log/xattr")): set TMPDIR to a folder on ext4 or xfs"
  # shellcheck disable=SC2034
  # (account_port and container_port are read by name, below)
  read -r proxy_port account_port container_port object_port cache_port < <(free_ports 5)
  KEY_ID=THUMBNAILSEXAMPLEKEY
  SECRET=store-secret-$(openssl rand -hex 16)
  BUCKET=thumbs
  REGION=us-east-1
  export KEY_ID SECRET REGION
  cat >"$work/etc/swift.conf" <<CONF
[swift-hash]
swift_hash_path_suffix = suite
[storage-policy:0]
name = only
default = yes
CONF
  # By itself it gives its parts half a second to be heard and one to note an object in its list: a busy machine takes longer.
  local patience=$'conn_timeout = 60\nnode_timeout = 60\ncontainer_update_timeout = 60'
  cat >"$work/etc/proxy-server.conf" <<CONF
[DEFAULT]
bind_ip = ${STORE_LISTEN:-127.0.0.1}
bind_port = $proxy_port
workers = 0
user = $user
swift_dir = $work/etc
[pipeline:main]
pipeline = catch_errors gatekeeper cache key_alias s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
$patience
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:$cache_port
[filter:key_alias]
paste.filter_factory = key_alias:filter_factory
alias = $KEY_ID
name = test:tester
[filter:s3api]
use = egg:swift#s3api
location = $REGION
storage_domain = localhost
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = $SECRET .admin
[filter:copy]
use = egg:swift#copy
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
CONF
  for kind in account container object; do
    port_name=${kind}_port
    cat >"$work/etc/$kind-server.conf" <<CONF
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${!port_name}
workers = 0
user = $user
swift_dir = $work/etc
devices = $work/node
$patience
mount_check = false
fallocate_reserve = 0
[pipeline:main]
pipeline = $kind-server
[app:$kind-server]
use = egg:swift#$kind
CONF
    (
      cd "$work/etc"
      # One partition of 2^4, one copy, no rest between moves.
      swift-ring-builder "$kind.builder" create 4 1 0
      swift-ring-builder "$kind.builder" add "r1z1-127.0.0.1:${!port_name}/disk" 1
      swift-ring-builder "$kind.builder" rebalance
    ) >"$work/log/ring" 2>&1 || bail "the ring could not be built: $(tail -n 1 "$work/log/ring")"
  done
  chmod 644 "$work"/etc/*
  listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
  start_store() { # kind port
    launch "$1" "$(command -v "swift-$1-server")" "$work/etc/$1-server.conf" --verbose
    until_true "the $1 server" listens "$2"
  }
  launch memcached "$(command -v memcached)" -l 127.0.0.1 -p "$cache_port" -U 0 -m 16
  until_true memcached listens "$cache_port"
  for kind in account container object proxy; do
    port_name=${kind}_port
    start_store "$kind" "${!port_name}"
  done
  s3() { "$python" "$work/lib/s3.py" "$@"; }
  s3 PUT "$proxy_port" "/$BUCKET" >"$work/answer" || bail "the store does not answer"
  [ "$(head -n 1 "$work/answer")" = 200 ] || bail "the bucket could not be made: $(head -n 1 "$work/answer")"
}

# Starts PostgreSQL with the migrations applied; sets DATABASE_URL.
start_database() {
  (cd / && "${as_user[@]}" "$pg/initdb" -D "$work/pg" -U postgres -A trust -E UTF8 --locale C.UTF-8) >"$work/log/initdb" 2>&1 ||
    bail "the database cluster could not be created: $(tail -n 1 "$work/log/initdb")"
  launch postgres "$pg/postgres" -D "$work/pg" -k "$work/sockets" -c listen_addresses= -c fsync=off
  export DATABASE_URL="postgresql://postgres@/postgres?host=$work/sockets"
  sql() { psql -XAtq "$DATABASE_URL" -c "$1"; }
  # What an earlier case has left must not answer for the next one: an open breaker, nor jobs that come due. Whoever has made its own video
  # goes on with those, and its requests would be counted, too.
  start_afresh() { sql "DELETE FROM thumbnails.breakers; UPDATE thumbnails.jobs SET due_at = 'infinity'"; }
  until_true PostgreSQL sql "SELECT 1"
  "$root/scripts/migrate" >"$work/log/migrate" 2>&1 || bail "the migrations fail: $(tail -n 1 "$work/log/migrate")"
}
