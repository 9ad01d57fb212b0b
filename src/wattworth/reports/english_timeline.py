"""English words of the page of time to power: key to text, named fields in braces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_KINDS: Final = {
    "tl.kind.leased": "Lease signed",
    "tl.kind.energised": "Power is there, no lease",
    "tl.kind.construction": "Power being built, no lease",
    "tl.kind.dated": "Power secured, with a stated date",
    "tl.kind.secured": "Power secured, without a date",
    "tl.kind.study": "Power still in study",
    "tl.kind.study.grid": "Power still in study, {grid}",
    "tl.kind.study dated": "Power in study, with a stated date",
    "tl.clause.leased": "signed leases",
    "tl.clause.energised": "sites that have their power",
    "tl.clause.construction": "sites whose power is being built",
    "tl.clause.dated": "sites with secured power and a stated date",
    "tl.clause.secured": "sites with secured power and no date",
    "tl.clause.study": "sites whose power is still in study",
    "tl.clause.study.grid": "{clause} ({grid})",
    "tl.clause.study dated": "sites in study that state a date",
}

_GATES: Final = {
    "tl.gate.lease_signing": "Lease signing",
    "tl.gate.financing": "Financing",
    "tl.gate.shell": "Shell",
    "tl.gate.fit_out": "Fit-out",
    "tl.gate.commissioning": "Commissioning",
    "tl.gate.power": "Power arrives",
    "tl.gate.load_study": "Load study",
    "tl.gate.agreement": "Connection agreed",
    "tl.gate.utility_works": "Utility works",
    "tl.gate.transformer": "Transformer",
    "tl.gate.switchgear": "Switchgear",
    "tl.gate.energise": "Energising",
    "tl.gate.tie_in": "Tie-in",
    "tl.gate.delivery": "Delivery of the hall",
    "tl.does.lease_signing": "finding a tenant and signing the lease",
    "tl.does.financing": "financing",
    "tl.does.shell": "building the shell",
    "tl.does.fit_out": "fitting out the hall",
    "tl.does.commissioning": "commissioning the hall",
    "tl.does.power": "the arrival of power",
    "tl.does.load_study": "the study of the load",
    "tl.does.agreement": "the connection agreement",
    "tl.does.utility_works": "the utility's line and substation",
    "tl.does.transformer": "the transformer",
    "tl.does.switchgear": "the switchgear",
    "tl.does.energise": "energising",
    "tl.does.tie_in": "the fit-out that waits for power",
    "tl.does.delivery": "delivery of the leased hall",
    "tl.cause.customers": "tenants",
    "tl.cause.money": "lenders",
    "tl.cause.building": "builders",
    "tl.cause.utility": "utilities and grid",
    "tl.cause.equipment": "electrical equipment",
    "tl.cause.engines": "turbines and engines",
    "tl.cause.gas": "gas",
    "tl.cause.permits": "permits",
    "tl.cause.chips": "chips",
    "tl.cause.none": "nothing; it stands alone",
}

_HEAD: Final = {
    "tl.page.title": "{study}: time to power and to the first rent",
    "tl.kicker": "Time to power",
    "tl.title": "When can power be rent?",
    "tl.question": "When each site can have power and its first rent from AI, with what chance, which gate decides, "
    "and what a month is worth.",
    "tl.skip": "Skip to the sites",
    "tl.run": "How this was made",
    "tl.run.study": "Study",
    "tl.run.as_of": "As of",
    "tl.run.draws": "Draws of the dates",
    "tl.run.value_draws": "Draws of the values",
    "tl.run.value_draws.none": "not valued",
    "tl.run.seed": "Seed",
    "tl.run.slippage": "On time, else late by",
    "tl.run.slippage.value": "{on_time}, else {months} months on average",
    "tl.run.correlation": "Variance shared by a cause",
    "tl.run.schema": "Schema",
    "tl.nav": "Contents",
    "tl.none": "This study has no site with megawatts, so there is no date to show.",
    "tl.foot": "A model, not advice. Dates are ranges of a model whose clocks rest on few observed projects.",
}

_STORY: Final = {
    "tl.short.title": "In short",
    "tl.tile.half": "Half of the megawatts, first rent at P50",
    "tl.tile.half.note": "{gw} of {total}, if nothing failed; {risked} weighted by chance",
    "tl.tile.fast": "Fastest without a lease, P50",
    "tl.tile.slow": "Slowest without a lease, P50",
    "tl.tile.kind.note": "{kind}; {chance} succeed",
    "tl.tile.gate": "Delays most, without a lease",
    "tl.tile.gate.note": "{gate}; share of draws, mean over {sites}",
    "tl.tile.month": "A month later costs up to",
    "tl.tile.month.note": "{site}, {use}; standard error {error}",
    "tl.story.answer": "At P50 {gw} of {total} of gross power could have its first rent by {date} if nothing failed; "
    "weighted by the chance of success it is {risked}.",
    "tl.story.leased": "Signed leases pay first, in the middle by {date} and {chance} likely.",
    "tl.story.kinds": "Without a lease {fast} are fastest, in the middle by {fast_date} and {fast_chance} likely, and "
    "{slow} slowest, by {slow_date} and {slow_chance} likely.",
    "tl.story.kind": "Without a lease the middle of {fast} is {fast_date}, {fast_chance} likely.",
    "tl.story.gates": "Over {sites} without a lease what delays most is {gates}.",
    "tl.story.gates.item": "{gate} ({share} of draws)",
    "tl.story.month": "A month later costs most at {site}: {cost} in {use}, with a standard error of {error}.",
    "tl.story.month.lease": "It is the delay of the lease already signed there.",
    "tl.story.month.rest": "Of this {cost} is the delay of the lease already signed there, lost whatever becomes of "
    "the rest.",
    "tl.story.month.free": "Without a lease it costs most at {site}: {cost} in {use}, with a standard error of "
    "{error}.",
    "tl.story.month.none": "At no site does a month later cost clearly more than nothing.",
    "tl.story.month.free.none": "At no site without a lease does a month later cost clearly more than nothing.",
    "tl.story.gain": "Waiting a month would be a gain at {part} of {whole} without a lease, were they to become {use}: "
    "there the conversion loses money, and losing it later costs less.",
    "tl.story.no_value": "What a month is worth was not asked for in this run.",
    "tl.use.turnkey": "turnkey AI leases",
    "tl.use.powered_shell": "powered shells",
    "tl.use.gpu_cloud": "GPU clouds",
    "tl.use.hybrid": "AI halls beside a mine",
    "tl.years.title": "Gross power with its first rent, by P50",
    "tl.years.by": "By the end of",
    "tl.years.plain": "If nothing failed",
    "tl.years.risked": "Weighted by chance",
    "tl.years.on": "{year} or later",
}

_GANTT: Final = {
    "tl.nav.gantt": "Every site",
    "tl.gantt.title": "Every site on one calendar",
    "tl.gantt.note": "One row per site, by kind of megawatt and then by P50 of the first rent. A site that has signed "
    "for a part of its megawatts stands here with the largest part that has not; a ring marks the others. Dates hold "
    "if the conversion succeeds: read them with the chance beside them.",
    "tl.gantt.caption": "Power and first rent of every site, with the chance of success",
    "tl.key.power": "power, P10 to P90 and P50",
    "tl.key.rent": "first rent, P10 to P90 and P50",
    "tl.key.now": "power is there now",
    "tl.key.ring": "another part of the site, first rent at P50",
    "tl.key.stroke": "a stroke without a bar is a stated date",
    "tl.col.site": "Site",
    "tl.col.mw": "MW",
    "tl.col.power": "Power",
    "tl.col.power.note": "P50 · chance",
    "tl.col.time": "Power above, first rent below",
    "tl.col.rent": "First rent",
    "tl.col.chance": "Chance of rent",
    "tl.now": "now",
    "tl.leased": "as leased",
    "tl.contract": "the lease names delivery, not power",
    "tl.of": "{part} of {whole}",
    "tl.group": "{sites}, {gw}; first rent in the middle by {date}; {chance} succeed",
    "tl.row": "{site}: {power}; first rent {rent}; chance {chance}",
    "tl.row.now": "power is there now",
    "tl.row.contract": "power as in the lease",
    "tl.row.power": "power {range}, chance {chance}",
    "tl.row.other": "another part, {mw} MW: first rent {rent}",
    "tl.spread": "{p10} to {p90}, middle {p50}",
}

_DECIDES: Final = {
    "tl.nav.gates": "Which gate decides",
    "tl.gates.title": "Which gate decides",
    "tl.gates.note": "How often each gate delays most, as the mean over the sites of a kind. The gate that delays most "
    "is the one without which the last gate would open soonest. Colours tell what it shares with other sites.",
    "tl.gates.caption": "Share of draws in which each gate delays most, by kind of megawatt",
    "tl.gates.all": "All without a lease",
    "tl.gates.alt": "{kind}: {shares}",
    "tl.gates.share": "{gate} {share}",
    "tl.gates.rest": "all others {share}",
    "tl.col.kind": "Kind of megawatt",
    "tl.col.decides": "Delays most, drawn to 100%",
}

_MONTH: Final = {
    "tl.nav.month": "Value of a month",
    "tl.month.title": "What a month is worth",
    "tl.month.note": "In $m: the change of the mean risked value when every first rent comes a month later, with its "
    "standard error, and below it a month sooner. Sites where a month later costs most come first. A positive number "
    "for a month later means that waiting is better, because the conversion loses money: losing it later costs less. "
    "What is within two standard errors of nought is faint.",
    "tl.month.lease": "A signed lease on a part of a site moves in every column, also in those that leave the rest of "
    "the site as it is.",
    "tl.month.none": "What a month is worth was not asked for: this run has no draws of the values.",
    "tl.month.caption": "Value of a month later and sooner by site and use, $m",
    "tl.month.lacks": "not a use of this site",
    "tl.month.sooner": "sooner {value}",
    "tl.month.error": "\N{PLUS-MINUS SIGN}{error}",
}

_DETAIL: Final = {
    "tl.nav.detail": "Site by site",
    "tl.detail.title": "Site by site",
    "tl.detail.note": "Open a site for the gates of each of its parts. On paper only the open ones print.",
    "tl.detail.key": "A thin line begins where the gates before it stand open at P50, and hangs from the last of them. "
    "The bar is P10 to P90 of the opening, the stroke P50. The last row adds the delay beyond the plan.",
    "tl.part": "{kind}, {mw} MW",
    "tl.part.gantt": "Gates of {site}: {part}",
    "tl.part.alt": "{gate} opens {range}, delays most in {share}",
    "tl.part.most": "delays most",
    "tl.part.rent": "First rent",
    "tl.about.rent": "First rent, P10 · P50 · P90",
    "tl.about.power": "Power, P10 · P50 · P90",
    "tl.about.plan": "Months to the last gate, P10 · P50 · P90",
    "tl.about.slip": "Delay beyond it",
    "tl.about.slip.value": "{mean} months on average, {p90} at P90",
    "tl.about.success": "Chance of rent",
    "tl.about.chance": "Chance of power",
    "tl.blocks.one": "{n} block of {mw} MW of critical IT: {dates}.",
    "tl.blocks.many": "{n} blocks of {mw} MW of critical IT, about the P50 of the whole: {dates}.",
    "tl.col.gate": "Gate",
    "tl.col.after": "After",
    "tl.col.months": "Takes, months",
    "tl.col.opens": "Opens",
    "tl.col.most": "Delays most",
    "tl.col.fails": "Stops it",
    "tl.col.cause": "Moves with",
    "tl.col.fact": "and its clock",
    "tl.after.none": "starts now",
    "tl.last": "last {share}",
    "tl.part.caption": "Gates of {site}: {part}",
}

_TERMS: Final = {
    "tl.nav.read": "How to read this",
    "tl.read.title": "How to read this",
    "tl.term.range": "P10, P50, P90",
    "tl.is.range": "A tenth, half and nine tenths of the draws have opened by then. Dates of a site hold if it "
    "succeeds; its chance says how likely that is.",
    "tl.term.chance": "Chance of rent, chance of power",
    "tl.is.chance": "Chance that the conversion reaches its first rent, from facts by status, and the part of it that "
    "hangs on the gates before power. A site that fails falls back to another use; it is not worth nothing.",
    "tl.term.gates": "Gates",
    "tl.is.gates": "A gate opens after those it waits for, plus its own time. The later chain decides: a tenant is "
    "found and the hall built while the power arrives. A hall is built for a tenant, not on speculation.",
    "tl.term.most": "Delays most, last",
    "tl.is.most": "Delays most: without this gate the end would come soonest. Last: where chains meet, it opens last. "
    "Both are shares of draws; a tie is shared.",
    "tl.term.stops": "Stops it",
    "tl.is.stops": "Chance that the gate never opens once it is reached. Multiplied together, the chances that they "
    "do open give the chance of rent.",
    "tl.term.slippage": "Slippage",
    "tl.is.slippage": "A plan is not kept by all: {on_time} of halls are on time, the rest late by {months} months on "
    "average, with a long tail. It is added after the last gate, so first rent comes later than the gates alone say.",
    "tl.term.causes": "Shared causes",
    "tl.is.causes": "Gates of one cause share {share} of their variance over all sites: when transformers are late, "
    "they are late for everyone. So dates of many sites slip together, and a sum of sites is less certain than "
    "independent ones would be.",
    "tl.term.assumed": "What was assumed",
    "tl.is.assumed": "Clocks are facts with a range and a source; many are estimates of few projects. Long-lead "
    "equipment is ordered at once, at risk. A stated date is taken as the plan, and is not doubted before slippage.",
    "tl.term.month": "Value of a month",
    "tl.is.month": "The difference of two full valuations with the same random numbers, one with every first rent a "
    "month later or sooner. Dates that are past do not come sooner.",
    "tl.term.blocks": "Blocks",
    "tl.is.blocks": "A large hall is handed over in blocks, so rent ramps up about the date of its mean megawatt: its "
    "first block pays before the P50 shown and its last one after.",
}

TEXT: Final[Mapping[str, str]] = {
    **_KINDS,
    **_GATES,
    **_HEAD,
    **_STORY,
    **_GANTT,
    **_DECIDES,
    **_MONTH,
    **_DETAIL,
    **_TERMS,
}
"""Every text of the page of time to power in English."""
