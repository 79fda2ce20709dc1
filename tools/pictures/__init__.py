"""The pictures of the documentation, all of them made from real runs: `make pictures`."""
