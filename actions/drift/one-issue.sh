#!/usr/bin/env bash
# One issue about drift: opened or reopened while something is wrong or in doubt, kept up to date, closed when all is in sync.
#
#   one-issue.sh EXIT_CODE REPORT.md RUN_URL
#
# ISSUE_LABEL is how it is found again; GH_REPO is the repository, where the current folder is none.
set -euo pipefail
code=$1 report=$2 run=$3
title=${ISSUE_TITLE:-Amazon Connect domains have drifted} label=${ISSUE_LABEL:-drift}

found=$(gh issue list --label "$label" --state all --limit 1 --json number,state --jq '.[] | "\(.number) \(.state)"')
read -r number state <<< "$found" || true

if [ "$code" = 0 ]; then
  if [ "$state" = OPEN ]; then
    gh issue close "$number" --comment "All domains are in sync again: $run"
  fi
  exit
fi

printf '\n[the run](%s)\n' "$run" | cat "$report" - > "$report.body"
if [ -z "$number" ]; then
  gh label create "$label" --force --description "Live settings are not as declared"
  gh issue create --title "$title" --label "$label" --body-file "$report.body"
else
  if [ "$state" = CLOSED ]; then
    gh issue reopen "$number" --comment "It is back: $run"
  fi
  gh issue edit "$number" --body-file "$report.body"
fi
