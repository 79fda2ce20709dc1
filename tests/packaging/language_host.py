"""Which packages of a Python environment Pulumi's Python language host takes for packages with a resource plugin.

Source: pulumi/pulumi 3.260.0, sdk/python/cmd/pulumi-language-python/main.go: listPulumiPackageInfos and
packageDependencyFromPluginJSON. The names are those of `pip list`; the file is looked for in the package's own interpreter, in the module
whose name is the distribution's with `_` for `-`.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

WITHOUT_PLUGINS = ("pulumi-policy", "pulumi-esc-sdk")
FIND = """
import importlib.metadata, importlib.util, json, os, sys
found = {}
for name in sys.argv[1:]:
    module = importlib.metadata.distribution(name).metadata["Name"].replace("-", "_")
    spec = importlib.util.find_spec(module)
    folders = spec.submodule_search_locations or [] if spec else []
    files = [path for path in (os.path.join(folder, "pulumi-plugin.json") for folder in folders) if os.path.isfile(path)]
    found[name] = json.load(open(files[0], encoding="utf-8")) if files else None
print(json.dumps(found))
"""


def plugins_wanted(python: str | Path, environment: Mapping[str, str] | None = None) -> set[str]:
    """The names of the plugins that a program of this environment is taken to need: {"aws"}."""
    listed = json.loads(_run(python, "-m", "pip", "list", "--format", "json", environment=environment))
    names = [re.sub(r"[-_.]+", "-", each["name"].lower()) for each in listed]
    pulumi = [name for name in names if name.startswith("pulumi-") and name not in WITHOUT_PLUGINS]
    declared = json.loads(_run(python, "-c", FIND, *pulumi, environment=environment))
    return {
        (file or {}).get("name") or name.removeprefix("pulumi-")
        for name, file in declared.items()
        if file is None or file.get("resource")
    }


def _run(python: str | Path, *arguments: str, environment: Mapping[str, str] | None) -> str:
    return subprocess.run([python, *arguments], capture_output=True, text=True, check=True, env=environment).stdout
