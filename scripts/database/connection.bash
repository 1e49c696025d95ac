# shellcheck shell=bash
# connect_to URL: sets `connection` for psql to $1 (a URL or key=value pairs) without its password, which goes into PGPASSWORD: everybody can read the
# arguments of a process, but only its owner the environment.
connect_to() {
  connection=$1
  local before value="'(([^'\\\\]|\\\\.)*)'|(([^'\\\\[:space:]]|\\\\.)+)"
  # libpq would take such a part of a password for a host, and print it.
  if [[ ${1%%\?*} =~ ^postgres(ql)?://([^@]*@.*@|[^@/]*:[^@/]*/.*@) ]]; then
    echo "in a password @, / and : are percent-encoded: %40, %2F and %3A" >&2
    return 1
  fi
  if [[ $connection =~ ^(postgres(ql)?://[^:@/]*):([^@/]*)@(.*)$ ]]; then
    PGPASSWORD=$(percent_decoded "${BASH_REMATCH[3]}")
    connection=${BASH_REMATCH[1]}@${BASH_REMATCH[4]}
    export PGPASSWORD
  elif [[ $connection =~ ^(.*[?\&])password=([^\&]*)\&?(.*)$ ]]; then
    PGPASSWORD=$(percent_decoded "${BASH_REMATCH[2]}")
    connection=${BASH_REMATCH[1]}${BASH_REMATCH[3]}
    export PGPASSWORD
  elif [[ $connection =~ ^(.*[[:space:]]|)password[[:space:]]*=[[:space:]]*($value)(.*)$ ]]; then
    before=${BASH_REMATCH[1]}
    connection=$before${BASH_REMATCH[7]}
    PGPASSWORD=$(sed -E 's/\\(.)/\1/g' <<<"${BASH_REMATCH[3]}${BASH_REMATCH[5]}")
    export PGPASSWORD
  fi
}
percent_decoded() {
  local text=${1//\\/\\\\}
  printf '%b' "${text//%/\\x}"
}
