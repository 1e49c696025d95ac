# shellcheck shell=bash
# connect_to URL: sets `connection` for psql to $1 (a URL or key=value pairs) without its password, which goes into PGPASSWORD: the
# arguments of a process can be read by everybody, its environment only by its owner.
connect_to() {
  connection=$1
  local before
  if [[ $connection =~ ^(postgres(ql)?://[^:@/]*):([^@/]*)@(.*)$ ]]; then
    PGPASSWORD=$(printf '%b' "${BASH_REMATCH[3]//%/\\x}")
    connection=${BASH_REMATCH[1]}@${BASH_REMATCH[4]}
    export PGPASSWORD
  elif [[ $connection =~ ^(.*[?\&])password=([^\&]*)\&?(.*)$ ]]; then
    PGPASSWORD=$(printf '%b' "${BASH_REMATCH[2]//%/\\x}")
    connection=${BASH_REMATCH[1]}${BASH_REMATCH[3]}
    export PGPASSWORD
  elif [[ $connection =~ ^(.*[[:space:]]|)password[[:space:]]*=[[:space:]]*([^\'[:space:]]+)(.*)$ ]]; then
    before=${BASH_REMATCH[1]}
    PGPASSWORD=${BASH_REMATCH[2]}
    connection=$before${BASH_REMATCH[3]}
    export PGPASSWORD
  fi
}
