"""The local engine's version: that of the CLI whose behaviour was recorded, and a word that it is not that CLI."""

VERSION = "v3.260.0+local"
