#!/bin/sh
# A Docker client and daemon as far as prune.sh uses them. What the daemon has stands in files beside it, a line each:
#   images      ID, time of the last tag in seconds, megabytes, names
#   containers  ID, image ID, time of the end or '-' while it runs
#   volumes     name, time of the creation; each is anonymous and unused
#   labelled    IDs of the images with the label that keeps
#   retagged    a time at which every image is tagged once the script looks at one
#   info        what `docker info` says of the driver
#   VERB-OBJECT.failure  what an operation says instead of being done
# Every call is written to the file calls.
set -eu
cd "${0%/*}"
echo "$*" >> calls
for file in images containers volumes labelled info; do [ -e "$file" ] || : > "$file"; done

# the last argument
for last; do :; done

fail_if_told() {
  if [ -e "$1.failure" ]; then
    cat "$1.failure" >&2
    exit 1
  fi
}

case $* in
  'info '*) fail_if_told info; cat info ;;
  'ps -aq --no-trunc') cut -d' ' -f1 containers ;;
  'ps -aq '*) awk '$3 != "-" { print $1 }' containers ;;
  "inspect -f {{.Image}} "*) shift 3; for id; do awk -v id="$id" '$1 == id { print $2 }' containers; done ;;
  'inspect '*'.State.FinishedAt'*) awk -v id="$last" '$1 == id { print $3 }' containers ;;
  'container rm '*) fail_if_told container-rm ;;
  'volume ls '*) cut -d' ' -f1 volumes ;;
  'volume inspect '*) awk -v name="$last" '$1 == name { print $2 }' volumes ;;
  'volume rm '*) fail_if_told volume-rm ;;
  'network prune '*) fail_if_told network-prune ;;
  'image prune '*) fail_if_told image-prune ;;
  'image ls -q --no-trunc -f '*) cat labelled ;;
  'image ls -q --no-trunc') cut -d' ' -f1 images ;;
  'image inspect '*'{{range'*) shift 4; for id; do awk -v id="$id" '$1 == id { $3 = ""; print }' images | tr -s ' '; done ;;
  'image inspect '*)
    # by then somebody has tagged every image anew
    if [ -e retagged ]; then
      awk -v now="$(cat retagged)" '{ $2 = now; print }' images > new
      mv new images
    fi
    awk -v name="$last" '{ for (i = 4; i <= NF; i++) if ($i == name) { print $1, $2; exit } }' images ;;
  'image rm '*) fail_if_told image-rm; awk -v name="${last%@*}" '{ for (i = 4; i <= NF; i++) if ($i == name) next } { print }' images > new; mv new images ;;
  'tag '*) fail_if_told tag ;;
  'system df '*) awk '{ sum += $3 } END { print "Images|" sum "MB"; print "Containers|0B"; print "Local Volumes|0B"; print "Build Cache|0B" }' images ;;
  'buildx prune '*) fail_if_told buildx-prune ;;
  *) echo "fake docker: unknown: $*" >&2; exit 64 ;;
esac
