"""What every block of a site's sheet reads: facts as named inputs, market paths as values, and its own names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wattworth import uses
from wattworth.facts import Fact
from wattworth.reports.workbook.cells import Cell, Node, Row
from wattworth.reports.workbook.sheet import Sheet, Source
from wattworth.reports.workbook.wording import Said, as_is, figure, say, word
from wattworth.uses.gpu_fleet import market_cost_usd
from wattworth.valuation.plan import Plan, SitePlan

INPUTS: Final = "Inputs"
PATHS: Final = "Paths"
RENT_KEY: Final = "lease_landlord_pays_capex.rent_year1"


def name_of(key: str) -> str:
    """A fact's key as the name of a cell."""
    return "".join(letter if letter.isalnum() else "_" for letter in key)


@dataclass(slots=True)
class Facts:
    """Facts as named cells of one sheet, in the order in which formulas first ask for them.

    Attributes
    ----------
    known
        Facts of the filled study.
    sheet
        Where they stand.
    """

    known: Mapping[str, Fact]
    sheet: Sheet
    _cells: dict[str, Cell] = field(default_factory=dict)

    def cell(self, key: str) -> Cell:
        """The named cell of a fact."""
        if key not in self._cells:
            fact = self.known[key]
            said = say(
                "{source}, as of {date}; confidence {grade}",
                source=fact.source,
                date=figure(str(fact.as_of)),
                grade=word("confidence", fact.confidence),
            )
            cell = self.sheet.input(name_of(key), as_is(key), fact.value, fact.unit, Source(said, fact.low, fact.high))
            self._cells[key] = Cell(cell.name, cell.number, "", cell.line)
        return self._cells[key]


@dataclass(slots=True)
class Market:
    """Paths of the central case as rows of values on one sheet.

    Attributes
    ----------
    world
        The central world.
    facts
        For the rent, whose level is an input.
    sheet
        Where the rows stand.
    """

    world: uses.World
    facts: Facts
    sheet: Sheet
    _rows: dict[str, Row] = field(default_factory=dict)

    def row(self, name: str, n_month: int) -> Row:
        """A path, as far as a sheet reaches."""
        if name not in self._rows:
            self._rows[name] = self._made(name)
        return replace(self._rows[name], values=self._rows[name].values[:n_month])

    def _made(self, name: str) -> Row:
        paths, kind, _, region = self.world.paths, *name.partition(":")
        if kind == "rent":
            return self._rent(paths.rent_usd_per_kw_month[:, 0])
        label, unit, values = {
            "build_cost": lambda: (say("Cost of building"), "1", paths.build_cost_index),
            "price": lambda: (say("Price level"), "1", paths.price_index),
            "site_price": lambda: (say("Price of powered sites"), "1", paths.site_price_index),
            "hashprice": lambda: (say("Hashprice"), "$/PH-day", paths.hashprice_usd_per_ph_day),
            "gpu_hour": lambda: (say("Rent of an H100-equivalent hour"), "$/GPU-h", paths.gpu_usd_per_hour),
            "gpu_kw": lambda: (say("H100 equivalents in a kW of the newest generation"), "1/kW", paths.gpu_per_kw),
            "gpu_cost": lambda: (
                say("Fleet of the newest generation, per critical MW"),
                "$/MW",
                self._fleet_usd_per_mw(),
            ),
            "asic": lambda: (say("Price of the best new machine"), "$/TH", paths.asic_usd_per_th),
            "asic_j": lambda: (say("Efficiency of the best new machine"), "J/TH", paths.asic_j_per_th),
            "peak": lambda: (
                say("Paid for staying off peaks, {region}", region=region),
                "$/kW-month",
                paths.peak_usd_per_kw_month[region],
            ),
        }[kind]()
        return self.sheet.given(label, unit, values[:, 0])

    def _fleet_usd_per_mw(self) -> NDArray[np.float64]:
        """What makers ask for a fleet of one MW in each month, shape (month, 1)."""
        one = np.ones(1)
        months = range(self.world.paths.n_month)
        return np.array([market_cost_usd(one, self.world, np.array([month])) for month in months])

    def _rent(self, rent: NDArray[np.float64]) -> Row:
        """The market's rent: its first level is an input, unless the study brings a series of its own."""
        level = self.facts.cell(RENT_KEY)
        if not np.isclose(rent[0], level.number, rtol=1e-12):
            return self.sheet.given(say("Market rent of a hall (the study's own series)"), "$/kW-month", rent)
        index = self.sheet.given(say("Market rent of a hall over its first level"), "1", rent / level.number)
        return self.sheet.row(say("Market rent of a hall"), "$/kW-month", level * index)


@dataclass(frozen=True, slots=True)
class Scope:
    """One block of a sheet: a part of a site in one use.

    Attributes
    ----------
    plan, site_plan
        The run.
    case, world
        The part, its dates and machines, and the markets it sees.
    sheet
        Where the block stands.
    facts, market
        Inputs and paths that all sheets share.
    prefix
        Before the names of the block's own cells.
    tax_rate, discount_rate, horizon
        Cells of the sheet.
    """

    plan: Plan
    site_plan: SitePlan
    case: uses.Case
    world: uses.World
    sheet: Sheet
    facts: Facts
    market: Market
    prefix: str
    tax_rate: Cell
    discount_rate: Cell
    horizon: Cell

    @property
    def month(self) -> Row:
        """Number of the month."""
        return self.sheet.month

    def fact(self, key: str) -> Cell:
        """A fact as a cell."""
        return self.facts.cell(key)

    def path(self, name: str) -> Row:
        """A market path as a row."""
        region = f":{self.site_plan.region}" if name == "peak" else ""
        return self.market.row(f"{name}{region}", self.sheet.n_month)

    def input(self, name: str, label: Said, number: float, unit: str, source: Said | None = None) -> Cell:
        """A named input of the block."""
        return self.sheet.input(self.prefix + name, label, number, unit, Source(source))

    def result(self, name: str, label: Said, unit: str, formula: Node) -> Cell:
        """A named result of the block."""
        return self.sheet.result(self.prefix + name, label, unit, formula)
