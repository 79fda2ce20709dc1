"""The domain: its contract (schema.json), its class (resource.py) and its AWS calls (api.py)."""
