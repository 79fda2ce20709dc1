"""`python -m pulumi_local_engine.cli …`: what the launcher runs."""

import sys

from . import main

sys.exit(main(sys.argv[1:]))
