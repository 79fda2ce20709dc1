#!/usr/bin/env bash
# Previews each stack into a file. The folder is an output. It is outside of the workspace, since a preview may show secrets, and always the
# same, since a preview that cannot be read is known by its name.
set -euo pipefail

folder=$RUNNER_TEMP/connect-domains-previews
rm -rf -- "$folder"
mkdir -p -- "$folder"
echo "folder=$folder" >> "$GITHUB_OUTPUT"
cd -- "$INPUT_WORKING_DIRECTORY"

arguments=()
while IFS= read -r line; do
  if [[ $line =~ [^[:space:]] ]]; then arguments+=("$line"); fi
done <<< "$INPUT_PREVIEW_ARGUMENTS"

while read -r stack; do
  if [ -n "$stack" ]; then
    file=$folder/${stack//\//-}
    while [ -e "$file.json" ]; do file+=-; done # shop/dev and shop-dev are two stacks
    pulumi preview "--stack=$stack" --json --non-interactive ${arguments[@]+"${arguments[@]}"} < /dev/null \
      > "$file.json" || echo "::warning title=Preview::the preview of $stack failed"
  fi
done <<< "$INPUT_STACKS"
