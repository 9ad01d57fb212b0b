"""Would it have been right? Deals predicted from what was known before them, and value per watt beside the market.

``read_tape()`` reads the packaged tape of deals or a user's, ``backtest(tape, facts)`` walks forward over it, and
``calibrate(tape, facts)`` fits the facts that a study can then stand on.
"""
