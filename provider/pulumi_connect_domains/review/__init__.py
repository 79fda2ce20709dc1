"""A preview's JSON in, the pull-request comment out: `connect-domains review`.

stacks.preview -> changes.py (by resource) -> assessment.py (what it means) -> model.py -> markdown.py | text.py | document.py (formats)
"""
