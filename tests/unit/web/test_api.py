"""The API: what a page does is a call anyone can make, and the answers are the program's own."""

from __future__ import annotations

import io
from typing import Any

import httpx
import openpyxl
import pytest

import wattworth as ww
from tests.unit.web.broken import FAULTS, broken
from tests.unit.web.serving import asked, ended

SITE = "riot-corsicana"


def _column(draft: dict[str, Any], name: str) -> int:
    return draft["sheets"]["sites"][0].index(name)


def test_an_uploaded_workbook_shows_its_faults_at_their_cells_until_they_are_mended(client: httpx.Client) -> None:
    answer = client.post("/api/v1/studies/upload", files={"file": ("My mine.xlsx", broken())})
    draft = answer.json()
    assert answer.status_code == 201
    assert draft["name"] == "My mine"
    wanted = {(row, name) for name, (row, _, _) in FAULTS.items()}
    places = {(fault["sheet"], fault["row"], fault["column"]) for fault in draft["faults"]}
    assert places == {("sites", row, _column(draft, name)) for row, name in wanted}
    refused = client.post("/api/v1/jobs", json={"kind": "value", "study": draft["study_id"]})
    assert refused.status_code == 422
    assert len(refused.json()["faults"]) == 3
    changes = [
        {"sheet": "sites", "row": row, "column": _column(draft, name), "value": value}
        for (row, name), value in zip(sorted(wanted), (1200, "US", "low"), strict=True)
    ]
    mended = client.patch(f"/api/v1/studies/{draft['study_id']}", json={"changes": changes}).json()
    assert (mended["faults"], mended["steps"]) == ([], 1)
    back = client.post(f"/api/v1/studies/{draft['study_id']}/undo").json()
    assert (back["faults"], back["sheets"], back["steps"]) == (draft["faults"], draft["sheets"], 0)
    assert client.post(f"/api/v1/studies/{draft['study_id']}/undo").status_code == 409


def test_a_draft_comes_back_as_a_workbook_that_reads_as_the_same_study(client: httpx.Client, tmp_path: Any) -> None:
    draft = client.post("/api/v1/studies", json={"origin": "us-miners"}).json()
    answer = client.get(f"/api/v1/studies/{draft['study_id']}/workbook")
    assert answer.headers["content-disposition"].endswith("us-miners.xlsx")
    place = tmp_path / "us-miners.xlsx"
    place.write_bytes(answer.content)
    assert ww.read_study(place).sites == ww.read_study("us-miners").sites
    assert client.delete(f"/api/v1/studies/{draft['study_id']}").status_code == 204
    assert client.get(f"/api/v1/studies/{draft['study_id']}").status_code == 404


def test_a_formula_in_a_cell_of_a_draft_stays_text_in_the_workbook(client: httpx.Client) -> None:
    draft = client.post("/api/v1/studies", json={"origin": "us-miners"}).json()
    change = {"sheet": "sites", "row": 1, "column": _column(draft, "name"), "value": "=cmd()"}
    client.patch(f"/api/v1/studies/{draft['study_id']}", json={"changes": [change]})
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/api/v1/studies/{draft['study_id']}/workbook").content))
    cell = book["sites"].cell(2, change["column"] + 1)
    assert (cell.value, cell.data_type) == ("=cmd()", "s")


def test_a_run_by_the_api_has_the_digits_of_the_program(client: httpx.Client, run_id: str) -> None:
    own = ww.value("us-miners", draws=64, sites="riot-*", workers=1)
    result = client.get(f"/api/v1/runs/{run_id}").json()
    assert result["run_id"] == own.result["run_id"]
    assert result["sites"] == own.result["sites"]
    site = client.get(f"/api/v1/runs/{run_id}/sites/{SITE}").json()
    assert site == next(each for each in own.result["sites"] if each["site_id"] == SITE)


def test_a_draft_changed_after_it_was_asked_for_does_not_change_the_run(client: httpx.Client) -> None:
    draft = client.post("/api/v1/studies", json={"origin": "us-miners"}).json()
    job_id = asked(client, kind="value", study=draft["study_id"], draws=16, sites=SITE)
    row = next(i for i, cells in enumerate(draft["sheets"]["sites"]) if cells[0] == SITE)
    change = {"sheet": "sites", "row": row, "column": _column(draft, "operating_gross_mw"), "value": 1}
    client.patch(f"/api/v1/studies/{draft['study_id']}", json={"changes": [change]})
    job = ended(client, job_id)
    site = client.get(f"/api/v1/runs/{job['run_id']}/sites/{SITE}").json()
    assert site["gross_mw"] > 1


