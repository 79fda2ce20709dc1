"""Declares nothing yet. The steps in README.md put a domain here that exists already."""
