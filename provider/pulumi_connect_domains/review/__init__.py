"""A preview's JSON in, the pull-request comment out: `connect-domains review`.

preview.py (reading) -> assessment.py (what it means) -> model.py -> markdown.py | text.py | document.py (formats)
"""