def test_a_higher_rent_changes_the_winner_within_the_same_random_numbers(client: httpx.Client, run_id: str) -> None:
    where = f"/api/v1/runs/{run_id}/sites/{SITE}"
    asked_for = client.get(f"{where}/inputs/rent", params={"use": "turnkey"}).json()
    assert asked_for["low"] < asked_for["value"] < asked_for["high"]
    best = [
        client.post(f"{where}/what-if", json={"changes": {"rent": rent}, "use": "turnkey"}).json()
        for rent in (asked_for["low"], asked_for["high"])
    ]
    means = [site["uses"]["turnkey"]["risked_npv_usd"]["mean"] for site in best]
    assert means[0] < means[1]
    assert best[1]["best_use"] == "turnkey" != best[0]["best_use"]
    unknown = client.post(f"{where}/what-if", json={"changes": {"rnet": 1.0}})
    assert unknown.status_code == 422
    assert "rent" in unknown.json()["detail"]


def test_a_goal_seek_is_that_of_the_program(client: httpx.Client, run_id: str) -> None:
    body = {
        "site": SITE,
        "use": "turnkey",
        "for_input": "rent",
        "metric": "central.npv_usd",
        "target": 0.0,
        "draws": 64,
    }
    found = client.post(f"/api/v1/runs/{run_id}/solve", json=body).json()
    own = ww.goal_seek(
        ww.read_study("us-miners"), site=SITE, use="turnkey", for_input="rent", metric="central.npv_usd", target=0.0
    )
    assert found["answers"][0]["value"] == pytest.approx(own.answers[0].value, rel=1e-9)


def test_two_runs_are_compared_by_cause(client: httpx.Client, run_id: str) -> None:
    later = ended(client, asked(client, kind="value", study="us-miners", draws=64, sites="riot-*", as_of="2026-09"))
    job = ended(client, asked(client, kind="compare", before=run_id, after=later["run_id"]))
    found = client.get(f"/api/v1/jobs/{job['job_id']}/document").json()
    assert found["before"]["run_id"] == run_id
    assert sum(step["change_usd"] for step in found["by_cause"]) == pytest.approx(found["change_usd"], rel=1e-9)


def test_a_workbook_of_a_run_is_offered_as_a_file(client: httpx.Client, run_id: str) -> None:
    answer = client.get(f"/api/v1/runs/{run_id}/reports/xlsx")
    assert answer.status_code == 200
    assert f"{run_id}.xlsx" in answer.headers["content-disposition"]
    assert openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True).sheetnames


def test_other_documents_are_made_by_jobs(client: httpx.Client) -> None:
    job_id = asked(client, kind="gap", model="morgan-stanley-2025-11", mode="expected", draws=64)
    assert ended(client, job_id)["state"] == "done"
    assert client.get(f"/api/v1/jobs/{job_id}/document").json()["schema_version"] == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/runs/nothing-here", 404),
        ("GET", "/api/v1/runs/..%2F..%2Fetc%2Fpasswd", 404),
        ("GET", "/api/v1/jobs/0123456789abcdef", 404),
        ("GET", "/api/v1/studies/0123456789abcdef", 404),
        ("GET", "/api/v1/facts/no.such.fact", 404),
        ("POST", "/api/v1/jobs", 422),
        ("GET", "/api/v2/runs", 404),
    ],
)
def test_every_error_has_the_one_shape(client: httpx.Client, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json().keys() >= {"type", "title", "status", "detail", "faults"}


def test_facts_carry_their_sources(client: httpx.Client) -> None:
    facts = client.get("/api/v1/facts").json()
    assert len(facts) > 200
    assert all(fact["source"] and fact["confidence"] and fact["unit"] is not None for fact in facts)


def test_the_dates_of_a_site_are_those_of_the_program(client: httpx.Client, run_id: str) -> None:
    found = client.get(f"/api/v1/runs/{run_id}/sites/{SITE}/timeline").json()
    own = ww.time_to_power(ww.read_study("us-miners"), value_draws=0, seed=7, sites=SITE, workers=1)
    assert found["sites"] == own["sites"]
