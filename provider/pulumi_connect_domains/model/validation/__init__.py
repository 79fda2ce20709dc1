"""Every mistake in a resource's inputs, found at preview, all at once.

`failures` are what AWS would refuse. `advice` warns of what AWS would accept and people rarely want. Both need the schema alone. A value
that is not known yet causes neither.
"""

from .advice import advice
from .failures import Failure, failures

__all__ = ["Failure", "advice", "failures"]
