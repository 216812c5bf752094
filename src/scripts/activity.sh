# shellcheck shell=sh
# What the daemon's scripts share: is the daemon well, does anything run on it, and may new clients come.
#   API_PORT  the port that clients connect to

STATE=${STATE:-/run/dind-cache}
DRAINING=$STATE/draining

# The daemon's own socket, with a bound: a hung daemon leaves the client hanging.
local_docker() {
  timeout 5 docker -H unix:///var/run/docker.sock "$@"
}

# Whether a client is connected or a container runs. A build, a push and a pull hold a connection open; a detached container does not.
# Status 0: busy; 1: idle; 2: the daemon does not answer.
busy() {
  running=$(local_docker ps -q 2>/dev/null) || return 2
  [ -z "$running" ] || return 0
  # Fields of /proc/net/tcp: local address with the port in hexadecimal, then the state, where 01 is established.
  awk -v port="$(printf '%04X' "$API_PORT")" '$4 == "01" && substr($2, length($2) - 3) == port { found = 1 } END { exit !found }' \
    /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# How many connections the pod has accepted so far: who came and went between two looks has left a trace here.
# The last line on TCP holds the numbers, of which the sixth is PassiveOpens (https://www.rfc-editor.org/rfc/rfc4022).
accepted() {
  awk '$1 == "Tcp:" { opens = $7 } END { print opens }' /proc/net/snmp
}

# Takes the pod out of the Service: readiness fails from now on.
start_draining() {
  echo "$1" > "$DRAINING"
}

stop_draining() {
  rm -f "$DRAINING"
}
