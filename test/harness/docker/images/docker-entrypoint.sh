#!/bin/sh
# Stand-in for the entrypoint of Docker's cli image; what a Kubernetes manifest's `command` replaces.
#
# Difference from upstream: a subcommand of docker is told from a program by whether such a program exists, not by `docker help`.
set -eu

if [ "$#" -eq 0 ]; then
	set -- sh
fi
if [ "${1#-}" != "$1" ] || ! command -v "$1" > /dev/null; then
	set -- docker "$@"
fi

# Without a socket the daemon is the service container that is called docker.
if [ -z "${DOCKER_HOST:-}" ] && [ ! -S /var/run/docker.sock ]; then
	if [ -s "${DOCKER_TLS_CERTDIR:-}/client/cert.pem" ]; then
		export DOCKER_HOST=tcp://docker:2376 DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH="$DOCKER_TLS_CERTDIR/client"
	else
		export DOCKER_HOST=tcp://docker:2375
	fi
fi

exec "$@"
