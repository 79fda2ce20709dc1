"""Providers: how they are asked, where they come from, and the processes that run them."""
