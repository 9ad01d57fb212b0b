"""The command line: parse, call, show. One file per command; nothing heavy is imported before one runs."""

from wattworth.cli.app import app, main

__all__ = ["app", "main"]
