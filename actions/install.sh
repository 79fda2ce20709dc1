#!/usr/bin/env bash
# Installs connect-domains in an environment of its own, and puts that one command on the PATH of the steps that follow.
#
# PACKAGE is what pip installs. Without it, that is the version that the action belongs to; `none` takes the command that is there already.
set -euo pipefail

if [ "${PACKAGE:-}" = none ]; then
  command -v connect-domains && exit
  echo "::error title=Install::package is none, and there is no command connect-domains"
  exit 1
fi

if [ -z "${PACKAGE:-}" ]; then
  repository=$(cd "$GITHUB_ACTION_PATH/../.." && pwd)
  PACKAGE=pulumi-connect-domains
  if grep -qs '^name = "pulumi-connect-domains"$' "$repository/pyproject.toml"; then
    PACKAGE=$repository
  fi
fi

environment=$RUNNER_TEMP/connect-domains
python3 -I -m venv "$environment/python"
"$environment/python/bin/python" -I -m pip install --quiet --disable-pip-version-check -- "$PACKAGE"
mkdir -p "$environment/bin"
ln -sf "$environment/python/bin/connect-domains" "$environment/bin/connect-domains"
echo "$environment/bin" >> "$GITHUB_PATH"
"$environment/bin/connect-domains" --version
