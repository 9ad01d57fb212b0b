"""Where a dear function of one number crosses a target: every crossing on a scan, each brought together."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np


class Reader:
    """A function of one number that remembers what it has been asked."""

    def __init__(self, ask: Callable[[float], float]) -> None:
        self._ask = ask
        self.seen: dict[float, float] = {}

    @property
    def count(self) -> int:
        """How often it was asked something new."""
        return len(self.seen)

    def __call__(self, number: float) -> float:
        """The function there, worked out once."""
        if number not in self.seen:
            self.seen[number] = self._ask(number)
        return self.seen[number]


def crossings(seen: dict[float, float], target: float) -> list[tuple[float, float]]:
    """Neighbouring numbers between which a function crosses its target, from left to right; nan breaks the line."""
    xs = sorted(seen)
    out: list[tuple[float, float]] = []
    for left, right in pairwise(xs):
        a, b = seen[left] - target, seen[right] - target
        if a == 0 or (a * b < 0):
            out.append((left, left if a == 0 else right))
    if xs and seen[xs[-1]] == target:
        out.append((xs[-1], xs[-1]))
    return out


def bracket(read: Reader, pair: tuple[float, float], target: float, relative_frac: float) -> tuple[float, float]:
    """Neighbours of a crossing, brought together until they differ by no more than a share of themselves."""
    from scipy.optimize import brentq

    left, right = pair
    if left == right:
        return pair
    reach = relative_frac * max(abs(left), abs(right), 1e-12)
    brentq(lambda x: read(x) - target, left, right, xtol=reach, rtol=np.float64(relative_frac))
    sign = math.copysign(1.0, read(left) - target)
    tried = sorted(x for x in read.seen if left <= x <= right and math.isfinite(read.seen[x]))
    for a, b in pairwise(tried):
        if (read(a) - target) * sign > 0 >= (read(b) - target) * sign:
            left, right = a, b
            break
    while right - left > relative_frac * max(abs(left), abs(right), 1e-12):
        middle = 0.5 * (left + right)
        if not left < middle < right:
            break
        left, right = (middle, right) if (read(middle) - target) * sign > 0 else (left, middle)
    return left, right
