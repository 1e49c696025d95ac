# shellcheck shell=bash
# Where `make run` keeps its state, for run, stop and gc. Root sources and executes files in it, so nobody else may be able to change it.
[ $# = 0 ] || { printf '%s takes no argument, only variables: see make help\n' "$0" >&2; exit 2; }
# shellcheck disable=SC2034
state_user=thumbnail-handlers
# shellcheck disable=SC2034
state_path() { # the clone's root: sets `state`
  if [ -n "${STATE:-}" ]; then
    state=$(realpath -ms -- "$STATE")
  elif [ "$(id -u)" = 0 ]; then
    # The unprivileged users may not be able to enter the clone, so the state is elsewhere, with a link to it.
    state=/var/lib/thumbnail-handlers-run/$(printf %s "$1" | sha256sum | cut -c1-12)
  else
    state=$1/.local
  fi
}

# own_folder PATH [MODE]: creates a folder and those above it, each exclusively. An existing one is accepted if only root and the current user can
# have made it and can change it; otherwise the reason is printed. For root this applies to each folder on the way; one that everybody can write to
# has to be sticky.
own_folder() {
  local path at='' part last
  path=$(realpath -ms -- "$1")
  while IFS= read -r -d / part; do
    [ -n "$part" ] || continue
    at=$at/$part
    last=; [ "$at" != "$path" ] || last=yes
    mkdir -m "$([ -n "$last" ] && echo "${2:-755}" || echo 755)" -- "$at" 2>/dev/null || true
    if [ -L "$at" ]; then
      [ -z "$last" ] || { echo "$at is a link: remove it"; return 1; }
      # A link of root's, as /var/run is, is followed, and its target is checked instead.
      [ "$EUID" != 0 ] || [ "$(stat -c %u -- "$at")" = 0 ] || { echo "$at is a link of $(stat -c %U -- "$at")'s: remove it"; return 1; }
      own_folder "$(realpath -e -- "$at")" || return 1
      at=$(realpath -e -- "$at")
      continue
    fi
    [ -d "$at" ] || { echo "$path cannot be made or written"; return 1; }
    [ -z "$last$([ "$EUID" != 0 ] || echo root)" ] || only_ours "$at" "$last" || return 1
  done <<<"$path/"
  [ -w "$path" ] || { echo "$path cannot be made or written"; return 1; }
}
only_ours() { # folder, whether it is the last one
  local owner group mode
  read -r owner group mode < <(stat -c '%u %g %a' -- "$1")
  [ "$owner" = 0 ] || [ "$owner" = "$EUID" ] || { echo "$1 belongs to $(stat -c %U -- "$1"): remove it, or choose a folder only $(id -un) can change"; return 1; }
  mode=$((8#$mode))
  # Root's own group may write to what belongs to root.
  [ "$group" != 0 ] || mode=$((mode & ~8#020))
  [ $((mode & 8#022)) = 0 ] || { [ -z "$2" ] && [ $((mode & 8#1000)) != 0 ]; } || { echo "others can write to $1: choose a folder only $(id -un) can change"; return 1; }
}
