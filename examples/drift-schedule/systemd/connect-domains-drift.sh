#!/usr/bin/env bash
# Checks every stack of a state bucket, and tells Slack unless all is in sync. Ends with the check's own exit code.
# METRICS_FILE is a .prom file in the folder of node exporter's textfile collector; each check needs its own.
set -euo pipefail
: "${STATE_BUCKET:?}" "${SLACK_WEBHOOK:?}"

aws s3 sync --quiet --delete "s3://$STATE_BUCKET/.pulumi/stacks" states --exclude "*.bak"

code=0
connect-domains drift --state-dir states --unmanaged \
  --out text=- --out slack=drift.slack.json --out html=drift.html --out "openmetrics=${METRICS_FILE:-drift.prom}" || code=$?

if [ "$code" != 0 ]; then
  curl --silent --show-error --fail --header "Content-Type: application/json" --data @drift.slack.json "$SLACK_WEBHOOK"
fi
exit "$code"
