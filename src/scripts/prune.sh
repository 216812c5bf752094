#!/bin/sh
# Removes what jobs left behind. Never a tagged image, never build cache: no build becomes cold and no job loses the image that it is about to push.
#   OLDER_THAN  the age at which a stopped container, an unused network or an untagged image goes, such as 1440m
set -u
: "${OLDER_THAN:?}"
status=0

prune() {
  if output=$(docker "$1" prune --force --filter "until=$OLDER_THAN" 2>&1); then
    echo "prune: $1: $(echo "$output" | tail -n 1)"
    return
  fi
  case $output in
    *"already running"*) echo "prune: $1: skipped, another prune is at it" ;;
    *) echo "prune: $1: FAILED: $output" >&2; status=1 ;;
  esac
}

prune container
prune network
prune image
exit $status
