"""When to switch: what the freedom to wait, stage or change use is worth, by least-squares Monte Carlo."""

from wattworth.options.boundary import Boundary, boundary
from wattworth.options.choosing import fit_checked
from wattworth.options.plans import fixed_plans
from wattworth.options.policy import Policy, fit_policy
from wattworth.options.pricing import Fixed, Priced, Result, Switching, collect, price, price_block
from wattworth.options.problem import STAY, Plan, Switch, SwitchProblem
from wattworth.options.unseen import less_unseen

__all__ = [
    "STAY",
    "Boundary",
    "Fixed",
    "Plan",
    "Policy",
    "Priced",
    "Result",
    "Switch",
    "SwitchProblem",
    "Switching",
    "boundary",
    "collect",
    "fit_checked",
    "fit_policy",
    "fixed_plans",
    "less_unseen",
    "price",
    "price_block",
]
