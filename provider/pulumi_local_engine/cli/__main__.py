"""`python -m pulumi_connect_domains.local.engine.commands …`: what the launcher runs; it imports no more than a command needs."""

import sys

from . import main

sys.exit(main(sys.argv[1:]))
