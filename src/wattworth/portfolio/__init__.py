"""The plan across sites: which becomes what and when, under limits that all share, with a proven gap."""

from wattworth.portfolio.baselines import Baseline, Replay, everything_now, greedy, replay
from wattworth.portfolio.checks import check, place_of, place_of_limit
from wattworth.portfolio.frontier import FrontierPoint, frontier, upper_hull
from wattworth.portfolio.generate import generate
from wattworth.portfolio.planning import hold, missed_of, objective_of, plan
from wattworth.portfolio.policies import (
    by_period,
    exclusion,
    in_total,
    join,
    precedence,
    share,
    shared_connection,
)
from wattworth.portfolio.pricing import LimitPrice, limit_prices, proven, relaxed_by
from wattworth.portfolio.reasons import Reason, Short, first_out, next_in, why
from wattworth.portfolio.records import KEEP, Aim, Case, Choices, Effort, Limit, Limits, Plan
from wattworth.portfolio.tail import tail_usd, tail_weights

__all__ = [
    "KEEP",
    "Aim",
    "Baseline",
    "Case",
    "Choices",
    "Effort",
    "FrontierPoint",
    "Limit",
    "LimitPrice",
    "Limits",
    "Plan",
    "Reason",
    "Replay",
    "Short",
    "by_period",
    "check",
    "everything_now",
    "exclusion",
    "first_out",
    "frontier",
    "generate",
    "greedy",
    "hold",
    "in_total",
    "join",
    "limit_prices",
    "missed_of",
    "next_in",
    "objective_of",
    "place_of",
    "place_of_limit",
    "plan",
    "precedence",
    "proven",
    "relaxed_by",
    "replay",
    "share",
    "shared_connection",
    "tail_usd",
    "tail_weights",
    "upper_hull",
    "why",
]
