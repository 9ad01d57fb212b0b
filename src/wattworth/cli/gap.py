"""``wattworth gap``: a national power gap, and what fills it, from a published model or one of your own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from wattworth.cli import options
from wattworth.cli.console import document, line, note, show
from wattworth.cli.gap_tables import tables
from wattworth.cli.progress import telling

if TYPE_CHECKING:
    from wattworth.gap import GapModel, GapResult, SiteCurves, SupplyCurve
    from wattworth.gap.feedback import Scarcity
    from wattworth.reports.words import Words
    from wattworth.study import Study
    from wattworth.valuation.run import Run

Document = dict[str, Any]

Model = Annotated[str, Parameter(name="MODEL", help="Name of a packaged model, or the path of a YAML file.")]
Year = Annotated[
    int | None, Parameter(help="Year at whose end the balance stands; the last of the window by default.", metavar="Y")
]
Mode = Literal["as_printed", "expected", "simulated"]
How = Annotated[
    Mode,
    Parameter(help="As printed; each source times its chance; or each source comes or does not."),
]
With = Annotated[
    str | None,
    Parameter(name="--with", help="A study whose own sites take the place of bitcoin sites.", metavar="STUDY"),
]
Factories = Annotated[
    str | None,
    Parameter(help="Makers whose output takes the place of a source: ge_turbines,bloom_fuel_cells.", metavar="NAMES"),
]
Limit = Annotated[
    float | None,
    Parameter(help="Share of its energy that new load can go without, 0.0025 to 0.05: adds headroom.", metavar="FRAC"),
]
ValueDraws = Annotated[
    int,
    Parameter(
        help="Draws of the valuation behind --with, which chooses the uses.",
        metavar="N",
        validator=Number(gte=1, lte=options.MOST_DRAWS),
    ),
]
Draws = Annotated[
    int,
    Parameter(
        help="Draws of the balance; none as printed.", metavar="N", validator=Number(gte=1, lte=options.MOST_DRAWS)
    ),
]
Feeds = Annotated[
    bool, Parameter(help="With --with: let the net gap move rents, once, and value again.", show_default=False)
]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A balance as it is asked for, its curves apart."""

    model: GapModel
    mode: Mode
    draws: int
    seed: int
    year: int | None
    limit_frac: float | None

    def found(self, curves: list[SupplyCurve]) -> GapResult:
        """The balance with some curves."""
        from wattworth import facts
        from wattworth.gap import gap, headroom

        room = None if self.limit_frac is None else headroom(self.limit_frac, facts.load())
        ask = {"draws": self.draws, "seed": self.seed, "year": self.year}
        return gap(self.model, self.mode, **ask, curves=curves, headroom=room)


@dataclass(frozen=True, slots=True)
class _Valued:
    """A study whose sites come into the balance, and how it is valued."""

    study: Study
    draws: int
    seed: int
    workers: int | None
    quiet: bool

    def run(self, study: Study, why: str) -> Run:
        """A valuation."""
        from wattworth import valuation

        with telling(f"valuing {study.name} {why}", self.draws, quiet=self.quiet) as told:
            return valuation.value(study, draws=self.draws, seed=self.seed, workers=self.workers, progress=told)

    def curves(self, run: Run) -> SiteCurves:
        """When its sites can run a hall, in their best uses."""
        from wattworth.gap import site_curves

        return site_curves(run, seed=self.seed)


def gap(  # noqa: PLR0913 - one parameter for each option of the command
    model: Model = "morgan-stanley-2025-11",
    /,
    *,
    year: Year = None,
    mode: How = "simulated",
    with_study: With = None,
    factories: Factories = None,
    limit: Limit = None,
    scarcity: Feeds = False,
    draws: Draws = 100_000,
    value_draws: ValueDraws = 2_048,
    seed: options.Seed = 7,
    workers: options.Workers = None,
    out: Annotated[Path | None, Parameter(help="Folder for a page and the JSON document.", metavar="DIR")] = None,
    language: options.PageLanguage = options.ENGLISH,
    json: options.Json = False,
) -> int:
    """Balance the demand of new data centres against what meets it, and say how much is short."""
    from wattworth import store, valuation
    from wattworth.errors import StudyError
    from wattworth.gap import gap_document, read_model

    words = language.words("gap", writes=out is not None)
    if out is not None:
        store.check_folder(out)
    if scarcity and (with_study is None or mode == "as_printed"):
        raise StudyError("--scarcity moves the rents of a study: give --with STUDY, and a mode with draws")
    asked = _Asked(read_model(model), mode, draws, seed, year, limit)
    years, bare = asked.model.years, asked.found([])
    curves = _factory_curves(factories, years)
    sites = felt = None
    if with_study is not None:
        valued = _Valued(valuation.read_study(with_study), value_draws, seed, workers, quiet=json)
        run = valued.run(valued.study, "for its best uses")
        sites = valued.curves(run)
        own = sites.supply(years, mode)
        result = asked.found([*curves, own])
        if scarcity:
            felt = _feel(asked, valued, run, result, curves)
    else:
        result = asked.found(curves) if curves else bare
    compared = bare if result is not bare else None
    found = gap_document(result, bare=compared, sites=sites, years=years, scarcity=felt)
    page = None if out is None else _write(found, out, words)
    if json:
        document(found)
    else:
        show(*tables(found))
    if page is not None:
        (note if json else line)(f"page  {page.resolve()}")
    return 0


def _factory_curves(names: str | None, years: range) -> list[SupplyCurve]:
    """Supply of makers by year, today's order placed in the month of their backlog."""
    from wattworth import facts
    from wattworth.gap import factory_curve

    book = facts.load()
    return [factory_curve(name, book, years) for name in options.use_names(names or "")]


def _feel(asked: _Asked, valued: _Valued, run: Run, before: GapResult, curves: list[SupplyCurve]) -> Scarcity:
    """One round of feedback: the net gap moves rents, rents move best uses, and these the gap."""
    from wattworth import uses
    from wattworth.errors import StudyError
    from wattworth.gap.feedback import ELASTICITY_KEY, Scarcity, rent_ratio, with_scarcity

    if before.net is None:
        raise StudyError("--scarcity needs a net gap, and this model is partial")
    book = uses.fact_book()
    elasticity = book[ELASTICITY_KEY]
    means = {row.name: row.delivered.mean_gw for row in before.contributions}
    ratio = rent_ratio(means["demand"], before.net.mean_gw, elasticity.value)
    again = valued.run(with_scarcity(valued.study, book, ratio), "at the rents of the gap")
    after = asked.found([*curves, valued.curves(again).supply(asked.model.years, asked.mode)])
    later = {row.name: row.delivered.mean_gw for row in after.contributions}
    return Scarcity(
        elasticity_ratio=elasticity.value,
        confidence=elasticity.confidence,
        source=elasticity.source,
        rent_ratio=ratio,
        net_before_gw=before.net.mean_gw,
        net_after_gw=before.net.mean_gw if after.net is None else after.net.mean_gw,
        sites_before_gw=means["own_sites"],
        sites_after_gw=later["own_sites"],
        value_before_usd=float(run.result["totals"]["npv_usd"]["mean"]),
        value_after_usd=float(again.result["totals"]["npv_usd"]["mean"]),
    )


def _write(found: Document, folder: Path, words: Words) -> Path:
    """What ``--out`` leaves in its folder: the document, and a page of it."""
    from wattworth import store
    from wattworth.reports.gap_page import gap_html

    store.write_document(folder / "gap.json", found)
    return store.write_text(folder / "gap.html", gap_html(found, words=words))
