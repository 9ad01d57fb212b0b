"""English words of the web app: key to text, named fields in braces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wattworth.reports.english_web_rooms import TEXT as _ROOMS

_SIGN_IN: Final = {
    "web.sign_in.title": "Sign in to wattworth",
    "web.sign_in.password": "Password",
    "web.sign_in.do": "Sign in",
    "web.sign_in.wrong": "That is not the password.",
    "web.sign_in.slow": "Too many wrong passwords. Wait a minute, then try again.",
}

_FRAME: Final = {
    "web.language": "English",
    "web.skip": "Skip to the content",
    "web.ways": "Parts of the app",
    "web.way.studies": "Studies",
    "web.way.runs": "Runs",
    "web.way.jobs": "Queue",
    "web.way.compare": "Compare",
    "web.way.gap": "National gap",
    "web.way.plan": "Plan",
    "web.way.gas": "Gas",
    "web.way.evidence": "Evidence",
    "web.way.facts": "Facts",
    "web.wrong.title": "That did not work",
    "web.wrong.missing": "There is nothing here",
    "web.wrong.back": "Back to the studies",
}

_STUDIES: Final = {
    "web.cancel": "Cancel",
    "web.studies.title": "Studies",
    "web.studies.note": "A study lists sites and what is known of each. Bring a workbook, or start from a packaged "
    "one.",
    "web.studies.own": "Bring a workbook",
    "web.studies.upload": "Choose an Excel workbook, or drop it here",
    "web.studies.waiting": "Reading it.",
    "web.studies.refused": "The workbook cannot be taken in.",
    "web.studies.rejected": "Only Excel workbooks (.xlsx) of up to {mb} MB are taken.",
    "web.studies.blank.note": "None yet? A blank study explains every column; fill it here or in Excel.",
    "web.studies.blank": "Start a blank study",
    "web.studies.packaged": "Start from a packaged study",
    "web.studies.is.us-miners": "Power sites of listed bitcoin miners, each with its sources.",
    "web.studies.start": "Open a copy",
    "web.studies.drafts": "Your studies",
    "web.studies.none": "Nothing yet. What you bring or start stands here, and every change is kept.",
    "web.studies.delete": "Delete {name}",
    "web.studies.delete.short": "Delete",
    "web.studies.sure": "Delete {name}? Runs made from it stay.",
    "web.study.title": "Study",
    "web.study.undo": "Undo",
    "web.study.download": "Download as a workbook",
    "web.study.sound": "No faults. Every cell can be read.",
    "web.study.faults.one": "{n} fault. Its cell is marked below.",
    "web.study.faults.many": "{n} faults. Their cells are marked below.",
    "web.study.faults.list": "Faults; choose one to go to its cell",
    "web.study.sheet.sites": "Sites",
    "web.study.sheet.study": "Settings",
    "web.study.sheet.uses": "Uses",
    "web.study.sheet.facts": "Facts of your own",
    "web.study.sheet.double_counts": "Counted once",
    "web.study.run": "Value it",
    "web.study.draws": "Draws",
    "web.study.seed": "Seed",
    "web.study.sites": "Only sites like",
    "web.study.switching": "Also when to switch (takes minutes)",
    "web.study.value": "Value every site in every use",
}

_JOBS: Final = {
    "web.jobs.title": "Queue",
    "web.job.title": "Work",
    "web.jobs.none": "Nothing was asked for yet. Open a study and value it.",
    "web.jobs.answer": "Read the answer",
    "web.jobs.cancel": "Cancel",
    "web.jobs.again": "Ask again",
    "web.jobs.progress": "How far it is",
    "web.jobs.draws": "{done} of {total} draws",
    "web.jobs.kind.value": "Valuation",
    "web.jobs.kind.plan": "Plan",
    "web.jobs.kind.gap": "National gap",
    "web.jobs.kind.gas": "Gas",
    "web.jobs.kind.backtest": "Back-test",
    "web.jobs.kind.explain": "Explanation",
    "web.jobs.kind.compare": "Comparison",
    "web.jobs.state.queued": "Waiting",
    "web.jobs.state.running": "Running",
    "web.jobs.state.done": "Done",
    "web.jobs.state.failed": "Failed",
    "web.jobs.state.cancelled": "Cancelled",
    "web.jobs.state.cut_off": "Cut off",
    "web.jobs.is.queued": "It starts when an earlier one has ended. You may close this page.",
    "web.jobs.is.running": "It goes on if you close this page; find it in the queue.",
    "web.jobs.is.done": "The answer is saved.",
    "web.jobs.is.failed": "It found an error. Mend what it names, then ask again.",
    "web.jobs.is.cancelled": "Somebody stopped it.",
    "web.jobs.is.cut_off": "Its process ended before it did: the machine stopped, or somebody ended it. Ask again.",
}

_RUNS: Final = {
    "web.runs.title": "Runs",
    "web.runs.none": "No run is saved yet. Open a study and value it.",
    "web.runs.run": "Run",
    "web.runs.study": "Study",
    "web.runs.saved": "Saved (UTC)",
    "web.runs.as_of": "As of",
    "web.runs.draws": "Draws",
    "web.runs.value": "Mean value",
    "web.runs.gone": "its files are gone",
}

_RUN: Final = {
    "web.run.title": "Result",
    "web.run.files": "Take it along:",
    "web.run.xlsx": "Excel with live formulas",
    "web.run.pdf": "PDF memo",
    "web.run.html": "Page",
    "web.charts.waiting": "Drawing",
    "web.charts.none": "This figure has nothing to show here.",
}

_SITE: Final = {
    "web.site.title": "Site",
    "web.site.back": "Back to the result",
    "web.site.what_if": "What if",
    "web.site.what_if.note": "Move a slider: the site is valued twice with the same {draws} draws, as it is and with "
    "your inputs. The change is added to the value in the run; it is coarse.",
    "web.site.input.rent": "Rent of the hall",
    "web.site.input.capex": "Cost of the hall",
    "web.site.input.delay": "Delay",
    "web.site.input.power": "Power price",
    "web.site.input.bitcoin": "Bitcoin price",
    "web.site.goal": "Which rent would equal today's use?",
    "web.site.goal.seeking": "Seeking",
    "web.site.goal.none": "No rent in reach does.",
    "web.site.goal.found": "{use} equals {other} at a rent of {rent}.",
    "web.site.best": "Best use: {use}",
    "web.site.col.use": "Use",
    "web.site.col.now": "Mean value with these inputs",
    "web.site.col.was": "In the run",
    "web.site.col.change": "Change",
    "web.site.timeline": "When there is power",
    "web.site.why": "Why this use",
    "web.site.why.note": "What drives the value, and how far each input may move before another use wins. "
    "It takes some minutes; you may close the page.",
    "web.site.why.ask": "Explain it",
    "web.site.why.live": "It is being worked out",
    "web.site.why.data": "The same as data",
}

_UNITS: Final = {
    "web.unit.$/kW_IT-month": "{n} a month for a kW of IT",
    "web.unit.$M/MW_IT": "{n} for a MW of IT",
    "web.unit.$/BTC": "{n} for a bitcoin",
    "web.unit.months": "{n} months",
}

_WHY: Final = {
    "web.why.only": "{use} is the only use open to it, worth {value} on average.",
    "web.why.lead": "{use} is worth {value} on average, {lead} more than {second}; it is the best in {sure} of the "
    "draws of uncertain facts.",
    "web.why.tie": "That lead is within the error of calculation: a tie.",
    "web.why.moves.best": "What moves its value",
    "web.why.moves.lead": "What moves its lead over {second}",
    "web.why.moves.note": "With each fact at its low and at its high, all else as declared. The share is that of the "
    "variance that would go if the fact were known.",
    "web.why.col.fact": "Fact",
    "web.why.col.low": "At its low",
    "web.why.col.high": "At its high",
    "web.why.col.share": "Share",
    "web.why.col.market": "Market",
    "web.why.col.value": "With the value",
    "web.why.col.lead": "With the lead",
    "web.why.col.swing": "From low to high",
    "web.why.markets": "Markets",
    "web.why.markets.note": "Rank correlation of the mean of ten years: 1 moves with it, -1 against it, 0 not at all.",
    "web.why.changes": "What would change the best use, all else as it is",
    "web.why.stays": "{best} stays best for every {input} from {low} to {high} {unit}; now {present}.",
    "web.why.above": "{then} takes over from {best} where {input} is above {at} {unit}; now {present}.",
    "web.why.below": "{then} takes over from {best} where {input} is below {at} {unit}; now {present}.",
    "web.why.weakest": "What to find out first",
    "web.why.weakest.note": "Facts that move the value much and have little behind them.",
}

TEXT: Final[Mapping[str, str]] = {
    **_SIGN_IN,
    **_FRAME,
    **_STUDIES,
    **_JOBS,
    **_RUNS,
    **_RUN,
    **_SITE,
    **_UNITS,
    **_WHY,
    **_ROOMS,
}
