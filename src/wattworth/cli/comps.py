"""``wattworth comps``: value per watt, the market's beside ours, with sales of sites and peers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter
from cyclopts.validators import Number

from wattworth.cli import options
from wattworth.cli.console import document, line, note, show, to_stdout
from wattworth.cli.progress import telling
from wattworth.cli.tables import NONE, heading, per_watt

if TYPE_CHECKING:
    from rich.console import RenderableType

    from wattworth.reports.words import Words
    from wattworth.valuation import Run

Document = dict[str, Any]

STUDY: Final = "us-miners"
DRAWS: Final = 2_048
SEED: Final = 7

Source = Annotated[
    str | None,
    Parameter(name="STUDY", help=f"A folder, a workbook, or the name of a packaged study; {STUDY} unless given."),
]
Saved = Annotated[
    str | None,
    Parameter(name="--run", help="A saved run instead: its run_id, the beginning of one, its folder, or last."),
]
Draws = Annotated[
    int | None,
    Parameter(
        help=f"Draws of markets and facts; {DRAWS:,} unless given.",
        metavar="N",
        validator=Number(gte=1, lte=options.MOST_DRAWS),
    ),
]
Seed = Annotated[
    int | None,
    Parameter(help=f"Seed of the random numbers; {SEED} unless given.", metavar="N", validator=Number(gte=0)),
]
Prices = Annotated[
    Path | None, Parameter(help="Your own share prices, balance sheets and megawatts, as CSV.", metavar="FILE")
]
Out = Annotated[Path | None, Parameter(help="Folder for a page and the JSON document.", metavar="DIR")]

_MARKET_WORDS: Final = (
    "cap: market cap, cap~: share price x shares of another date; EV: enterprise value; EV~: cap + debt - cash - "
    "bitcoin per secured watt, parts not known or of other dates; of: date of the value; secured, oper.: per gross "
    "watt; IT: per critical IT watt let; *: watts dated over 90 days from the value, or not at all; ours: mean per "
    "firm gross watt, P10 to P90 real-world; rest: market less ours, both per secured watt. --json holds every date"
)
_LADDER_WORDS: Final = (
    "created: every firm watt let and built today, as banks count; delay, capital, lease: what waiting, the cost of "
    "building and letting, and its chance with the mine until then change; conv.: all watts converted; status: what "
    "they are instead; watts: the company's secured watts instead of the study's; rest: what the market pays on top"
)
_DATES: Final = ("of", "announced")
_NARROW: Final = 96
_WIDE: Final = 140


def comps(  # noqa: PLR0913 - one parameter for each option of the command
    study: Source = None,
    /,
    *,
    run: Saved = None,
    draws: Draws = None,
    seed: Seed = None,
    prices: Prices = None,
    out: Out = None,
    language: options.PageLanguage = options.ENGLISH,
    json: options.Json = False,
) -> int:
    """Set what the market and buyers pay per watt beside our risked sum of the parts, and explain the difference.

    Nothing is fetched: market values are packaged, with their dates, or your own.
    """
    from wattworth import store
    from wattworth.evidence.comps import compare_run
    from wattworth.evidence.market_tables import market_table
    from wattworth.evidence.tape import read_tape

    market, tape = market_table(prices), read_tape()
    words = language.words("evidence", writes=out is not None)
    if out is not None:
        store.check_folder(out)
    valued = _run(study, run, draws, seed, quiet=json)
    told = compare_run(valued, market, tape).document()
    page = None if out is None else _write(told, out, words)
    if json:
        document(told)
    else:
        show(*_parts(told, to_stdout().width))
    if page is not None:
        (note if json else line)(f"page  {page.resolve()}")
    return 0


def _run(study: str | None, saved: str | None, draws: int | None, seed: int | None, *, quiet: bool) -> Run:
    """A saved run, or a new one that is not saved."""
    from wattworth import store, valuation
    from wattworth.errors import StudyError

    if saved is None:
        declared = valuation.read_study(study or STUDY)
        n_draw = draws or DRAWS
        with telling(f"valuing {declared.name}", n_draw, quiet=quiet) as progress:
            return valuation.value(declared, draws=n_draw, seed=SEED if seed is None else seed, progress=progress)
    given = [name for name, value in (("STUDY", study), ("--draws", draws), ("--seed", seed)) if value is not None]
    if given:
        raise StudyError(f"--run takes a run as it was saved; leave out {', '.join(given)}")
    return store.load_run(saved)


def _write(told: Document, folder: Path, words: Words) -> Path:
    """What ``--out`` leaves in its folder: the document, and a page of it."""
    from wattworth import store
    from wattworth.reports.evidence_page import evidence_html

    store.write_document(folder / "comps.json", told)
    return store.write_text(folder / "comps.html", evidence_html(None, told, words=words))


def _parts(told: Document, width: int) -> Iterator[RenderableType]:
    from rich.text import Text

    yield Text(f"{told['title'] or told['study']}, as of {told['as_of']}: $ per watt", style="bold")
    yield Text(f"run {told['run_id']}, {told['draws']:,} draws, seed {told['seed']}", style="dim")
    priced = [row for row in told["companies"] if row["market"] is not None and row["market"]["value"] is not None]
    others = [row for row in told["companies"] if row not in priced]
    yield heading("What the market pays, and our risked sum of the parts")
    yield _table(_market_columns(width), [_market_row(row, width) for row in priced] + _sum_rows(told, width))
    yield _small(_MARKET_WORDS)
    for row in priced:
        for reason in row["reasons"]:
            yield _small(f"{row['company']}: {reason}")
    if others:
        yield heading("No market value")
        yield _table(_OTHER_COLUMNS, [_other_row(row) for row in others])
    yield from _ladders(priced, width)
    yield from _sales(told, width)
    yield from _peers(told)
    yield from _printed(told)
    yield heading("What to doubt")
    yield _list(told["notes"])


_Column = tuple[str, bool]
_OTHER_COLUMNS: Final = (("company", True), ("ours", False), ("P10 to P90", False), ("why", True))


def _market_columns(width: int) -> list[_Column]:
    heads: list[_Column] = [("company", True), ("value $bn", False)]
    if width >= _NARROW:
        heads.append(("of", False))
    heads += [(head, False) for head in ("secured", "oper.", "IT", "EV~", "ours")]
    if width >= _NARROW:
        heads.append(("P10 to P90", False))
    heads.append(("rest", False))
    if width >= _WIDE:
        heads += [(head, False) for head in ("rest EV~", "EV~ $bn", "ours $bn", "secured MW", "firm MW")]
        heads.append(("MW of", False))
    return heads


def _market_row(row: Document, width: int) -> list[str]:
    market, value, indicative = row["market"], row["market"]["value"], row["market"]["indicative_usd_per_w"]
    secured = market["usd_per_w"]["secured_gross"]
    cells = [_name(row["company"], width), _value(market)]
    if width >= _NARROW:
        cells.append(value["as_of"][:7])
    cells += [_marked(market["usd_per_w"][name]) for name in ("secured_gross", "operating_gross", "critical_it")]
    cells += [NONE if indicative is None else _dollars(indicative["secured_gross"]["usd_per_w"]), _ours(row)]
    if width >= _NARROW:
        cells.append(_spread(row))
    rests = {end["basis"]: _step(end["steps"], "remainder") for end in row["endings"]}
    cells.append(_signed(rests.get(value["basis"])))
    if width >= _WIDE:
        ours, ev = row["ours"], market["indicative_ev"]
        cells += [
            _signed(rests.get("indicative_ev")),
            NONE if ev is None else f"{ev['usd'] / 1e9:.2f}",
            NONE if ours is None else f"{ours['npv_usd']['mean'] / 1e9:.2f}",
            NONE if secured["mw"] is None else f"{secured['mw']:,.0f}",
            NONE if ours is None else f"{ours['share_firm_gross_mw']:,.0f}",
            _date(secured["mw_as_of"]),
        ]
    return cells


def _value(market: Document) -> str:
    """Value in billions and what it is."""
    value = market["value"]
    derived = value["basis"] == "market_cap" and market["market_cap"]["derived"]
    return f"{value['usd'] / 1e9:.2f} {'cap~' if derived else {'ev': '  EV', 'market_cap': ' cap'}[value['basis']]}"


def _marked(per_w: Document) -> str:
    """Dollars per watt, with a star where the watts are of another date."""
    return _dollars(per_w["usd_per_w"]) + ("*" if per_w["far_apart"] else " ")


def _sum_rows(told: Document, width: int) -> list[list[str]]:
    """Sum of the companies with a market cap, secured watts and a value of ours."""
    both = told["sector"]["sum"]
    if both is None or both["companies"] < 2:
        return []
    rest = both["market_cap_usd_per_secured_w"] - both["ours_usd_per_secured_w"]
    cells = [
        f"sum of {both['companies']}",
        f"{both['market_cap_usd'] / 1e9:.2f} cap",
        *([""] if width >= _NARROW else []),
    ]
    cells += [_dollars(both["market_cap_usd_per_secured_w"]), "", "", "", _dollars(both["ours_usd_per_firm_w"])]
    cells += [*([""] if width >= _NARROW else []), _signed(rest)]
    if width >= _WIDE:
        mw = [f"{both[key]:,.0f}" for key in ("secured_mw", "share_firm_gross_mw")]
        cells += ["", "", f"{both['ours_usd'] / 1e9:.2f}", *mw, ""]
    return [cells]


def _other_row(row: Document) -> list[str]:
    return [
        _cut(row["company"], 28),
        _ours(row),
        _spread(row),
        "; ".join(reason.removeprefix("no market value: ") for reason in row["reasons"]),
    ]


def _ladders(rows: Sequence[Document], width: int) -> Iterator[RenderableType]:
    led = [row for row in rows if row["ladder"] is not None]
    if not led:
        return
    wide = width >= _NARROW
    changes = ("delay", "capital", "lease")
    heads: list[_Column] = [("company", True), ("created", False), *((name, False) for name in changes)]
    heads += [*([("= conv.", False)] if wide else []), ("status", False), ("= ours", False)]
    heads += [*([("watts", False)] if wide else []), ("rest", False), ("= market", False)]
    cells = []
    for row in led:
        steps = row["ladder"]["steps"]
        end = row["endings"][0]["steps"] if row["endings"] else []
        cells.append(
            [
                _name(row["company"], width),
                _dollars(_step(steps, "created")),
                *(_signed(_step(steps, name)) for name in changes),
                *([_dollars(_step(steps, "converted"))] if wide else []),
                _signed(_step(steps, "status")),
                _dollars(_step(steps, "ours")),
                *([_signed(_step(end, "other watts"))] if wide else []),
                _signed(_step(end, "remainder")),
                _dollars(_step(end, "market")),
            ]
        )
    yield heading("From created value to the market, per firm gross watt")
    yield _table(heads, cells)
    yield _small(_LADDER_WORDS)


def _sales(told: Document, width: int) -> Iterator[RenderableType]:
    heads = (("announced", False), ("sale", True), ("$m", False), ("MW", False), ("$/W", False), ("", True))
    rows = [
        [
            sale["announced"],
            _cut(sale["company"], 40 if width >= _WIDE else 30),
            NONE if sale["price_usd"] is None else f"{sale['price_usd'] / 1e6:,.4g}",
            NONE if sale["price_mw"] is None else f"{sale['price_mw']:,.0f}",
            per_watt(sale["usd_per_w"]),
            ("" if sale["outcome"] == "closed" else "rejected; " if sale["outcome"] == "rejected" else "outcome open; ")
            + (sale["reason"] or sale["price_mw_basis"] or "which megawatts is not stated"),
        ]
        for sale in told["site_sales"]
    ]
    if not rows:
        return
    yield heading("Sales of sites and companies, per watt of the megawatts the deal names")
    yield _table(heads, rows)
    if closed := told["site_sales_closed"]:
        low, middle, high = (f"{closed[f'{name}_usd_per_w']:.2f}" for name in ("low", "median", "high"))
        yield _small(f"{closed['n']} closed sales of sites: $ {low} to {high}, middle {middle}")


def _peers(told: Document) -> Iterator[RenderableType]:
    if not told["peers"]:
        return
    heads = (("peer", True), ("of", False), ("$bn", False), ("MW", False), ("$/W", False), ("kind; megawatts", True))
    rows = []
    for peer in told["peers"]:
        value = peer["value"]
        name = next((name for name, per_w in peer["usd_per_w"].items() if per_w["usd_per_w"] is not None), "stated")
        per_w = peer["usd_per_w"].get(name) or peer["usd_per_w"]["secured_gross"]
        which = peer["watts_kind"] if name == "stated" else name.replace("_", " ")
        rows.append(
            [
                _cut(peer["company"], 30),
                NONE if value is None else value["as_of"][:7],
                NONE if value is None else _value(peer),
                NONE if per_w["mw"] is None else f"{per_w['mw']:,.0f}",
                per_watt(per_w["usd_per_w"]),
                f"{_kind(peer['kind'])}; {per_w['reason'] or which}",
            ]
        )
    yield heading("Peers, per watt of the megawatts their source names")
    yield _table(heads, rows)


def _printed(told: Document) -> Iterator[RenderableType]:
    rows = [
        [
            _cut(row["company"], 24),
            market.get("analyst_value_usd_m_per_mw") or NONE,
            market.get("analyst_rating") or NONE,
            market.get("analyst_value_basis") or "",
        ]
        for row in told["companies"]
        if (market := row["market"]) is not None
        if market.get("analyst_value_usd_m_per_mw") or market.get("analyst_rating")
    ]
    if rows:
        yield heading("What analysts print, $M per MW of the basis they name (the same number is $ per watt)")
        yield _table((("company", True), ("$M/MW", True), ("rating", True), ("basis", True)), rows)
    for row in told["sector"]["printed"]:
        said = (row["company"], row["analyst_value_usd_m_per_mw"], row["analyst_value_basis"], row["note"])
        yield _small("; ".join(text for text in said if text))


def _table(columns: Sequence[_Column], rows: Sequence[Sequence[str]]) -> RenderableType:
    """Columns of text and dates to the left, the last of them folded; numbers to the right, never cut."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    last = len(columns) - 1
    for i, (head, is_text) in enumerate(columns):
        folds = is_text and i == last
        table.add_column(
            Text(head),
            justify="left" if is_text or head in _DATES else "right",
            overflow="fold" if folds else "ellipsis",
            no_wrap=not folds,
            min_width=None if is_text else max(len(head), *(len(row[i]) for row in rows)),
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _list(items: Sequence[str]) -> RenderableType:
    """A hanging paragraph for each."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for item in items:
        table.add_row("-", Text(item))
    return table


def _name(company: str, width: int) -> str:
    return _cut(company, 22 if width >= _WIDE else 18 if width >= _NARROW else 13)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def _kind(kind: str) -> str:
    return kind.replace("_", " ").replace("reit", "REIT").replace("gpu", "GPU")


def _ours(row: Document) -> str:
    per_w = None if row["ours"] is None else row["ours"]["usd_per_gross_w"]
    return NONE if per_w is None else per_watt(per_w["mean"])


def _spread(row: Document) -> str:
    per_w = None if row["ours"] is None else row["ours"]["usd_per_gross_w"]
    return NONE if per_w is None or "p10" not in per_w else f"{per_w['p10']:.2f} to {per_w['p90']:.2f}"


def _step(steps: Sequence[Document], name: str) -> float | None:
    return next((step["usd_per_gross_w"] for step in steps if step["step"] == name), None)


def _dollars(usd_per_w: float | None) -> str:
    return NONE if usd_per_w is None else f"{usd_per_w:.0f}" if usd_per_w >= 99.5 else f"{usd_per_w:.2f}"


def _signed(usd_per_w: float | None) -> str:
    return NONE if usd_per_w is None else f"{usd_per_w:+.2f}"


def _date(text: str) -> str:
    from wattworth.evidence.market_values import moment_in

    found = moment_in(text)
    return NONE if found is None else found.label[:7]


def _small(words: str) -> RenderableType:
    from rich.text import Text

    return Text(words, style="dim")
