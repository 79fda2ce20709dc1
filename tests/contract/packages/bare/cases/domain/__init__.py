"""The Cases domain: nothing about it can be changed."""
