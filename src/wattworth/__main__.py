"""``python -m wattworth`` does what ``wattworth`` does."""

import sys

from wattworth.cli import main

if __name__ == "__main__":  # workers of a run import this module again
    sys.exit(main())
