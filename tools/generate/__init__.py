"""Files that are written from schema.json and from other tables of the package, so that nothing is said twice.

`make generate` writes them; a test fails while one of them is out of date. A module of this package that writes files has a function
`files()`, which gives each file's path, relative to the repository, with its text. `WRITERS` in `__main__` lists these modules.
"""
