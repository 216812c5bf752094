#!/bin/sh
# Writes a document for `kubectl apply --server-side` for each Secret that is to hold certificates. Talks to nobody.
#   COPIES     a line each: folder namespace name; the files of the folder become the keys of the Secret
#   DOCUMENTS  the folder for the documents
set -eu
: "${COPIES:?}" "${DOCUMENTS:?}"

# The keys of a Secret, as members of a JSON object.
members() {
  separator=
  for file in "$1"/*; do
    [ -s "$file" ] || { echo "publish: $file is missing or empty" >&2; exit 1; }
    printf '%s"%s":"%s"' "$separator" "${file##*/}" "$(openssl base64 -A -in "$file")"
    separator=,
  done
}

echo "$COPIES" | while read -r folder namespace name; do
  data=$(members "$folder")
  printf '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"%s","namespace":"%s"},"type":"Opaque","data":{%s}}\n' "$name" "$namespace" "$data" \
    > "$DOCUMENTS/$namespace.$name.json"
  echo "publish: Secret $namespace/$name: $(echo "$data" | tr ',' '\n' | grep -c .) keys"
done
