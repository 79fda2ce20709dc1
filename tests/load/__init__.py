"""Many domains, many stacks and many operations: what AWS throttles is done in the end, stacks do not mix, and nothing grows."""
