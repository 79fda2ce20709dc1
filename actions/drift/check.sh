#!/usr/bin/env bash
# Runs the check by the action's inputs, which are in variables. Ends with 0 whatever was found: the exit code is an output.
set -euo pipefail

reports=$INPUT_REPORTS
case $reports in
  "" | *$'\n'*) echo "::error title=reports::the name of a folder was expected"; exit 1 ;;
esac
mkdir -p -- "$reports"
report=$reports/drift.md
rm -f -- "$report" "$reports/drift.json"

arguments=("--cwd=$INPUT_WORKING_DIRECTORY")

# each OPTION LINES: the option for each line that is not empty. Joined by =, so that no value is taken for an option.
each() {
  local line
  while IFS= read -r line; do
    if [[ $line =~ [^[:space:]] ]]; then
      arguments+=("${1:+$1=}$line")
    fi
  done <<< "$2"
}

each --stack "$INPUT_STACKS"
while IFS= read -r place; do
  if [ -d "$place" ]; then each --state-dir "$place"; else each --state "$place"; fi
done <<< "$INPUT_STATE"
if [ ${#arguments[@]} = 1 ]; then
  arguments+=(--all)
fi
each --policy "$INPUT_POLICY"
each --require "$INPUT_REQUIRE"
each --assume-role "$INPUT_ASSUME_ROLE"
if [ "$INPUT_UNMANAGED" = true ]; then arguments+=(--unmanaged); fi
if [ "$INPUT_STRICT" = true ]; then arguments+=(--strict); fi
each "" "$INPUT_ARGUMENTS"

code=0
connect-domains drift "${arguments[@]}" --out github=- --out "markdown=$report" --out "html=$reports/drift.html" \
  --out "json=$reports/drift.json" --out "sarif=$reports/drift.sarif" || code=$?

if [ ! -f "$report" ]; then
  printf '## The drift check did not end\n\nThe log of the run says why.\n' > "$report"
fi
cat -- "$report" >> "$GITHUB_STEP_SUMMARY"

{
  echo "exit-code=$code"
  echo "report=$report"
  echo "html=$reports/drift.html"
  echo "json=$reports/drift.json"
  echo "sarif=$reports/drift.sarif"
  if [ -f "$reports/drift.json" ]; then
    python3 -I - "$reports/drift.json" << 'COUNTS'
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    report = json.load(file)
wrong = ("drifted_properties", "broken_requirements", "declared_twice", "missing", "suspended", "unreadable", "problems")
print(f"result={report['result']}")
print(f"domains={report['counts']['domains']}")
print(f"findings={sum(report['counts'][each] for each in wrong)}")
COUNTS
  fi
} >> "$GITHUB_OUTPUT"
