"""The API, version 1: each file a set of calls."""
