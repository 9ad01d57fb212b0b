"""Two runs side by side: what was changed between them, and what each change did to the total."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from wattworth.errors import StudyError
from wattworth.facts import currency_of
from wattworth.records import SCHEMA_VERSION
from wattworth.study import Study
from wattworth.study.document import study_document
from wattworth.valuation.bridge import LABELS, SETTINGS, tolerance_usd, total_usd, walk
from wattworth.valuation.run import Run
from wattworth.valuation.totals import without_customer

Document = dict[str, Any]

NOT_SPLIT: Final = "not in the records"
"""Step of the bridge by site for what the two results cannot give to a site."""

_FACT_COLUMNS: Final = ("value", "low", "high", "unit")


def compare(
    before: Run, after: Run, *, workers: int | None = None, told: Callable[[str], None] = lambda words: None
) -> Document:
    """What changed between two runs, and the bridge from the total of one to that of the other.

    Parameters
    ----------
    before, after
        Two runs that hold their studies.
    workers
        Processes of each valuation.
    told
        Called with what is going on.

    Returns
    -------
    dict
        ``changes``, and the bridge twice: ``by_site`` from the records alone, ``by_cause`` by valuing the first
        study again with one change after another. Each sums to ``change_usd``.

    Raises
    ------
    StudyError
        If a run does not hold its study.
    """
    first, second = _study_of(before), _study_of(after)
    changes = changes_between(before, after)
    return {
        "schema_version": SCHEMA_VERSION,
        "before": _head(before),
        "after": _head(after),
        "change_usd": total_usd(after.result) - total_usd(before.result),
        "changes": changes,
        "by_site": by_site(before, after),
        "by_cause": walk(
            (before.result, first),
            (after.result, second),
            {fact["key"]: fact["before"] if fact["packaged"] else None for fact in changes["facts"]},
            workers=workers,
            told=told,
        ),
    }


def _study_of(run: Run) -> Study:
    if run.study is None:
        raise StudyError(
            f"{run.result['run_id']}: the run does not hold its study, as it was saved by an earlier wattworth "
            "or names a use that is not installed; value the study again"
        )
    return run.study


def _head(run: Run) -> Document:
    keys = ("run_id", "study", "as_of", "draws", "seed")
    return {**{key: run.result[key] for key in keys}, "mean_usd": total_usd(run.result)}


def changes_between(before: Run, after: Run) -> Document:
    """Settings, sites, facts and uses that differ, each with its value before and after."""
    a, b = study_document(_study_of(before)), study_document(_study_of(after))
    sites_a, sites_b = ({site["site_id"]: site for site in each["sites"]} for each in (a, b))
    common = [site_id for site_id in sites_b if site_id in sites_a]
    return {
        "settings": [*_differences(a, b, (*LABELS, *SETTINGS))],
        "sites": {
            "added": [site_id for site_id in sites_b if site_id not in sites_a],
            "removed": [site_id for site_id in sites_a if site_id not in sites_b],
            "changed": [
                {"site_id": site_id, "column": change.pop("name"), **change}
                for site_id in common
                for change in _differences(
                    sites_a[site_id], sites_b[site_id], {**sites_a[site_id], **sites_b[site_id]}, split=False
                )
            ],
        },
        "facts": list(_fact_changes(before.result, after.result, a, b)),
        "uses": {
            "added": [name for name in b["uses"] if name not in a["uses"]],
            "removed": [name for name in a["uses"] if name not in b["uses"]],
            "changed": [
                {"use": name, "option": change.pop("name"), **change}
                for name in b["uses"]
                if name in a["uses"]
                for change in _differences(
                    a["uses"][name], b["uses"][name], {**a["uses"][name], **b["uses"][name]}, split=False
                )
            ],
        },
        "run": [
            *_differences(before.result, after.result, ("draws", "seed")),
            *_differences(before.result.get("versions", {}), after.result.get("versions", {}), _VERSIONS),
        ],
    }


_VERSIONS: Final = ("wattworth", "python", "numpy", "machine")


def _differences(
    a: Mapping[str, Any], b: Mapping[str, Any], names: Iterable[str], *, split: bool = True
) -> Iterator[Document]:
    """Entries that differ; of a mapping, where they are split, those of its keys that do."""
    for name in names:
        old, new = a.get(name), b.get(name)
        if old == new:
            continue
        if split and isinstance(old, dict | None) and isinstance(new, dict | None):
            inside: list[str] = list({**(old or {}), **(new or {})})
            for change in _differences(old or {}, new or {}, inside, split=False):
                yield {**change, "name": f"{name}.{change['name']}"}
        else:
            yield {"name": name, "before": _short(old), "after": _short(new)}


def _short(value: Any) -> Any:
    """A series in a few words, a named case by its description; all else as it is."""
    if isinstance(value, dict) and "kind" in value:
        return f"{value['kind']} prices of {value['file']}"
    return value.get("description", value) if isinstance(value, dict) else value


def _fact_changes(
    before: Mapping[str, Any], after: Mapping[str, Any], a: Mapping[str, Any], b: Mapping[str, Any]
) -> Iterator[Document]:
    """Facts a study changes or no longer changes, and facts that another version of the package gives."""
    rows_a, rows_b = ({row["key"]: row for row in each.get("weakest_facts", ())} for each in (before, after))
    stated = {key for key in {**a["overrides"], **b["overrides"]} if a["overrides"].get(key) != b["overrides"].get(key)}
    kept = a["overrides"].keys() | b["overrides"].keys()
    packaged = {
        key
        for key in (rows_a.keys() & rows_b.keys()) - kept
        if any(rows_a[key][column] != rows_b[key][column] for column in _FACT_COLUMNS)
        and (a["usd_year"] == b["usd_year"] or currency_of(rows_a[key]["unit"]) is None)
    }
    for key in sorted(stated | packaged):
        yield {
            "key": key,
            "before": rows_a.get(key) or a["overrides"].get(key),
            "after": rows_b.get(key) or b["overrides"].get(key),
            "packaged": key in packaged,
        }


def by_site(before: Run, after: Run) -> list[Document]:
    """The bridge by site: what each counts for in the total of either run, largest change first.

    Notes
    -----
    A site counts with its ownership less double counts, times the mean risked value of the use it is counted in:
    its best use, or where no tenant is left for that, the best one that needs none. What the records cannot give
    to a site stands in a step of its own.
    """
    old, new = _counted(before), _counted(after)
    rows = [
        {
            "site_id": site_id,
            "before_usd": old.get(site_id, _NOTHING)[0],
            "after_usd": new.get(site_id, _NOTHING)[0],
            "change_usd": new.get(site_id, _NOTHING)[0] - old.get(site_id, _NOTHING)[0],
            "before_use": old.get(site_id, _NOTHING)[1],
            "after_use": new.get(site_id, _NOTHING)[1],
        }
        for site_id in dict.fromkeys([*old, *new])
    ]
    rows.sort(key=lambda row: -abs(row["change_usd"]))
    totals = total_usd(before.result), total_usd(after.result)
    left = [totals[i] - sum(row[key] for row in rows) for i, key in enumerate(("before_usd", "after_usd"))]
    if max(map(abs, left)) > tolerance_usd(*totals):
        none = {"before_use": None, "after_use": None}
        rows.append(
            {
                "site_id": NOT_SPLIT,
                "before_usd": left[0],
                "after_usd": left[1],
                "change_usd": left[1] - left[0],
                **none,
            }
        )
    return rows


_NOTHING: Final = (0.0, None)


def _counted(run: Run) -> dict[str, tuple[float, str | None]]:
    """Site to what it counts for and the use it is counted in. [USD]"""
    squeezed = set(run.result["tenant_demand"]["squeezed"])
    out: dict[str, tuple[float, str | None]] = {}
    for site in run.result["sites"]:
        if not site["valued"]:
            continue
        means = {name: use["risked_npv_usd"]["mean"] for name, use in site["uses"].items() if use["available"]}
        use = without_customer(_study_of(run), means) if site["site_id"] in squeezed else site["best_use"]
        out[site["site_id"]] = (site["counted_frac"] * means[use], use) if use in means else (0.0, use)
    return out
