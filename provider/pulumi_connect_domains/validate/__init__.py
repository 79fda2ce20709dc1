"""`connect-domains validate`: the preview's checks on documents, without a program, an engine or an account.

A document is a resource's inputs, in JSON or YAML: `{"default_expiration_days": 366, …}`, or `{"type": …, "inputs": {…}}`. A file
may hold several YAML documents. A stack's state holds a document for each domain. With `--live` AWS is asked as well, whether what the
documents name is there.
"""
