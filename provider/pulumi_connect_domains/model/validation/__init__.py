"""Every mistake in a resource's inputs, found at preview, all at once.

Two questions, both answered from the schema alone: `failures` are what AWS would refuse, `advice` is what it would
accept and a person would not want. Values that only `up` will know fail nothing and call for no advice.
"""

from .advice import advice
from .failures import Failure, failures

__all__ = ["Failure", "advice", "failures"]
