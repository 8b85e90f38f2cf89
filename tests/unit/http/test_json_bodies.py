"""Bodies become typed models, and errors name the fields; no body makes the parser slow."""

import json

import pytest
from pydantic import BaseModel

from rushes.core.errors import MOST_PROBLEMS, InvalidRequest
from rushes.http import json_bodies
from rushes.http.json_bodies import parse

MANY = 400_000


class Body(BaseModel, extra="forbid"):
    plan: dict[str, int]


def test_a_name_that_is_there_twice_is_found_among_very_many() -> None:
    names = [*range(MANY), MANY - 1]  # to compare each with each would take an hour
    pairs = ", ".join(f'"a{name}": 1' for name in names)

    with pytest.raises(InvalidRequest, match=f"'a{MANY - 1}' twice in one object"):
        parse(Body, f'{{"plan": {{{pairs}}}}}'.encode())


def test_an_error_about_very_many_fields_names_the_first_ones() -> None:
    fields = {f"field_{index}": 1 for index in range(1000)} | {"plan": {}}

    with pytest.raises(InvalidRequest) as refused:
        parse(Body, json.dumps(fields).encode())

    assert refused.value.param == "field_0"
    assert len(refused.value.problems) == MOST_PROBLEMS
    assert str(refused.value).endswith("951 more mistakes begin at field_49")


def test_an_error_about_a_field_that_does_not_exist_names_the_nearest_one() -> None:
    with pytest.raises(InvalidRequest, match=r"plans: .*; did you mean plan\?$"):
        parse(Body, b'{"plan": {}, "plans": {}}')


def test_the_nearest_field_is_looked_for_only_where_the_error_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_for: list[str] = []
    monkeypatch.setattr(
        json_bodies, "get_close_matches", lambda name, _known, **_: looked_for.append(name) or []
    )
    with pytest.raises(InvalidRequest):
        parse(Body, json.dumps({f"field_{index}": 1 for index in range(1000)}).encode())
    assert len(looked_for) <= MOST_PROBLEMS
