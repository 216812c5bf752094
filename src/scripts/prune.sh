#!/bin/sh
# Removes what no job can need any more. Needs nothing but the docker client and POSIX tools; every setting is an environment variable:
#   CAPACITY      bytes: the size of the daemon's volume
#   TARGET        bytes: tagged images go, the least recently tagged or pulled first, only while the daemon uses more
#   CRITICAL      bytes: above it GRACE shrinks to a tenth
#   GRACE         seconds since the last tag or pull that protect an image
#   OLD           seconds that protect a stopped container, an unused network, an anonymous volume and an untagged image
#   KEEP          patterns of image names, separated by spaces, that are never removed
#   KEEP_LABEL    a label whose images are never removed
#   GC_MAX, GC_FREE, GC_RESERVED  bytes: the sizes of the build cache, as in daemon.json
#   DATA_DIR      the daemon's volume, mounted read-only: its use is then read from the file system, unless that is shared; else the daemon is asked
#   DAILY         HHMM: housekeeping runs only before this time of day (UTC); empty: always
# Two opening braces never stand side by side: Helm, when it renders a chart of these manifests, would take them for a template of its own.
set -u
: "${CAPACITY:?}" "${TARGET:?}" "${CRITICAL:?}" "${GRACE:=21600}" "${OLD:=86400}" "${KEEP:=}" "${KEEP_LABEL:=}" "${GC_MAX:=}" "${GC_FREE:=}" "${GC_RESERVED:=}" "${DATA_DIR:=}" "${DAILY:=}"
failed=0
removed=0

log() {
  echo "prune: $*"
}

# attempt COMMAND…: runs it and says what came of it; that something is gone or in use already is no failure.
attempt() {
  if output=$("$@" 2>&1); then
    return 0
  fi
  case $output in
    *'already running'*|*'o such '*|*'not found'*|*'is in use'*|*'is using'*|*'conflict'*|*'in progress'*) log "skipped: $output" ;;
    *) log "FAILED: $*: $output"; failed=1 ;;
  esac
  return 1
}

# RFC 3339 to seconds, for the date of GNU and of BusyBox.
seconds() {
  moment=${1%%.*}
  moment=${moment%%Z*}
  date -u -d "$(echo "${moment%%+*}" | tr T ' ')" +%s 2>/dev/null || date +%s
}

# Whether the volume is a file system of its own: of one much larger than the volume, the use says nothing about the daemon.
own_file_system() {
  [ -n "$DATA_DIR" ] && df -Pk "$DATA_DIR" | awk -v capacity="$CAPACITY" 'NR == 2 { exit !($2 * 1024 < capacity * 1.1) }'
}

# The bytes that are used, of bytes or inodes whichever is nearer to its end, as a part of CAPACITY.
used() {
  if own_file_system; then
    {
      df -Pk "$DATA_DIR"
      df -Pi "$DATA_DIR"
    } | awk -v capacity="$CAPACITY" '$2 + 0 > 0 && $3 / $2 > share { share = $3 / $2 } END { printf "%.0f\n", share * capacity }'
    return
  fi
  docker system df --format '{''{.Type}}|{''{.Size}}' | awk -F '|' -v store="$store" '
    function amount(text, unit) {
      unit = text
      sub(/^[0-9.]+/, "", unit)
      return text * (unit == "kB" ? 1e3 : unit == "MB" ? 1e6 : unit == "GB" ? 1e9 : unit == "TB" ? 1e12 : 1)
    }
    # containerd counts every snapshot as part of the images, those of build cache and containers included
    !(store == "containerd" && ($1 == "Build Cache" || $1 == "Containers")) { sum += amount($2) }
    END { printf "%.0f\n", sum }'
}

# Runs the daemon's collection now: the layers of a removed image belong to the build cache from then on.
collect() {
  [ -n "$GC_MAX" ] || return 0
  attempt docker buildx prune -af --reserved-space "$GC_RESERVED" --max-used-space "$GC_MAX" --min-free-space "$GC_FREE"
}

older() {
  [ $(($(date +%s) - $(seconds "$1"))) -gt "$OLD" ]
}

# The lists are read from files, not pipes, so that a failure inside the loops is remembered.
remove_containers() {
  docker ps -aq -f status=exited -f status=dead -f status=created > "$list"
  while read -r id; do
    # by the time it ended; `container prune` goes by the time it was created
    ended=$(docker inspect -f '{''{if eq .State.Status "created"}}{''{.Created}}{''{else}}{''{.State.FinishedAt}}{''{end}}' "$id" 2>/dev/null) || continue
    if older "$ended" && attempt docker container rm -v "$id"; then
      log "removed container $id, ended $ended"
    fi
  done < "$list"
}

