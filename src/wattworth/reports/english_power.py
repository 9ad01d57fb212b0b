"""English words of the page of on-site supply: key to text, named fields in braces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_PARTS: Final = {
    "pw.part.solar": "Sun",
    "pw.part.wind": "Wind",
    "pw.part.battery": "Battery",
    "pw.part.engine": "Engines",
    "pw.part.turbine": "Turbines",
    "pw.part.fuel_cell": "Fuel cells",
    "pw.part.grid": "Grid",
    "pw.part.export": "Sold to the grid",
    "pw.part.upkeep": "Upkeep",
    "pw.part.fuel": "Fuel",
    "pw.part.other": "Other",
    "pw.part.unserved": "Unserved",
    "pw.count.engine.one": "{n} engine",
    "pw.count.engine.many": "{n} engines",
    "pw.count.turbine.one": "{n} turbine",
    "pw.count.turbine.many": "{n} turbines",
    "pw.count.fuel_cell.one": "{n} fuel cell",
    "pw.count.fuel_cell.many": "{n} fuel cells",
    "pw.count.named": "{n} {part}",
    "pw.in.solar": "sun",
    "pw.in.wind": "wind",
    "pw.in.battery": "battery",
    "pw.in.engine": "engines",
    "pw.in.turbine": "turbines",
    "pw.in.fuel_cell": "fuel cells",
    "pw.in.grid": "grid",
    "pw.in.export": "sold to the grid",
    "pw.in.upkeep": "upkeep",
    "pw.in.fuel": "fuel",
    "pw.in.other": "other",
    "pw.in.unserved": "unserved",
    "pw.units": "{n}{k} \N{MULTIPLICATION SIGN} {mw}",
    "pw.mw": "{mw} MW",
    "pw.day": "{day} {month}",
    "pw.usd_per_mwh": "{usd}/MWh",
    "pw.rank": "rank {n}",
    "pw.flagged": "{design}: {flags}",
    "pw.part.mw": "{part} {mw} MW",
    "pw.misses": "Misses the target: no rank",
    "pw.misses.cell": "misses",
    "pw.misses.short": "misses the target",
}

_MONTHS: Final = {
    f"pw.month.{place}": month
    for place, month in enumerate(
        (
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
        start=1,
    )
}

_HEAD: Final = {
    "pw.page.title": "{title}: on-site supply",
    "pw.kicker": "On-site supply",
    "pw.question": "What to build, how it runs, and what a megawatt-hour costs, at one stated reliability.",
    "pw.skip": "Skip to the designs",
    "pw.nav": "Contents",
    "pw.nav.designs": "Designs and cost",
    "pw.nav.reliability": "Reliability",
    "pw.nav.hours": "Hour by hour",
    "pw.nav.binds": "What binds",
    "pw.nav.numbers": "Assumptions",
    "pw.nav.left": "Left out",
    "pw.nav.read": "How to read this",
    "pw.run": "How this was made",
    "pw.run.case": "Case",
    "pw.run.load": "Load",
    "pw.run.load.value": "at most {mw} MW, {mwh} MWh a year",
    "pw.run.target": "Target",
    "pw.run.years": "Weather",
    "pw.run.years.one": "{n} year by the hour",
    "pw.run.years.many": "{n} years by the hour",
    "pw.run.money": "Dollars of",
    "pw.run.method": "Method",
    "pw.run.schema": "Schema",
    "pw.method.decomposition": "decomposition",
    "pw.method.lp": "one linear programme",
    "pw.foot": "A model, not advice. Costs are annuities of capital and the running of a year; tax and credits are "
    "only in the price by a convention.",
}

_STORY: Final = {
    "pw.short.title": "In short",
    "pw.answer": "Of the designs that meet the target “{design}” is the cheapest: {built}, at {usd} for each "
    "megawatt-hour served.",
    "pw.builds.units": "{units} of {mw} MW ({load} for the load, {spare} spare)",
    "pw.builds.whole": "{units} of {mw} MW",
    "pw.builds.battery": "a battery of {mw} MW and {mwh} MWh",
    "pw.builds.mw": "{mw} MW of {part}",
    "pw.builds.none": "nothing",
    "pw.serves": "It serves all load in {frac} of hours and is short in {hours} hours a year; the target is {target}.",
    "pw.green": "{green} of its energy comes from sun and wind, and it emits {co2} t of CO\N{SUBSCRIPT TWO} a year.",
    "pw.rivals": "Dearer for each megawatt-hour: {list}.",
    "pw.rival": "“{design}” by {usd}",
    "pw.near": "Against “{design}” that is less than one percent, less than the inputs are known to: read the cost, "
    "not the megawatts.",
    "pw.missed": "“{design}” misses the target and has no rank: it {flags}.",
    "pw.none": "No design meets the target ({target}).",
    "pw.none.nearest": "The nearest is “{design}”: it {flags}.",
    "pw.price.same": "The price by the convention {convention}, with debt, tax and credits, puts them in the same "
    "order; lowest is “{design}” at {usd}.",
    "pw.price.other": "The price by the convention {convention}, with debt, tax and credits, puts them in another "
    "order: lowest is “{design}” at {usd}.",
    "pw.spare": "{step} saves {saves} a year and gives up reliability: {costs}.",
    "pw.target.availability": "all load in {frac} of hours",
    "pw.target.unserved": "at most {frac} of energy unserved",
    "pw.target.short": "short in at most {hours} hours a year",
    "pw.tile.cost": "Cost of a megawatt-hour",
    "pw.tile.cost.note": "served; of the design",
    "pw.tile.built": "Built",
    "pw.tile.built.note": "without whole units",
    "pw.tile.units": "units: {units} MW",
    "pw.tile.serves": "Hours with all load served",
    "pw.tile.serves.note": "short in {hours} hours a year",
    "pw.tile.green": "From sun and wind",
    "pw.tile.green.note": "of energy served",
}

_DESIGNS: Final = {
    "pw.designs.title": "Designs and cost",
    "pw.designs.note": "Megawatts are what is built, spares in them. Only designs that meet the target are ranked, by "
    "cost of a megawatt-hour served; the others stand last.",
    "pw.designs.caption": "Designs by rank: what they build and how well they serve",
    "pw.col.design": "Design",
    "pw.col.rank": "Rank",
    "pw.col.source": "{part} MW",
    "pw.col.battery": "Battery MW / MWh",
    "pw.col.units": "Units N+k \N{MULTIPLICATION SIGN} MW",
    "pw.col.serves": "All load served",
    "pw.col.reaches": "Reached",
    "pw.col.short": "Short, h a year",
    "pw.col.lost": "Lost, ppm",
    "pw.col.green": "Sun and wind",
    "pw.col.unused": "Of it unused",
    "pw.col.co2": "CO\N{SUBSCRIPT TWO}, kt a year",
    "pw.col.months": "Months to full power",
    "pw.no_months": "the lead time of a part is not known",
    "pw.nothing": "nothing of it",
    "pw.no_units": "no whole units",
    "pw.no_sun": "neither sun nor wind is built",
    "pw.cost.title": "What a megawatt-hour is made of",
    "pw.cost.note": "Annuities of each source stand under its name; upkeep is fixed and variable, starts in it. "
    "Unserved load is no part of the cost by which designs are ranked; what it would cost its user is drawn behind it, "
    "hatched.",
    "pw.cost.name": "{design} ({rank})",
    "pw.cost.alt": "Cost of a megawatt-hour served, by part. {rows}.",
    "pw.cost.row": "{design}, {rank}: {usd}, of it {parts}",
    "pw.cost.part": "{part} {usd}",
    "pw.cost.caption": "Cost of a megawatt-hour, $/MWh, by part and design",
    "pw.col.part": "$/MWh served",
    "pw.cost.served": "Cost, served",
    "pw.cost.unserved": "Beside it: unserved at ${usd}/MWh",
    "pw.cost.asked": "Cost, over energy demanded",
    "pw.cost.price": "Price by {convention}",
    "pw.cost.with": "The same, unserved charged",
    "pw.cost.bound": "Proven floor of it",
    "pw.no_floor": "proven of the design in which nothing is held",
    "pw.axis.cost": "$/MWh served",
}

_RELIABILITY: Final = {
    "pw.reliability.title": "What reliability costs",
    "pw.targets.title": "The cheapest design at other targets",
    "pw.targets.note": "Sized again, everything free, for a share of hours with all load served as the only target; "
    "unserved energy stands at its cost. Whole units step over a target, so what is reached is more.",
    "pw.targets.alt": "Cost and megawatts of the cheapest design by target. {rows}.",
    "pw.targets.row": "{target}: {usd} a megawatt-hour, {mw}",
    "pw.targets.caption": "The cheapest design at each target",
    "pw.col.target": "Target",
    "pw.col.served": "$/MWh served",
    "pw.col.with": "$/MWh with unserved",
    "pw.axis.built": "MW built",
    "pw.axis.target": "target: hours with all load served",
    "pw.spares.title": "Chance of a shortfall by spares",
    "pw.spares.note": "The same sizing with fewer and more units of its main source. The ring, and the bold number, "
    "are what the design has.",
    "pw.spares.alt": "Share of hours in which some load is not served, by spares. {rows}.",
    "pw.spares.row": "{design}, {source}: {steps}",
    "pw.spares.step": "{n} spares {frac}",
    "pw.spares.target": "broken line: the target, {frac}",
    "pw.spares.caption": "Share of hours short, and $/MWh served, by spares",
    "pw.col.spares": "Spares",
    "pw.not_tried": "not looked at",
    "pw.axis.short": "share of hours short (log)",
    "pw.axis.spares": "spare units of the main source",
}

_HOURS: Final = {
    "pw.hours.title": "Hour by hour",
    "pw.hours.note": "What was sized, run at least cost, units at any output and none failing. Each "
    "design shows its hardest week, and the week in which sun and wind could give most. On paper only the open ones "
    "print.",
    "pw.week.unserved": "The seven days with most unserved energy, from {day}",
    "pw.week.firm": "The seven days with most energy from units and grid, from {day}",
    "pw.week.alike": "Every week is alike; seven days from {day}",
    "pw.week.sun": "The seven days in which sun and wind could give most, from {day}",
    "pw.week.year": "{week} of weather year {year}",
    "pw.week.alt": "{design}, dispatch by the hour. {why}. {energy}",
    "pw.week.energy": "In the week: {list}.",
    "pw.week.gives": "{part} {mwh} MWh",
    "pw.week.takes": "into {part} {mwh} MWh",
    "pw.week.load": "Load",
    "pw.axis.mw": "MW",
    "pw.axis.content": "Battery content, MWh",
    "pw.axis.hours": "share of hours",
    "pw.axis.price": "$/MWh",
    "pw.duration.title": "Hours sorted from the highest",
    "pw.duration.alt": "{design}, megawatts sorted from the highest hour. {rows}.",
    "pw.curve.load_mw": "load",
    "pw.curve.after_sun_and_wind_mw": "load less what sun and wind could give",
    "pw.curve.firm_mw": "left for units and grid, battery run",
    "pw.curve.row": "{curve}: at most {most} MW, exceeded in half the hours {half} MW",
    "pw.price.title": "What one more megawatt-hour costs",
    "pw.price.alt": "{design}, marginal price sorted from the dearest hour. {told}",
    "pw.price.note": "With all that is built and no unit failing: {mean} on average, at most {most}.",
    "pw.price.free": "In {free} of hours it costs nothing.",
    "pw.price.off": "The dearest hours, up to {most}, run off the drawing.",
}

_BINDS: Final = {
    "pw.binds.title": "What binds, and prices",
    "pw.binds.note": "A limit of the case moved by one step and solved again.",
    "pw.binds.none": "No limit of the case binds the optimum, and it has no spare to give up.",
    "pw.binds.caption": "What binds the optimum",
    "pw.col.limit": "Limit",
    "pw.col.step": "Step",
    "pw.col.saves": "Saves a year",
    "pw.col.gives": "Gives up",
    "pw.gives.none": "nothing of reliability",
    "pw.prices.title": "Marginal prices, and the run by rule",
    "pw.prices.caption": "Marginal price over the hours, and running cost at least cost and by rule",
    "pw.col.mean": "Mean $/MWh",
    "pw.col.low": "5%",
    "pw.col.median": "Median",
    "pw.col.high": "95%",
    "pw.col.free": "Hours free",
    "pw.col.optimal": "Running, least cost",
    "pw.col.rule": "Running, by rule",
    "pw.no_price": "the method gives no price",
    "pw.no_rule": "a rule sells nothing and runs one battery",
}

_NUMBERS: Final = {
    "pw.numbers.title": "Assumptions",
    "pw.numbers.note": "Every number that the result rests on, the weakest source first; what the case file gives "
    "stands last.",
    "pw.numbers.caption": "Numbers of the case with their sources",
    "pw.from_file": "Case file",
    "pw.as_of.undated": "undated",
    "pw.no_date": "no date",
    "pw.left.title": "What is left out",
    "pw.left.weak": "Not in the result",
    "pw.left.methods": "How reliability was found",
    "pw.left.notes": "What the files had to say",
}

_TERMS: Final = {
    "pw.read.title": "How to read this",
    "pw.term.target": "Target",
    "pw.is.target": "Every part of it must hold, with forced outages of units in it. A design whose units are given "
    "gets no spares; if it falls short it is flagged and has no rank.",
    "pw.term.units": "N+k",
    "pw.is.units": "N units carry the highest load left over with all of them up; k more stand ready for those that "
    "fail.",
    "pw.term.served": "Cost served",
    "pw.is.served": "Annuities of all that is built, upkeep, fuel and grid, over the energy served. Over energy "
    "demanded it would flatter a design that does not serve.",
    "pw.term.floor": "Proven floor",
    "pw.is.floor": "No choice of what may be built costs less over the energy demanded, unserved energy charged: the "
    "sizing proves it, without whole units and spares. It holds of the optimum.",
    "pw.term.price": "Price by a convention",
    "pw.is.price": "What a megawatt-hour must be sold for so that equity earns its return, with debt, tax and credits.",
    "pw.term.marginal": "Marginal price",
    "pw.is.marginal": "What one more megawatt-hour of load in an hour would cost: of fuel if an engine runs, "
    "nothing if sun is left unused, later fuel if the battery gives it.",
    "pw.term.lost": "Lost, ppm",
    "pw.is.lost": "Expected energy not served, in millionths of what is demanded.",
    "pw.term.rule": "By rule",
    "pw.is.rule": "Sun and wind first, then the battery, then units, the cheapest first, without looking ahead. It is "
    "never cheaper than least cost.",
}

TEXT: Final[Mapping[str, str]] = {
    **_PARTS,
    **_MONTHS,
    **_HEAD,
    **_STORY,
    **_DESIGNS,
    **_RELIABILITY,
    **_HOURS,
    **_BINDS,
    **_NUMBERS,
    **_TERMS,
}
"""Every text of the page of on-site supply in English."""
