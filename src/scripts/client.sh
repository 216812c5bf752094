# shellcheck shell=sh
# What a job runs, in its own shell, before it uses the shared daemon. Every setting is an environment variable:
#   DIND_CACHE_WAIT_SECONDS   how long to wait for a daemon that restarts or drains
#   DIND_CACHE_REUSE_CONTEXT  1: the daemon keeps one copy of the project's build context and is sent what has changed; 0: each job sends all of it
#   DIND_CACHE_PROJECT        whose context it is; by default the GitLab project
#   DIND_CACHE_KEY            a masked variable, if you set one: who does not know it cannot claim to be the project
#   DIND_CACHE_FILE_TIMES     content: set the times of unmodified tracked files from their content; a fresh clone has them all new otherwise

# One line about why the daemon does not answer, and status 1 when waiting may help, 2 when it will not.
dind_cache_cause() {
  case $1 in
    *'no such file or directory'*|*'could not read CA certificate'*|*'unable to resolve docker endpoint'*|*'could not load'*)
      echo "the client's certificate is missing in ${DOCKER_CERT_PATH:-the folder of DOCKER_CERT_PATH}: is the Secret mounted there?"; return 2 ;;
    *'no such host'*|*'name resolution'*|*'server misbehaving'*)
      echo "the name of $DOCKER_HOST does not resolve: is the cache applied, and its namespace right?"; return 1 ;;
    *'too old'*|*'too new'*)
      echo "the versions of client and daemon do not fit: $1"; return 2 ;;
    *'HTTP request to an HTTPS server'*|*'HTTP response to HTTPS client'*|*'first record does not look like a TLS handshake'*)
      echo "one side speaks TLS and the other does not: compare DOCKER_TLS_VERIFY and DOCKER_HOST with the cache's endpoint"; return 2 ;;
    *'certificate required'*|*'bad certificate'*|*'unknown certificate'*|*'unknown authority'*|*'certificate has expired'*|*'certificate is valid for'*|*'x509:'*|*'tls:'*)
      echo "the certificate is not accepted: $1"; return 2 ;;
    *'refused'*|*'EOF'*|*'reset by peer'*|*'Cannot connect to the Docker daemon'*)
      echo "the connection is refused: the daemon starts, drains or is down"; return 1 ;;
    '')
      echo "no answer: does a NetworkPolicy let this pod in?"; return 1 ;;
    *)
      echo "$1"; return 1 ;;
  esac
}

# Waits until the daemon answers, at most as long as it may take to drain and restart.
dind_cache_wait() {
  dind_cache_end=$(($(date +%s) + ${DIND_CACHE_WAIT_SECONDS:-60})) dind_cache_said=
  while :; do
    dind_cache_error=$(timeout 10 docker version 2>&1 >/dev/null) && return 0
    dind_cache_status=0
    dind_cache_why=$(dind_cache_cause "$dind_cache_error") || dind_cache_status=$?
    if [ "$dind_cache_status" = 2 ] || [ "$(date +%s)" -ge "$dind_cache_end" ]; then
      echo "docker daemon $DOCKER_HOST: $dind_cache_why" >&2
      return 1
    fi
    if [ "$dind_cache_why" != "$dind_cache_said" ]; then
      echo "docker daemon $DOCKER_HOST: $dind_cache_why; waiting" >&2
      dind_cache_said=$dind_cache_why
    fi
    sleep 2
  done
}

# Each command of the job waits too: when the daemon begins to drain between two of them, it would refuse the next.
docker() {
  dind_cache_wait < /dev/null || return 1
  command docker "$@"
}

# A client's build node id is the name under which BuildKit keeps a build context; a fresh job invents a new one and sends everything again.
dind_cache_build_node() {
  dind_cache_project=${DIND_CACHE_PROJECT:-${CI_PROJECT_ID:+${CI_SERVER_URL:-} $CI_PROJECT_ID}}
  if [ "${DIND_CACHE_REUSE_CONTEXT:-1}" != 1 ] || [ -z "$dind_cache_project" ]; then
    return 0
  fi
  export BUILDX_CONFIG="${BUILDX_CONFIG:-${DOCKER_CONFIG:-$HOME/.docker}/buildx}"
  mkdir -p "$BUILDX_CONFIG"
  (
    umask 077
    printf '%s\n%s\n' "$dind_cache_project" "${DIND_CACHE_KEY:-}" | sha256sum | cut -c 1-16 | tr -d '\n' > "$BUILDX_CONFIG/.buildNodeID"
  )
}

# Gives each unmodified tracked file a time that follows from its content, and each folder a constant one.
# Times then are not in the order of changes: tools that decide by "newer than", with their state in a cache mount, may miss a change.
dind_cache_file_times() {
  if [ "${DIND_CACHE_FILE_TIMES:-}" != content ] || ! git rev-parse --git-dir >/dev/null 2>&1; then
    return 0
  fi
  dind_cache_list=$(mktemp)
  {
    git -c core.quotePath=false diff-index --name-only HEAD -- | sed 's/^/M\t/'
    git -c core.quotePath=false ls-files --stage
  } | awk -F '\t' '
    $1 == "M" { modified[$2] = 1; next }
    $2 in modified || $1 !~ /^100/ { next }
    {
      # seven hexadecimal digits of the content hash, as seconds from 1980 to 1988
      split($1, entry, " "); seconds = 0
      for (i = 1; i <= 7; i++) seconds = seconds * 16 + index("0123456789abcdef", substr(entry[2], i, 1)) - 1
      printf "@%d\n%s\n", 315532800 + seconds, $2
    }' > "$dind_cache_list"
  tr '\n' '\0' < "$dind_cache_list" | xargs -0 -r -n 2 -P 4 touch -c -h -d
  git -c core.quotePath=false ls-files | awk '{ while (sub("/[^/]*$", "")) print }' | sort -u | tr '\n' '\0' | xargs -0 -r touch -c -d @315532800
  rm -f "$dind_cache_list"
}

dind_cache_wait || exit 1
dind_cache_build_node
dind_cache_file_times
