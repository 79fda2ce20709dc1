#!/usr/bin/env bash
# Submits the check of the fleet: an array of 16 jobs, and the job that makes one report of theirs.
# Drift makes the last job fail with exit code 2, doubt with 1.
set -euo pipefail
: "${QUEUE:?the name of the job queue}"

array=$(aws batch submit-job --job-name drift-shards --job-definition drift-shards --job-queue "$QUEUE" \
  --array-properties size=16 --query jobId --output text)
aws batch submit-job --job-name drift-report --job-definition drift-report --job-queue "$QUEUE" \
  --depends-on "jobId=$array" --query jobId --output text
