"""The OpenAPI document says what the API does: whatever is sent, the answer is one it names, never a fault of ours."""

from __future__ import annotations

import httpx
import pytest
import schemathesis
from hypothesis import Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.unit.web.serving import Server
from wattworth.web import create_app

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


DESCRIBED = schemathesis.openapi.from_dict(create_app().openapi())
CALLS = {found.label: found for each in DESCRIBED.get_all_operations() if (found := each.ok()) is not None}


@pytest.mark.parametrize("label", CALLS)
def test_every_answer_is_one_that_the_document_names(server: Server, label: str) -> None:
    @settings(max_examples=8, deadline=None, derandomize=True, phases=(Phase.generate,), database=None)
    @given(CALLS[label].as_strategy())
    def holds(case: schemathesis.Case) -> None:
        case.validate_response(case.call(base_url=server.address), checks=CHECKS)

    holds()


def test_the_document_names_every_call_in_words(client: httpx.Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    calls = [call for path in paths.values() for call in path.values()]
    assert len(calls) == len(CALLS) >= 20
    assert all(call.get("description") for call in calls)
