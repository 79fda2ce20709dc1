#!/usr/bin/env bash
# One comment on a pull request: made, edited in place, or deleted when there is nothing to say any more.
#
#   one-comment.sh PULL_REQUEST COMMENT.md
#
# COMMENT_MARKER is the marker in its first line, COMMENT_AUTHOR who the token belongs to. Both are read by jq itself.
set -euo pipefail
pull=$1 comment=$2
export COMMENT_MARKER=${COMMENT_MARKER:-connect-domains review} COMMENT_AUTHOR=${COMMENT_AUTHOR:-github-actions[bot]}
comments="repos/$GITHUB_REPOSITORY/issues/$pull/comments"

# Only the workflow's own: anybody can write a comment that begins with the marker.
mine='.[] | select(.user.login == env.COMMENT_AUTHOR) | select(.body | startswith("<!-- \(env.COMMENT_MARKER) -->")) | .id'
id=$(gh api --paginate "$comments" --jq "$mine" | awk 'NR == 1')

if [ -s "$comment" ]; then
  if [ -n "$id" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$comment"
  else
    gh api --silent --method POST "$comments" --field "body=@$comment"
  fi
elif [ -n "$id" ]; then
  gh api --silent --method DELETE "repos/$GITHUB_REPOSITORY/issues/comments/$id"
fi
