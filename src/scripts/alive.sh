#!/bin/sh
# What the kubelet's probes ask, by the first argument:
#   startup  the daemon answers
#   ready    the daemon answers and is not draining
#   alive    the daemon answers; when its certificate has been renewed and nothing runs, it is stopped, so that the kubelet starts it anew:
#            dockerd reads its certificate once and cannot reload it (https://github.com/moby/moby/issues/23936)
#   SETTLED_SECONDS  how long nothing must have run before that: a job may pause between two commands
#   LEAVING_SECONDS  how long the pod must have been out of the Service before that
set -u
. "$(dirname "$0")/activity.sh"
: "${SETTLED_SECONDS:=300}" "${LEAVING_SECONDS:=20}"
BUSY_AT=$STATE/busy-at

# Whether the mounted certificate is another one than the daemon has loaded.
renewed() {
  [ -e "$STATE/certificate" ] && ! sha256sum -c "$STATE/certificate" >/dev/null 2>&1
}

# How many seconds ago a file was written.
age() {
  echo $(($(date +%s) - $(stat -c %Y "$1")))
}

# Looks whether the daemon can be stopped for its new certificate: settled, then out of the Service, and nothing came meanwhile.
renew() {
  busy
  case $? in
    0) touch "$BUSY_AT"; [ "$(cat "$DRAINING" 2>/dev/null)" != renewal ] || stop_draining; return ;;
    1) ;;
    *) return ;;
  esac
  [ -e "$BUSY_AT" ] || touch "$BUSY_AT"
  [ "$(age "$BUSY_AT")" -ge "$SETTLED_SECONDS" ] || return
  [ -e "$DRAINING" ] || start_draining renewal
  [ "$(cat "$DRAINING")" = renewal ] && [ "$(age "$DRAINING")" -ge "$LEAVING_SECONDS" ] || return
  # to the log of the container, whose main process is 1
  echo "alive: the certificate was renewed and nothing runs: stopping to load it" > /proc/1/fd/1
  kill -TERM "$(cat /var/run/docker.pid)"
}

local_docker version >/dev/null || exit 1
case ${1:?} in
  startup) ;;
  ready) [ ! -e "$DRAINING" ] || { echo "draining: $(cat "$DRAINING")"; exit 1; } ;;
  alive) ! renewed || renew ;;
esac
exit 0
