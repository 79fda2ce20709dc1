"""The Cases template: each lies in a Cases domain."""
