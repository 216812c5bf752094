#!/bin/sh
# Stand-in for the entrypoint of Docker's dind image, written from its documented behaviour, for machines that cannot pull that image.
#
# Differences from upstream:
# - rootless mode is not there: the daemon needs root.
# - no kernel module is loaded when iptables fails: what the kernel lacks stays lacking.
# - Docker's CLI subcommands are handed to docker-entrypoint.sh only by name, without asking `docker help`.
set -eu

days=825

# Prints the subject alternative names of the server certificate.
alternative_names() {
	{
		ip -o addr show scope global | awk '{ sub("/.*", "", $4); print "IP:" $4 }'
		printf 'IP:127.0.0.1\nIP:::1\nDNS:docker\nDNS:localhost\n'
		for name in "$(cat /etc/hostname)" "$(hostname -s)" "$(hostname -f 2> /dev/null || true)"; do
			[ -z "$name" ] || echo "DNS:$name"
		done
		echo "${DOCKER_TLS_SAN:-}" | tr ',' '\n' | sed '/^ *$/d; s/^ *//'
	} | sort -u | paste -s -d, -
}

# Makes a private key unless one is there: keys survive a restart, certificates do not.
ensure_key() {
	[ -s "$1" ] || (umask 077 && openssl genrsa -out "$1" 4096)
}

# Signs a certificate for a key: folder of all certificates, whose, X.509 extensions.
sign() {
	ensure_key "$1/$2/key.pem"
	openssl req -new -key "$1/$2/key.pem" -subj "/CN=docker:dind $2" -out "$1/$2/csr.pem"
	printf '%s\n' "$3" > "$1/$2/openssl.cnf"
	openssl x509 -req -in "$1/$2/csr.pem" -CA "$1/ca/cert.pem" -CAkey "$1/ca/key.pem" -CAcreateserial \
		-out "$1/$2/cert.pem" -days "$days" -extfile "$1/$2/openssl.cnf"
	cp "$1/ca/cert.pem" "$1/$2/ca.pem"
	openssl verify -CAfile "$1/$2/ca.pem" "$1/$2/cert.pem"
}

# Whoever brings a server's files without the authority's key has made them himself: they are checked, and nothing is generated.
brought_by_user() {
	[ -s "$1/server/ca.pem" ] && [ -s "$1/server/cert.pem" ] && [ -s "$1/server/key.pem" ] && [ ! -s "$1/ca/key.pem" ]
}

ensure_certificates() {
	if brought_by_user "$1"; then
		openssl verify -CAfile "$1/server/ca.pem" "$1/server/cert.pem"
		return
	fi
	mkdir -p "$1/ca" "$1/server" "$1/client"
	if [ -s "$1/ca/key.pem" ] || [ ! -s "$1/ca/cert.pem" ]; then
		ensure_key "$1/ca/key.pem"
		openssl req -new -x509 -key "$1/ca/key.pem" -subj '/CN=docker:dind CA' -days "$days" -out "$1/ca/cert.pem"
	fi
	[ -s "$1/ca/key.pem" ] || return 0
	sign "$1" server "subjectAltName=$(alternative_names)"
	sign "$1" client 'extendedKeyUsage=clientAuth'
	# Job containers that mount the folder need not run as root.
	chmod 0644 "$1/client/key.pem"
}

# The socket and the port are flags, which is why daemon.json may not name hosts or TLS files.
if [ "$#" -eq 0 ] || [ "${1#-}" != "$1" ]; then
	socket=unix:///var/run/docker.sock
	case "${DOCKER_HOST:-}" in unix://*) socket="$DOCKER_HOST" ;; esac
	if [ -n "${DOCKER_TLS_CERTDIR:-}" ]; then
		ensure_certificates "$DOCKER_TLS_CERTDIR"
		set -- dockerd --host="$socket" --host=tcp://0.0.0.0:2376 --tlsverify \
			--tlscacert "$DOCKER_TLS_CERTDIR/server/ca.pem" \
			--tlscert "$DOCKER_TLS_CERTDIR/server/cert.pem" \
			--tlskey "$DOCKER_TLS_CERTDIR/server/key.pem" "$@"
	else
		set -- dockerd --host="$socket" --host=tcp://0.0.0.0:2375 "$@"
	fi
fi

if [ "$1" = dockerd ]; then
	# The pid files of a container that was killed name processes of its successor.
	find /run/ /var/run/ -iname 'docker*.pid' -delete || :

	legacy="${DOCKER_IPTABLES_LEGACY-auto}"
	if [ "$legacy" = auto ]; then
		legacy=
		iptables -nL > /dev/null 2>&1 || legacy=1
	fi
	[ -z "$legacy" ] || export PATH="/usr/local/sbin/.iptables-legacy:$PATH"

	set -- docker-init -- /usr/local/bin/dind "$@"
else
	set -- docker-entrypoint.sh "$@"
fi

exec "$@"
