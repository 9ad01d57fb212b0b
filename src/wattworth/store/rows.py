"""A run as rows of the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wattworth.study import Study
from wattworth.study.document import study_document

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def enter(session: Session, rows: list[Any]) -> None:
    """Add rows, those of runs before those that point to them."""
    from wattworth.store.tables import RunRow

    session.add_all(row for row in rows if isinstance(row, RunRow))
    session.flush()
    session.add_all(row for row in rows if not isinstance(row, RunRow))
    session.flush()


def rows_of(result: Mapping[str, Any], study: Study | None, folder: Path, created_at: dt.datetime) -> list[Any]:
    """Rows of a run: its own, then one for each site and use."""
    from wattworth.store.tables import RunRow

    totals = result.get("totals") or {}
    own = RunRow(
        run_id=result["run_id"],
        study=str(result.get("study", "")),
        as_of=str(result.get("as_of", "")),
        draws=result["draws"],
        seed=str(result.get("seed", "")),
        created_at=created_at,
        folder=str(folder.absolute()),
        wattworth_version=str((result.get("versions") or {}).get("wattworth", "")),
        schema_version=result["schema_version"],
        mean_usd=(totals.get("npv_usd") or {}).get("mean"),
        inputs=None if study is None else study_document(study),
        facts=list(result.get("weakest_facts") or ()),
        totals=dict(totals),
    )
    return [own, *_site_rows(result)]


def _site_rows(result: Mapping[str, Any]) -> Iterator[Any]:
    from wattworth.store.tables import SiteUseRow

    for site in result["sites"]:
        for use, found in (site.get("uses") or {}).items():
            risked = found.get("risked_npv_usd") or {}
            yield SiteUseRow(
                run_id=result["run_id"],
                site_id=site["site_id"],
                use=use,
                available=bool(found.get("available")),
                best=site.get("best_use") == use,
                reason=found.get("reason"),
                **{f"risked_{key}_usd": risked.get(key) for key in ("mean", "p10", "p50", "p90")},
                usd_per_gross_w=(found.get("usd_per_gross_w") or {}).get("mean"),
            )
