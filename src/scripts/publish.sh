#!/bin/sh
# Writes a JSON patch for each Secret that is to hold certificates: it sets all data of the Secret and touches nothing else. Talks to nobody.
#   COPIES     a line each: folder namespace name; the files of the folder become the keys of the Secret
#   DOCUMENTS  the folder for the patches, namespace.name.json
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
  printf '[{"op":"add","path":"/data","value":{%s}}]\n' "$data" > "$DOCUMENTS/$namespace.$name.json"
  echo "publish: Secret $namespace/$name: $(echo "$data" | tr ',' '\n' | grep -c .) keys"
done
