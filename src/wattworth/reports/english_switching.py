"""English words of the page of when to switch: key to text, named fields in braces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_DECISIONS: Final = {
    "sw.label.wait": "Wait",
    "sw.label.bitcoin": "Mine on, new machines",
    "sw.label.keep, then sell": "Keep, then sell",
    "sw.label.half": "Half first: {use}",
    "sw.label.rest": "Then the rest: {use}",
    "sw.short.wait": "Wait",
    "sw.short.half": "Half {use}",
    "sw.short.rest": "Rest {use}",
    "sw.does.wait": "wait",
    "sw.does.bitcoin": "mine on with new machines",
    "sw.does.turnkey": "convert to a turnkey AI lease",
    "sw.does.powered_shell": "build and lease a powered shell",
    "sw.does.gpu_cloud": "convert to a GPU cloud",
    "sw.does.hybrid": "put an AI hall beside the mine",
    "sw.does.grid": "sell the power to the grid",
    "sw.does.site_sale": "sell the site",
    "sw.does.keep, then sell": "keep what stands, and sell at the end of the window",
    "sw.does.other": "decide for {use}",
    "sw.does.half": "{does} with half first",
    "sw.does.rest": "{does} with the other half",
    "sw.driver.rent": "rent",
    "sw.driver.build cost": "build cost",
    "sw.driver.GPU-hour": "GPU-hour",
    "sw.driver.hashprice": "hashprice",
    "sw.driver.power": "power",
    "sw.driver.site price": "price of sites",
    "sw.unit.of today's": "% of today's",
    "sw.and": "{first} and {second}",
    "sw.level.of today's": "{percent}% of today's",
}

_SITE: Final = {
    "sw.now": "Now: {does}.",
    "sw.worth": "With the freedom to decide later the {mw} MW under no lease are worth {value} ({error}).",
    "sw.waiting": "Waiting adds {value} ({error}) to the best decision taken for good today, which is to {does} "
    "({now}).",
    "sw.waiting.none": "Waiting adds nothing to the best decision taken for good today, which is to {does} ({now}).",
    "sw.waiting.noise": "Within two standard errors of nought, that is no reason to wait or not to wait.",
    "sw.never": "Never to decide, and to sell at the end of the window in {end}, gives up {value}.",
    "sw.never.best": "Never to decide, and to sell at the end of the window in {end}, is worth as much.",
    "sw.plan": "No reading of the markets did better than one plan that looks at none of them: in {date}, {does}.",
    "sw.plan.now": "No reading of the markets did better than to {does} at once.",
    "sw.plan.never": "No reading of the markets did better than one plan that looks at none of them: keep what stands, "
    "and sell at the end of the window in {end}.",
    "sw.plan.once": "There is one date only, so nothing can be put off.",
    "sw.edge": "In {date}, having waited: {words}.",
    "sw.edge.one": "{does} if {first}",
    "sw.edge.two": "{does} if {first} while {second}",
    "sw.edge.above": "{driver} is above {level}",
    "sw.edge.below": "{driver} is below {level}",
    "sw.edge.at": "{driver} is {level}",
    "sw.edge.stay": "wait, wherever in the drawing {drivers} may be",
    "sw.edge.always": "{does}, wherever in the drawing {drivers} may be",
    "sw.edge.part": "{does} in a part of the drawing, which no single threshold bounds",
    "sw.edge.today": "{driver} {level}",
    "sw.edge.levels": "Today: {levels}.",
    "sw.likely": "Followed on real-world paths: {list}.",
    "sw.likely.now": "{decision} now {chance}",
    "sw.likely.later": "{decision} {chance}, on average in {date}",
    "sw.likely.none": "Followed on real-world paths, nothing is decided within the window.",
    "sw.stages": "Half could come first ({does}), and the rest once that has come off, about {months} months later: "
    "chance {chance}.",
    "sw.bound": "Nothing to decide: {reason}.",
}

_HEAD: Final = {
    "sw.page.title": "{study}: when to switch",
    "sw.kicker": "When to switch",
    "sw.title": "Decide now, later, or never?",
    "sw.question": "What to do with each site now, where the answer flips, and what the freedom to decide later is "
    "worth.",
    "sw.skip": "Skip to the sites",
    "sw.run": "How this was made",
    "sw.run.study": "Study",
    "sw.run.as_of": "As of",
    "sw.run.draws": "Draws that price",
    "sw.run.training_draws": "Draws that train",
    "sw.run.dates": "Dates",
    "sw.run.dates.value": "every {every} months until {end}",
    "sw.run.lease": "Conversions until",
    "sw.run.lease.open": "the last date",
    "sw.run.steps": "Steps",
    "sw.run.steps.half": "whole, or half first",
    "sw.run.steps.whole": "whole only",
    "sw.run.seed": "Seed",
    "sw.run.schema": "Schema",
    "sw.nav": "Contents",
    "sw.nav.every": "Every site",
    "sw.nav.detail": "Site by site",
    "sw.nav.bound": "Nothing to decide",
    "sw.nav.read": "How to read this",
    "sw.none": "No site of this run has megawatts under no lease, so there is nothing to decide.",
    "sw.foot": "A model, not advice. What waiting is worth hangs on how far rents, hashprice and power may move, and "
    "those facts are assumptions.",
}

_STORY: Final = {
    "sw.short.title": "In short",
    "sw.short.now": "Of {sites} with megawatts under no lease {part} should be decided on now ({list}); at the rest it "
    "is better to wait.",
    "sw.short.now.all": "Of {sites} with megawatts under no lease all should be decided on now ({list}).",
    "sw.short.now.none": "At none of {sites} with megawatts under no lease should anything be decided now.",
    "sw.short.count": "{decision} at {n}",
    "sw.short.clear.one": "Only at {site} is waiting worth more than two standard errors: {value}.",
    "sw.short.clear.many": "Waiting is worth more than two standard errors at {n} sites, most at {site}: {value}.",
    "sw.short.clear.none": "Nowhere is waiting worth more than two standard errors.",
    "sw.short.edge.one": "At one site the answer hangs on the markets; all others follow one plan whatever they do.",
    "sw.short.edge.many": "At {n} sites the answer hangs on the markets; all others follow one plan whatever they do.",
    "sw.short.edge.all": "Everywhere the answer hangs on the markets.",
    "sw.short.edge.none": "No site's answer hangs on the markets: each follows one plan whatever they do.",
    "sw.short.bound.one": "One more site is under signed leases throughout.",
    "sw.short.bound.many": "{n} more sites are under signed leases throughout.",
    "sw.tile.now": "Decide now",
    "sw.tile.wait": "Wait",
    "sw.tile.of": "of {sites} with free megawatts",
    "sw.tile.most": "Waiting adds up to",
    "sw.tile.most.note": "{site}; standard error {error}",
    "sw.tile.edge": "Hang on the markets",
    "sw.tile.edge.note": "all others follow one plan",
    "sw.tile.never": "Never deciding costs up to",
    "sw.tile.never.note": "{site}",
}

_TABLE: Final = {
    "sw.every.title": "Every site",
    "sw.every.note": "Where waiting clearly adds most first. Money: mean over the pricing paths, its standard error. "
    "Later: what is likeliest to be decided after today, how often, and on average when, on real-world paths. What is "
    "within two standard errors of nought is faint.",
    "sw.every.caption": "What to do with every site, and what waiting is worth",
    "sw.col.site": "Site",
    "sw.mw": "{mw} MW",
    "sw.col.mw": "Free MW",
    "sw.col.now": "Now",
    "sw.col.worth": "Free to wait",
    "sw.col.best": "Best for good today",
    "sw.col.waiting": "Waiting adds",
    "sw.col.later": "Later, if at all",
    "sw.error": "\N{PLUS-MINUS SIGN} {error}",
    "sw.with_error": "{value} {error}",
    "sw.later": "{chance}, {date}",
    "sw.later.none": "nothing is decided later",
}

_DETAIL: Final = {
    "sw.detail.title": "Site by site",
    "sw.detail.note": "First the sites whose answer hangs on the markets, with the drawing of where it flips. On paper "
    "only the open ones print.",
    "sw.detail.edge": "The answer hangs on the markets",
    "sw.detail.plan": "One plan, whatever the markets do",
    "sw.edge.figure": "{site}: the choice in {date} over {drivers}",
    "sw.edge.alt": "{title}. {shares}. {words}.",
    "sw.edge.share": "{decision} in {share} of the drawing",
    "sw.edge.ring": "the ring is today",
    "sw.edge.beyond": "today lies outside the drawing",
    "sw.edge.line": "the line is where {decision} begins",
    "sw.axis": "{driver}, {unit}",
    "sw.value.title": "Value, with and without the freedom to wait",
    "sw.value.alt": "{site}: {rows}",
    "sw.value.row": "{label} {value}",
    "sw.value.never": "Never decided",
    "sw.value.now": "Best for good today",
    "sw.value.waiting": "Waiting adds",
    "sw.value.flexible": "Free to wait",
    "sw.decisions.caption": "Each decision about {site}",
    "sw.col.decision": "Decision",
    "sw.col.today": "Today",
    "sw.col.gives": "Gives up",
    "sw.col.date": "On its best date",
    "sw.col.chance": "Chance",
    "sw.col.expected": "When, on average",
    "sw.never.row": "Never, sold in {end}",
    "sw.unvalued": "part of a plan in two steps, which has no value of its own",
    "sw.never.chance": "not a decision",
    "sw.at_once": "{date}",
    "sw.bound.title": "Nothing to decide",
    "sw.bound.note": "Every megawatt of these sites is under a signed lease.",
}

_TERMS: Final = {
    "sw.read.title": "How to read this",
    "sw.term.waiting": "Waiting",
    "sw.is.waiting": "Keeps what stands: machines run off, an idle connection waits, nothing is bought or built. What "
    "leads to power runs on; customer, money and hall wait for the decision.",
    "sw.term.good": "For good",
    "sw.is.good": "Taken on one date and kept whatever the markets do. A decision is worth what the valuation says of "
    "that plan, risked and after tax.",
    "sw.term.free": "Free to wait",
    "sw.is.free": "The mean under a rule that looks at the markets on each date and decides or waits. It was fitted on "
    "{training} paths and priced on {draws} others, so it is a rule that someone could follow, and is rather too low.",
    "sw.term.adds": "Waiting adds",
    "sw.is.adds": "Free to wait less the best decision taken for good today. The best of many plans is picked on the "
    "same paths, so it can come out a little below nought.",
    "sw.term.gives": "Gives up",
    "sw.is.gives": "What a decision taken for good today, or none ever, is worth less than the freedom to wait.",
    "sw.term.odds": "Chance, when on average",
    "sw.is.odds": "The same rule followed on real-world paths, without the price of risk that is in the values.",
    "sw.term.drawing": "The drawing",
    "sw.is.drawing": "What the rule does about a year from now at a site that has waited, over the two drivers that "
    "move the choice most, from their tenth to their ninetieth percentile; all others stand at their middle.",
    "sw.term.mining": "Mine on",
    "sw.is.mining": "Buy machines from that date on whenever they pay. Here it is final: a hall cannot follow within "
    "the window.",
    "sw.term.end": "Never",
    "sw.is.end": "Who has not decided by {end} sells the site then.",
}

TEXT: Final[Mapping[str, str]] = {**_DECISIONS, **_SITE, **_HEAD, **_STORY, **_TABLE, **_DETAIL, **_TERMS}
"""Every text of the page of when to switch in English."""
