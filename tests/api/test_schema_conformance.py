"""The service answers what its schema says: examples drawn from the schema, operation by operation, then along its links.

Nothing may end in a 5xx, in a response that the schema does not declare, or in HTML. Left out of schemathesis's checks
are those that hold a service to more than its schema can say: a symbol may have the right form and be none.
"""

from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from tests.api.conftest import access_token_of
from tests.api.test_route_matrix import World, build_world

EXAMPLES = 30
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.ignored_auth,
    checks.unsupported_method,
    checks.allow_header_conformance,
    checks.use_after_free,
]
FEW = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))

schema = schemathesis.openapi.from_wsgi("/api/schema/", get_wsgi_application())


@pytest.fixture
def world(transactional_db: None) -> World:
    return build_world()


def bearer(world: World) -> dict[str, str]:
    return {"Authorization": f"Bearer {access_token_of(world.user)}"}


def at_what_is_there(case: schemathesis.Case, world: World) -> None:
    """Sends half of the examples to the user's own things, so that more than 404s are seen."""
    for name, drawn in (case.path_parameters or {}).items():
        if name in world.ids and len(str(drawn)) % 2:
            case.path_parameters[name] = world.ids[name]


def without_a_network(case: schemathesis.Case) -> None:
    """Prices from a network are no part of these tests."""
    if isinstance(case.body, dict) and case.body.get("source") == "yfinance":
        case.body["source"] = "sample"


@schema.parametrize()
@FEW
def test_an_operation_answers_what_the_schema_declares(case: schemathesis.Case, world: World) -> None:
    at_what_is_there(case, world)
    without_a_network(case)
    response = case.call_and_validate(headers=bearer(world), checks=CHECKS)
    assert "html" not in response.headers.get("content-type", [""])[0] or response.status_code == 200


def test_what_one_operation_makes_the_linked_ones_find(world: World) -> None:
    class Session(schema.as_state_machine()):  # type: ignore[misc]
        def before_call(self, case: schemathesis.Case) -> None:
            without_a_network(case)

        def get_call_kwargs(self, case: schemathesis.Case) -> dict[str, Any]:
            return {"headers": bearer(world)}

        def validate_response(self, response: Any, case: schemathesis.Case, **options: Any) -> None:
            case.validate_response(response, checks=CHECKS, headers=bearer(world))

    run_state_machine_as_test(
        Session,
        settings=settings(max_examples=20, stateful_step_count=8, suppress_health_check=list(HealthCheck)),
    )
