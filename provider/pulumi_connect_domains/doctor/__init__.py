"""`connect-domains doctor`: what this machine has, what AWS answers it, and what to do where something does not work.

command: the options -> examination: all checks, each within a time limit -> model: the report -> formats
versions: Python, the SDK, the CLI, boto3      here: Region, credentials, AWS      host: the dynamic provider host
plugin: the native provider
"""
