"""The domain: its contract (schema.json) and its AWS calls (api.py). All other modules are written from the contract."""
