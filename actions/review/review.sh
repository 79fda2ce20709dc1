#!/usr/bin/env bash
# Reviews the previews by the action's inputs, which are in variables. Ends with 0 whatever was found: the exit code is an output.
set -euo pipefail

case $INPUT_REPORTS in
  "" | *$'\n'*) echo "::error title=reports::the name of a folder was expected"; exit 1 ;;
esac
mkdir -p -- "$INPUT_REPORTS"
reports=$(cd -- "$INPUT_REPORTS" && pwd)
comment=$reports/comment.md json=$reports/review.json
rm -f -- "$comment" "$json"

files=()
while IFS= read -r pattern; do
  if [[ $pattern =~ [^[:space:]] ]]; then
    while IFS= read -r file; do
      files+=("$(cd -- "$(dirname -- "$file")" && pwd)/$(basename -- "$file")")
    done < <(compgen -G "$pattern" | LC_ALL=C sort)
  fi
done <<< "$INPUT_PREVIEWS"
if [ -n "$MADE" ]; then
  shopt -s nullglob dotglob
  files+=("$MADE"/*.json)
fi
if [ ${#files[@]} = 0 ]; then
  echo "::error title=Review::there is no preview: give stacks, or previews that exist"
  exit 1
fi

arguments=("--marker=$INPUT_MARKER")
if [ "$INPUT_LIVE" = true ]; then arguments+=(--live); fi
if [ -n "$INPUT_ASSUME_ROLE" ]; then arguments+=("--assume-role=$INPUT_ASSUME_ROLE"); fi
if [ "$INPUT_ALWAYS" = true ]; then arguments+=(--always); fi
if [ "$INPUT_FAIL_ON_DATA_LOSS" = true ] && [ "$APPROVED" != true ]; then arguments+=(--fail-on=data-loss); fi

# The command adds the whole review to the summary where the comment had to be cut; otherwise the comment is the whole.
before=$(wc -c < "$GITHUB_STEP_SUMMARY" 2> /dev/null || echo 0)
code=0
(
  cd -- "$INPUT_WORKING_DIRECTORY"
  connect-domains review "${files[@]}" "${arguments[@]}" --out "markdown=$comment" --out "json=$json" \
    --out "sarif=$reports/review.sarif" --out text=-
) || code=$?
if [ -s "$comment" ] && [ "$(wc -c < "$GITHUB_STEP_SUMMARY" 2> /dev/null || echo 0)" = "$before" ]; then
  cat -- "$comment" >> "$GITHUB_STEP_SUMMARY"
fi
touch -- "$comment"

{
  echo "exit-code=$code"
  echo "comment=$comment"
  echo "json=$json"
  echo "sarif=$reports/review.sarif"
  if [ -f "$json" ]; then
    python3 -I - "$json" << 'SUMMARY'
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    review = json.load(file)
print(f"has-changes={json.dumps(review['has_changes'])}")
print(f"data-loss={json.dumps(review['loses_data'])}")
SUMMARY
  fi
} >> "$GITHUB_OUTPUT"
