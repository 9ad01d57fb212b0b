"""The language of the plan: choices, reasons, amounts of limits and their prices."""

from __future__ import annotations

from typing import Any, Final

from wattworth.reports.catalogue import ONE
from wattworth.reports.formatting import DASH, chance, money, plain
from wattworth.reports.sites import number
from wattworth.reports.words import Words, language

Document = dict[str, Any]

PLAN: Final[Words] = language("en", "plan")
"""English."""

_RULES: Final = frozenset({"share", "precedence", "exclusion"})
"""Kinds of limits whose amount is no quantity."""

_MONEY: Final = frozenset({"capital", "cash_flow"})
"""Kinds of limits whose amount is money. [m USD]"""

_FRACTION: Final = 100
"""Number whose form a fraction takes."""

_SEEN_FRAC: Final = 1e-9
"""Gain of a step, as a share of the plan, below which a limit does not bind: rounding of the solver."""


def option_words(option: Document, words: Words = PLAN) -> str:
    """A choice: what a site becomes and from when, or how it is left.

    Examples
    --------
    >>> option_words({"use": "turnkey", "changes": True, "start": "2027-03"})
    'Turnkey AI lease from 2027-03'
    >>> option_words({"use": "hold", "changes": False})
    'Keep the connection'
    """
    use = str(option["use"])
    if option["changes"]:
        return words("pl.option", use=words.of("use", use), start=option["start"])
    return words.table.get(f"pl.keep.{use}") or words("pl.keep.lease")


def reason_words(reason: Document, found: Document, words: Words = PLAN, *, chosen: bool) -> str:
    """Why a choice was made or was not.

    Parameters
    ----------
    reason, found
        As the document has it, and the document.
    words
        Language.
    chosen
        Whether it was made.
    """
    because, behind = str(reason["because"]), number(reason, "behind") or 0.0
    if because == "fixed" and not chosen:
        return words("pl.because.other fixed")
    short = words("pl.short.and").join(
        words("pl.short", amount=_short_words(each, found, words), limit=each["limit"]) for each in reason["short"][:2]
    )
    dearest = words("pl.because.dearest", limit=reason["dearest"]) if reason["dearest"] else ""
    return words(f"pl.because.{because}", behind=_worth_words(abs(behind), found), short=short, dearest=dearest)


def _short_words(short: Document, found: Document, words: Words) -> str:
    """How much of a limit is short, by the kind of the limit where it has words of its own."""
    kinds = {str(limit["name"]): str(limit["kind"]) for limit in found["limits"]}
    limit = str(short["limit"])
    kind = kinds.get(limit) or kinds.get(limit.rpartition(", ")[0])
    if kind in _MONEY or f"pl.unit.{kind}" in words.table or f"pl.unit.{kind}{ONE}" in words.table:
        return amount_words(short["amount"], str(kind), words)
    return f"{plain(short['amount'])} {short['unit']}".strip()


def amount_words(value: float, kind: str, words: Words = PLAN) -> str:
    """An amount of a limit with its unit.

    Examples
    --------
    >>> amount_words(2500.0, "capital"), amount_words(8.0, "transformers")
    ('$2,500m', '8 transformers')
    """
    key, number = f"pl.unit.{kind}", plain(value)
    if key + ONE in words.table:
        form = words.plural(key, int(value) if value == int(value) else _FRACTION)
        return words.filled(form, {"n": number})
    if kind in _MONEY:
        return f"${number}m"
    return words(key if key in words.table else "pl.unit.other", amount=number)


def declared_words(limit: Document, words: Words = PLAN) -> str:
    """What a limit allows."""
    if limit["kind"] in _RULES:
        return words("pl.amount.rule")
    amount = amount_words(limit["rows"][0]["amount"], limit["kind"], words)
    told = words(f"pl.amount.{limit['sense'].removeprefix('at ')}", amount=amount)
    return words("pl.amount.period", amount=told) if limit["every_period"] else told


def used_words(limit: Document, words: Words = PLAN) -> str:
    """How much of a limit the plan uses, where it uses most."""
    if limit["kind"] in _RULES:
        return DASH
    if limit["sense"] == "at least":
        return words("pl.used.kept", amount=amount_words(min(r["used"] for r in limit["rows"]), limit["kind"], words))
    return chance(max((r["used"] / r["amount"] for r in limit["rows"] if r["amount"]), default=0.0))


def price_words(limit: Document, found: Document, words: Words = PLAN) -> str:
    """What a step more of a limit is worth, in the period in which it is worth most."""
    rows = [row for row in limit["rows"] if row["step"] is not None]
    if not rows:
        return words("pl.price.unasked")
    row = max(rows, key=lambda each: each["step"]["high"])
    step = row["step"]
    objective = found["plan"]["objective"]
    if step["high"] <= _SEEN_FRAC * abs(objective):
        return words("pl.price.none")
    gap = found["plan"]["bound"] - objective
    if step["low"] <= 0.0 and (row["price"] == 0.0 or step["high"] <= gap * (1.0 + _SEEN_FRAC)):
        return words("pl.price.most", high=aim_words(step["high"], found))
    said = step_words(limit, step, words)
    if step["gain"] is not None:
        told = words("pl.price", step=said, gain=aim_words(step["gain"], found))
    else:
        ends = {key: aim_words(step[key], found) for key in ("low", "high")}
        told = words("pl.price.range", step=said, **ends)
    period = str(row["name"]).removeprefix(f"{limit['name']}, ")
    return words("pl.price.in", price=told, period=period) if limit["every_period"] else told


