#!/usr/bin/env bash
# One issue about drift: opened or reopened while something is wrong or in doubt, kept up to date, closed when all is in sync.
#
#   one-issue.sh EXIT_CODE REPORT.md RUN_URL
#
# ISSUE_LABEL and an unseen first line are how it is found again; GH_REPO is the repository, where the current folder is none.
set -euo pipefail
code=$1 report=$2 run=$3
title=${ISSUE_TITLE:-Amazon Connect domains have drifted} label=${ISSUE_LABEL:-drift}
export MARKER="<!-- connect-domains drift -->" # jq reads it itself

# Only the workflow's own: people may use the label for issues of theirs, whose text must stay.
own='[.[] | select(.body | startswith(env.MARKER))][0] // empty | "\(.number) \(.state)"'
found=$(gh issue list --label "$label" --state all --limit 100 --json number,state,body --jq "$own")
read -r number state <<< "$found" || true

if [ "$code" = 0 ]; then
  if [ "$state" = OPEN ]; then
    gh issue close "$number" --comment "All domains are in sync again: $run"
  fi
  exit
fi

{
  echo "$MARKER"
  cat -- "$report"
  printf '\n[the run](%s)\n' "$run"
} > "$report.body"
if [ -z "$number" ]; then
  gh label create "$label" --force --description "Live settings are not as declared"
  gh issue create --title "$title" --label "$label" --body-file "$report.body"
else
  if [ "$state" = CLOSED ]; then
    gh issue reopen "$number" --comment "It is back: $run"
  fi
  gh issue edit "$number" --body-file "$report.body"
fi
