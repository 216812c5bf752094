#!/bin/sh
# The daemon's preStop hook: keeps new clients away and waits until nothing runs, since a stopped daemon breaks every build that runs on it.
# Returns at its first look when nothing runs, and when the daemon does not answer.
#   DRAIN_SECONDS  how long it waits at most
#   QUIET_SECONDS  how long nothing must have run once something did: a job is idle between its build and its push
set -u
. "$(dirname "$0")/activity.sh"
: "${DRAIN_SECONDS:?}" "${QUIET_SECONDS:=5}"

start_draining stop
end=$(($(date +%s) + DRAIN_SECONDS))
quiet=$QUIET_SECONDS
while [ "$(date +%s)" -lt "$end" ]; do
  busy
  case $? in
    0) quiet=0 ;;
    1) [ "$quiet" -lt "$QUIET_SECONDS" ] || exit 0
       quiet=$((quiet + 1)) ;;
    *) exit 0 ;;
  esac
  sleep 1
done
