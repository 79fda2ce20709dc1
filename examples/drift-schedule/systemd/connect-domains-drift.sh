#!/usr/bin/env bash
# Checks every stack of a backend, and tells Slack unless all is in sync. Ends with the check's own exit code.
# STATE_URL is what `pulumi login` takes: s3://BUCKET?region=REGION, or file://FOLDER.
# METRICS_FILE is a .prom file in the folder of node exporter's textfile collector; each check needs its own.
set -euo pipefail
: "${STATE_URL:?}" "${SLACK_WEBHOOK:?}"

code=0
connect-domains drift --state "$STATE_URL" --unmanaged \
  --out text=- --out slack=drift.slack.json --out html=drift.html --out "openmetrics=${METRICS_FILE:-drift.prom}" || code=$?

if [ "$code" != 0 ]; then
  curl --silent --show-error --fail --header "Content-Type: application/json" --data @drift.slack.json "$SLACK_WEBHOOK"
fi
exit "$code"