remove_volumes() {
  docker volume ls -q -f dangling=true -f label=com.docker.volume.anonymous > "$list"
  while read -r volume; do
    created=$(docker volume inspect -f '{''{.CreatedAt}}' "$volume" 2>/dev/null) || continue
    if older "$created" && attempt docker volume rm "$volume"; then
      log "removed anonymous volume $volume, created $created"
    fi
  done < "$list"
}

housekeep() {
  if [ -n "$DAILY" ] && [ "$(date -u +%H%M)" -ge "$DAILY" ]; then
    return 0
  fi
  remove_containers
  remove_volumes
  attempt docker network prune -f --filter "until=${OLD}s"
  attempt docker image prune -f --filter "until=${OLD}s"
}

# kept NAME: whether a pattern protects it
kept() {
  for pattern in $KEEP; do
    # shellcheck disable=SC2254 # a pattern it is
    case $1 in $pattern) return 0 ;; esac
  done
  return 1
}

# remove_tag NAME ID LAST: removes it unless it was tagged or pulled anew since it was listed
remove_tag() {
  now=$(docker image inspect -f '{''{.ID}} {''{.Metadata.LastTagTime.Unix}}' "$1" 2>/dev/null) || return 1
  if [ "$now" != "$2 $3" ]; then
    log "kept $1: used meanwhile"
    return 1
  fi
  # containerd's store compares and removes in one step; the graph driver knows no such name, and the look above must do
  name=$1
  [ "$store" = graphdriver ] || name=$1@$2
  attempt docker image rm "$name" || return 1
  removed=$((removed + 1))
  log "removed image $1, last tagged or pulled $(($(date +%s) - $3)) s ago"
}

# Lines of ID, last tag or pull in seconds, names; the least recent first. Images of containers and those with the label that keeps are left out.
list_images() {
  in_use=" $(docker ps -aq --no-trunc | xargs -r docker inspect -f '{''{.Image}}' 2>/dev/null | tr '\n' ' ') "
  labelled=" $([ -z "$KEEP_LABEL" ] || docker image ls -q --no-trunc -f "label=$KEEP_LABEL" | tr '\n' ' ') "
  docker image ls -q --no-trunc | sort -u | xargs -r docker image inspect -f '{''{.ID}} {''{.Metadata.LastTagTime.Unix}}{''{range .RepoTags}} {''{.}}{''{end}}' 2>/dev/null \
    | sort -k 2,2n | while read -r id last names; do
      case $in_use$labelled in *" $id "*) ;; *) [ -z "$names" ] || echo "$id $last $names" ;; esac
    done
}

# free_images GRACE: removes images until the use is below the target
free_images() {
  list_images > "$list"
  while read -r id last names; do
    if [ "$last" -le 0 ]; then
      # the graph driver knows no time of a pull: tagging it with its own name starts its clock
      attempt docker tag "$id" "${names%% *}" && log "first seen: $names"
      continue
    fi
    if [ $(($(date +%s) - last)) -le "$1" ] || ! [ "$(used)" -gt "$TARGET" ]; then
      break
    fi
    for name in $names; do
      kept "$name" || remove_tag "$name" "$id" "$last"
    done
    [ $((removed % 5)) -ne 4 ] || collect
  done < "$list"
}

relieve() {
  use=$(used)
  if [ -z "$use" ]; then
    log "FAILED: the use of the volume is not known"
    failed=1
    return
  fi
  if [ "$use" -le "$TARGET" ]; then
    log "use $use is below the target $TARGET: nothing to free"
    return
  fi
  log "use $use is above the target $TARGET: freeing"
  collect
  grace=$GRACE
  if [ "$use" -gt "$CRITICAL" ]; then
    grace=$((GRACE / 10))
    log "use is above $CRITICAL: images are protected for $grace s only"
  fi
  free_images "$grace"
  collect
  log "use $use -> $(used) bytes, $removed image names removed"
}

case $(docker info -f '{''{.DriverStatus}}' 2>&1) in
  *io.containerd.snapshotter*) store=containerd ;;
  *'ERROR'*|*'annot connect'*|*'error during connect'*) log "the daemon does not answer"; exit 1 ;;
  *) store=graphdriver ;;
esac
own_file_system || log "the volume is not mounted here, or not a file system of its own: use is what the daemon says"
list=$(mktemp)
trap 'rm -f "$list"' EXIT
housekeep
relieve
exit $failed