def step_words(limit: Document, step: Document, words: Words) -> str:
    """One step of a limit: one more transformer."""
    if step["amount"] == 1.0 and limit["sense"] == "at most" and f"pl.one.{limit['kind']}" in words.table:
        return words(f"pl.one.{limit['kind']}")
    amount = amount_words(step["amount"], limit["kind"], words)
    return words("pl.more" if limit["sense"] == "at most" else "pl.less", amount=amount)


def aim_words(value: float, found: Document) -> str:
    """An amount of what is made large, in its unit."""
    if found["aim"]["of"] == "value":
        return money(value)
    return f"{value:.3f} GW" if found["aim"]["of"] == "gw_by" else f"${value:.3f}/W"


def _worth_words(value: float, found: Document) -> str:
    """What a choice is better by: of a ratio, the money that it is better by at the plan's own ratio."""
    return money(value) if found["aim"]["of"] == "value_per_watt" else aim_words(value, found)


def gap_words(found: Document) -> str:
    """The proven gap in percent.

    Examples
    --------
    >>> gap_words({"plan": {"gap_frac": 0.00123}}), gap_words({"plan": {"gap_frac": 1e-9}})
    ('0.123%', '0%')
    """
    share = found["plan"]["gap_frac"]
    return "0%" if share < 5e-6 else f"{share:.3%}"


def status_words(found: Document, words: Words = PLAN) -> str:
    """How the search ended."""
    status = str(found["plan"]["status"])
    return words.table.get(f"pl.status.{status}", status)


def changed(found: Document) -> list[Document]:
    """Sites that change, in the order of the decisions, those that add most first."""
    return sorted((s for s in found["sites"] if s["changes"]), key=lambda s: (s["period"], -s["gain_usd"]))


def gain_usd(found: Document) -> float:
    """What the plan adds to leaving every site as it is. [USD]"""
    return found["waterfall"][-1]["usd"] - found["waterfall"][0]["usd"]


def sentences(found: Document, words: Words = PLAN) -> list[str]:
    """The plan in sentences: what changes, what it is worth, how near the best, against others, what comes next."""
    sites = words.count("pl.sites", len(found["sites"]))
    counted: dict[str, int] = {}
    for site in changed(found):
        counted[site["use"]] = counted.get(site["use"], 0) + 1
    listed = words.row(words("pl.lead.count", use=words.of("use", use), n=n) for use, n in counted.items())
    changes = sum(counted.values())
    lead = (
        words("pl.lead", sites=sites, changes=changes, list=listed) if changes else words("pl.lead.none", sites=sites)
    )
    value = found["plan"]["value_usd"]
    worth = words("pl.worth", gain=money(gain_usd(found)), **{key: money(value[key]) for key in value if key != "p50"})
    gap = gap_words(found)
    proved = words("pl.gap.none") if gap == "0%" else words("pl.gap", gap=gap)
    if found["aim"]["of"] != "value":
        ends = {key: aim_words(found["plan"][key], found) for key in ("objective", "bound")}
        proved = f"{words('pl.objective', **ends)} {proved}"
    return [lead, worth, proved, *_fresh(found, words), *_marginal(found, words)]


def _fresh(found: Document, words: Words) -> list[str]:
    against = found["against"]
    out = []
    for name in ("greedy", "everything_now", "keep"):
        seen = against["plans"][name]
        told = {"ahead": money(seen["plan_ahead_usd"]), "error": money(seen["plan_ahead_error_usd"])}
        out.append(words("pl.fresh", draws=f"{against['draws']:,}", name=words(f"pl.name.{name}"), **told))
        if seen["missed"]:
            limits = words.row(seen["missed"][:3])
            out.append(words("pl.fresh.misses", name=words(f"pl.name.{name}").capitalize(), limits=limits))
    return out


def _marginal(found: Document, words: Words) -> list[str]:
    out = []
    for key, said in (("next_in", "pl.next"), ("first_out", "pl.first")):
        reason = found[key]
        if reason is not None:
            why = reason_words(reason, found, words, chosen=key == "first_out")
            out.append(words(said, site=reason["site_id"], option=option_words(reason, words), why=why))
    return out


def takes_words(site: Document, found: Document, words: Words = PLAN) -> str:
    """What a site takes of the limits that are not capital."""
    kinds = {limit["name"]: limit["kind"] for limit in found["limits"]}
    told = [
        words("pl.takes", limit=name, amount=plain(amount))
        for name, amount in site["takes"].items()
        if amount and kinds.get(name) not in {"capital", "cash_flow", "hash_rate", "precedence", "exclusion"}
    ]
    return words.row(told)
