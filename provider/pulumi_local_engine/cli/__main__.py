"""`python -m pulumi_local_engine.cli …`: what the launcher runs."""

import os
import sys

from . import main

# Or gRPC tells, now and then, that a provider's process closed its connection. Nothing has loaded gRPC yet.
os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
sys.exit(main(sys.argv[1:]))
