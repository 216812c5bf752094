#!/bin/sh
# Starts the Docker daemon: clears what a killed one left behind, refuses what would do harm, and hands over to the image's entrypoint.
#   DOCKER_TLS_CERTDIR   empty: no TLS; else the server's certificate must stand complete in its folder server
#   REQUIRE_MOUNT_POINT  a folder that must be the root of a mounted file system
# The arguments are dockerd's flags.
set -eu

fail() {
  echo "start: $*" >&2
  exit 1
}

# A pid file may name a live process of this container: dockerd and containerd then refuse to start, for ever. Nothing runs yet, so each is stale.
rm -f /run/docker.pid /var/run/docker.pid /run/docker/containerd/containerd.pid /var/run/docker/containerd/containerd.pid

if [ -n "${REQUIRE_MOUNT_POINT:-}" ]; then
  # The fourth field is the folder of its file system that is mounted: '/' only when the volume's path is itself a mount point of the node.
  root=$(awk -v path="$REQUIRE_MOUNT_POINT" '$5 == path { root = $4 } END { print root }' /proc/self/mountinfo)
  [ "$root" = / ] || fail "the volume's path on the node is not a mount point (it is the folder '$root' of another file system): mount the data disk"
fi

# With a file missing, the entrypoint would make a CA and certificates of its own, and no client would be let in by its own.
if [ -n "${DOCKER_TLS_CERTDIR:-}" ]; then
  for file in ca.pem cert.pem key.pem; do
    [ -s "$DOCKER_TLS_CERTDIR/server/$file" ] || fail "the server's Secret holds no $file"
  done
fi

# What the other scripts of this container keep; a file of the last run must not survive a restart.
state=/run/dind-cache
rm -rf "$state"
mkdir -p "$state"
[ -z "${DOCKER_TLS_CERTDIR:-}" ] || sha256sum "$DOCKER_TLS_CERTDIR/server/ca.pem" "$DOCKER_TLS_CERTDIR/server/cert.pem" > "$state/certificate"

exec dockerd-entrypoint.sh "$@"
