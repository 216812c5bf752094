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
# Written whenever something runs or has run: how many connections had been accepted by then.
LAST_ACTIVITY=$STATE/last-activity

# Says something in the log of the container, whose main process is 1.
log() {
  echo "alive: $*" > /proc/1/fd/1
}

# Whether the mounted certificate is another one than the daemon has loaded.
renewed() {
  [ -e "$STATE/certificate" ] && ! sha256sum -c "$STATE/certificate" >/dev/null 2>&1
}

# Whether the daemon would start with the mounted certificate.
usable() {
  server=$DOCKER_TLS_CERTDIR/server
  openssl verify -CAfile "$server/ca.pem" "$server/cert.pem" >/dev/null 2>&1 \
    && [ "$(openssl x509 -in "$server/cert.pem" -noout -pubkey)" = "$(openssl pkey -in "$server/key.pem" -pubout 2>/dev/null)" ]
}

# How many seconds ago a file was written.
age() {
  echo $(($(date +%s) - $(stat -c %Y "$1")))
}

# Keeps the pod in the Service, or brings it back.
stay() {
  [ "$(cat "$DRAINING" 2>/dev/null)" != renewal ] || stop_draining
}

# Looks whether the daemon can be stopped for its new certificate: settled, then out of the Service, and nothing came meanwhile.
renew() {
  busy
  status=$?
  [ "$status" -ne 2 ] || return
  if [ "$status" -eq 0 ] || [ "$(accepted)" != "$(cat "$LAST_ACTIVITY" 2>/dev/null)" ]; then
    accepted > "$LAST_ACTIVITY"
    stay
    return
  fi
  [ "$(age "$LAST_ACTIVITY")" -ge "$SETTLED_SECONDS" ] || return
  [ -e "$DRAINING" ] || start_draining renewal
  [ "$(cat "$DRAINING")" = renewal ] && [ "$(age "$DRAINING")" -ge "$LEAVING_SECONDS" ] || return
  log "the certificate was renewed and nothing runs: stopping to load it"
  kill -TERM "$(cat /var/run/docker.pid)"
}

local_docker version >/dev/null || exit 1
case ${1:?} in
  startup) ;;
  ready) [ ! -e "$DRAINING" ] || { echo "draining: $(cat "$DRAINING")"; exit 1; } ;;
  alive)
    if ! renewed; then
      stay
    elif usable; then
      renew
    else
      log "the mounted certificate is incomplete, or not of its CA or key: keeping the one that is loaded"
      stay
    fi ;;
esac
exit 0
