"""The web app: an API over HTTP, and pages that use nothing else."""

from wattworth.web.app import create_app
from wattworth.web.settings import Settings

__all__ = ["Settings", "create_app"]
