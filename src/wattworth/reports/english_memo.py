"""English words of the memo: what is on its pages beside the words of every report."""

from __future__ import annotations

from typing import Final

TEXT: Final = {
    "memo.kicker": "Memo: what the power is worth",
    "memo.page": "{page} of {pages}",
    "memo.as_of": "As of {month}",
    "memo.footer": "Run {name}. A model, not advice: every number rests on the facts in the last part.",
    "memo.answer": "The answer",
    "memo.answer.lead": "The {sites} of this study are together worth {p50} in the middle outcome. Eight outcomes in "
    "ten lie between {p10} and {p90}.",
    "memo.answer.lead.none": "No site of this study could be valued, so there is no total.",
    "memo.assumptions": "Assumptions",
    "memo.best": "The sites worth most",
    "memo.do": "What to do",
    "memo.do.convert": "Prepare {name} for {use}: {gain} more than what it does today, on average.",
    "memo.do.beside": "Prepare {name} for {use} beside its lease: {gain} more than what it does today, on average.",
    "memo.do.tie": "It is a tie with {second}.",
    "memo.do.keep": "Keep the rest as it is: at {sites} today's use is the best one.",
    "memo.do.ties.one": "At {n} site the two best uses are within the error of calculation: decide there on other "
    "grounds, or value it with more draws.",
    "memo.do.ties.many": "At {n} sites the two best uses are within the error of calculation: decide there on other "
    "grounds, or value them with more draws.",
    "memo.do.facts": "Replace assumptions by sources before a large commitment: {assumed} of {used} facts have none. "
    "The last part lists the weakest.",
    "memo.do.warnings.one": "Read the {n} warning of this run before quoting its numbers.",
    "memo.do.warnings.many": "Read the {n} warnings of this run before quoting its numbers.",
    "memo.do.none": "Nothing follows from this run: it values no site.",
    "memo.where": "Where it lies",
    "memo.where.none": "No site has a latitude and a longitude, so there is no map.",
    "memo.by_use": "Power by best use",
    "memo.table": "Every site valued",
    "memo.table.note": "Sorted by the risked value of the best use. Value and gain are means of the whole site; "
    "dollars per watt are per firm gross watt. Means are pricing, the range is real-world, so a mean may lie "
    "outside it. An asterisk marks a tie with the second use. The page and the workbook show every use of every site.",
    "memo.col.range": "P10 to P90, $/W",
    "memo.col.per_w": "$/W",
    "memo.why": "Best use and why",
    "memo.why.note": "The {sites} worth most, each with every use open to it. Values are risked: a chance of failure, "
    "and what is left then, are in them.",
    "memo.why.none": "No site has a best use.",
    "memo.why.lead": "{use} is worth {value} on average, {lead} more than {second}.",
    "memo.why.lead.leased": "With its lease the site is worth {value} on average. {use} is best for the rest, {lead} "
    "more than {second}.",
    "memo.why.whole": "A signed lease takes the whole site, {mw} MW of critical IT, and is worth {value} on average; "
    "no other use is open.",
    "memo.why.only": "{use} is the only use open to it, worth {value} on average.",
    "memo.why.tie": "The lead is within the error of calculation: a tie.",
    "memo.why.sure": "It comes out best in {prob} of the draws of uncertain facts.",
    "memo.why.leased": "A lease stands on {mw} MW of critical IT and stays in every use; the choice concerns the other "
    "{rest} MW.",
    "memo.why.closed": "Not open: {items}.",
    "memo.why.closed.item": "{use} ({reason})",
    "memo.col.use": "Use",
    "memo.col.mean": "Mean",
    "memo.col.quantiles": "P10 · P50 · P90",
    "memo.col.loss": "Chance of a loss",
    "memo.col.yield": "Yield on cost",
    "memo.risk": "Risk",
    "memo.risk.lead": "The middle outcome is {p50}. One outcome in ten is below {p10} and one in ten above {p90}. The "
    "mean, {mean}, is a price: it charges for bearing market risk.",
    "memo.risk.note": "The sites worth most, in their best uses. No residual is the value if the use succeeds and the "
    "site and all on it are worth nothing when it ends.",
    "memo.risk.none": "No site has a value, so there is no risk to show.",
    "memo.col.fails": "If it fails",
    "memo.col.residual": "No residual",
    "memo.col.capital": "Capital, P50",
    "memo.col.equity": "Peak equity, P50",
    "memo.time": "Time to power",
    "memo.time.note": "The month money first comes from the best use itself; mining in the meantime does not count.",
    "memo.time.none": "No site has a month of first revenue within the horizon.",
    "memo.time.stages": "Power by state: {items}.",
    "memo.time.item": "{state} {gw}",
    "memo.col.quick": "P10",
    "memo.col.middle": "P50",
    "memo.col.slow": "P90",
    "memo.limits": "The limits",
    "memo.limits.demand": "What tenants sign for",
    "memo.limits.demand.none": "The study sets no limit on what tenants sign for.",
    "memo.limits.all": "Totals count power at the share that is owned: {gross} of gross power is {share} at ownership "
    "share, of which {firm} is firm.",
    "memo.evidence": "The evidence",
    "memo.evidence.tape": "The facts and the model against disclosed deals, each predicted from what was known before "
    "it. The deals are the packaged tape, not this study.",
    "memo.evidence.market": "Beside the market",
    "memo.evidence.none": "None of the companies of this study is priced by the market values at hand.",
    "memo.flip": "What would flip it",
    "memo.flip.note": "The sites worth most. The lead is the mean of the best use less that of the second. How sure is "
    "the share of draws of uncertain facts in which the best use has the highest mean; hindsight counts single "
    "futures. On the central path every fact has its stated value.",
    "memo.flip.none": "No site has two uses to choose between.",
    "memo.flip.more": "Break-even inputs of a site come from the command explain, with the name of this run and of the "
    "site; it tests each fact in turn.",
    "memo.flip.asked": "{name}: what would change the best use, all else as it is",
    "memo.flip.stays": "{best} stays best for every {name} from {low} to {high} {unit}; now {present}.",
    "memo.flip.above": "{then} takes over from {best} where {name} is above {at} {unit}; now {present}.",
    "memo.flip.below": "{then} takes over from {best} where {name} is below {at} {unit}; now {present}.",
    "memo.flip.central": "On the central path the best use is another one at {sites}.",
    "memo.flip.central.none": "On the central path every site has the same best use.",
    "memo.col.second": "Second use",
    "memo.col.lead": "Lead",
    "memo.col.hindsight": "Hindsight",
    "memo.col.path": "Central path",
    "memo.method": "Method and conventions",
    "memo.sources": "Sources, weakest first",
    "memo.sources.some": "The {shown} weakest of {all} facts. The page of the run and its workbook list every one.",
}
"""Key to text, named fields in braces."""
