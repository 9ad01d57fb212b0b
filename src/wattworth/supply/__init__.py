"""On-site supply: what to build, how to run it, and what a megawatt-hour costs at a stated reliability."""
