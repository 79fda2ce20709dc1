#!/bin/sh
# One note on the merge request: made, edited in place, or deleted when there is nothing to say any more.
#
#   one-note.sh COMMENT.md
set -eu
comment=$1
marker="<!-- connect-domains review -->"
notes="$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes"

api() {
  curl --silent --show-error --fail --header "PRIVATE-TOKEN: $GITLAB_TOKEN" "$@"
}

# Only the token's own: anybody can write a note that begins with the marker.
me=$(api "$CI_API_V4_URL/user" | jq .id)
id="" page=1
while [ -z "$id" ]; do
  found=$(api "$notes?per_page=100&page=$page")
  [ "$(printf "%s" "$found" | jq length)" != 0 ] || break
  id=$(printf "%s" "$found" | jq --arg marker "$marker" --argjson me "$me" \
    '[.[] | select(.author.id == $me) | select(.body | startswith($marker)) | .id][0] // empty')
  page=$((page + 1))
done

if [ -s "$comment" ]; then
  if [ -n "$id" ]; then
    api --output /dev/null --request PUT --data-urlencode "body@$comment" "$notes/$id"
  else
    api --output /dev/null --request POST --data-urlencode "body@$comment" "$notes"
  fi
elif [ -n "$id" ]; then
  api --output /dev/null --request DELETE "$notes/$id"
fi
