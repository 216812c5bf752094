#!/bin/sh
# Issues what is missing, too old or no longer right: a CA, the daemon's certificate and one for the clients of each namespace.
# Everything issued is kept in one Secret, so a run with nothing to do writes what is there already.
#   STATE_SECRET       the folder with what was issued before; empty at first
#   ISSUED             the folder for what is issued: state, server and client-<namespace>
#   SERVER_NAMES       the names of the daemon, as subject alternative names: DNS:a,DNS:b
#   CLIENT_NAMESPACES  the namespaces of clients, separated by spaces
#   CA_DAYS, DAYS      how long a CA and a certificate are valid; both are renewed when a third of that is left
set -eu
: "${STATE_SECRET:?}" "${ISSUED:?}" "${SERVER_NAMES:?}" "${CLIENT_NAMESPACES:?}" "${CA_DAYS:=3650}" "${DAYS:=365}"
umask 077
state=$ISSUED/state
mkdir -p "$state"
for file in "$STATE_SECRET"/*; do
  [ ! -f "$file" ] || cp "$file" "$state/"
done
config=$ISSUED/openssl.cnf
printf '[req]\ndistinguished_name = name\n[name]\n' > "$config"

# lasts CERTIFICATE DAYS: whether more than a third of its days is left
lasts() {
  openssl x509 -in "$1" -noout -checkend $(($2 * 86400 / 3)) >/dev/null 2>&1
}

# new_key FILE
new_key() {
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null
}

issue_ca() {
  if [ -s "$state/ca-key.pem" ] && lasts "$state/ca.pem" "$CA_DAYS"; then
    return
  fi
  # every certificate of the old CA goes with it
  rm -f "$state"/*
  new_key "$state/ca-key.pem"
  openssl req -x509 -new -config "$config" -key "$state/ca-key.pem" -sha256 -days "$CA_DAYS" -subj "/CN=dind-cache CA" -out "$state/ca.pem" \
    -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign -addext subjectKeyIdentifier=hash
  echo "issue: new CA"
}

# issue NAME USAGE EXTENSION: makes $state/NAME-cert.pem unless it is there, of this CA, with this extension, and lasts
issue() {
  certificate=$state/$1-cert.pem key=$state/$1-key.pem extensions=$ISSUED/$1.ext
  printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=%s\nauthorityKeyIdentifier=keyid\n%s\n' "$2" "$3" > "$extensions"
  wanted=$(openssl dgst -sha256 -r "$extensions" | cut -d' ' -f1)
  if [ -s "$key" ] && [ "$(cat "$state/$1-request" 2>/dev/null)" = "$wanted" ] && lasts "$certificate" "$DAYS" \
    && openssl verify -CAfile "$state/ca.pem" "$certificate" >/dev/null 2>&1; then
    echo "issue: $1: kept"
    return
  fi
  new_key "$key"
  # a common name has room for 64 characters, and nothing reads it
  openssl req -new -config "$config" -key "$key" -sha256 -subj "/CN=$(echo "$1" | cut -c 1-64)" -out "$ISSUED/$1.csr"
  openssl x509 -req -in "$ISSUED/$1.csr" -CA "$state/ca.pem" -CAkey "$state/ca-key.pem" -set_serial "0x$(openssl rand -hex 16)" \
    -sha256 -days "$DAYS" -extfile "$extensions" -out "$certificate" 2>/dev/null
  echo "$wanted" > "$state/$1-request"
  echo "issue: $1: new certificate"
}

# copy NAME FOLDER: lays out a certificate as Docker reads it
copy() {
  mkdir -p "$ISSUED/$2"
  cp "$state/ca.pem" "$ISSUED/$2/ca.pem"
  cp "$state/$1-cert.pem" "$ISSUED/$2/cert.pem"
  cp "$state/$1-key.pem" "$ISSUED/$2/key.pem"
}

issue_ca
issue server serverAuth "subjectAltName=$SERVER_NAMES"
copy server server
# the certificate of a namespace that is a client no longer
for file in "$state"/client-*; do
  namespace=${file##*/client-}
  case " $CLIENT_NAMESPACES " in
    *" ${namespace%-*} "*) ;;
    *) rm -f "$file" ;;
  esac
done
for namespace in $CLIENT_NAMESPACES; do
  issue "client-$namespace" clientAuth ""
  copy "client-$namespace" "client-$namespace"
done
exec sh "$(dirname "$0")/publish.sh"
