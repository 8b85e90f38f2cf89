"""Which unknown fields may be left out of a body, and how they are told of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, ValidationError

from rushes.core.errors import InvalidRequest
from rushes.http.json_bodies import parse, validated_fields
from rushes.http.unknown import MOST, Unknown, may_be_ignored


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    prompt: str
    inner: list[Inner] = []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("negative_prompt", "blurry"),
        ("width", 1280),
        ("quality", "hd"),
        ("seed", 7),
        ("numFrames", 121),
        ("frame_rate", "24"),
        ("image_strength", 0.5),
        ("image_url", ""),
        ("image_url", None),
        ("images", []),
        ("generate_audio", False),
        ("user", "somebody"),
        ("options", {"fast": True}),
        ("restart", "yes"),
    ],
    ids=repr,
)
def test_a_field_that_brings_nothing_to_see_may_be_ignored(name: str, value: object) -> None:
    assert may_be_ignored((name,), value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("image_url", "https://example.com/a.png"),
        ("image_start", "a.png"),
        ("imageStart", "iVBORw0KGgo="),
        ("startImage", "file-1"),
        ("first_frame", {"id": "x"}),
        ("reference_images", ["a"]),
        ("video", "video_123"),
        ("lora", "anime"),
        ("generate_audio", True),
        ("style", {"is": ["https://example.com/a.png"]}),
        ("anything", "data:image/png;base64,AAAA"),
        ("anything", "A" * 400),
        ("anything", {"https://example.com/a.png": 1}),
        ("n" * 101, 1),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_field_that_brings_something_to_see_may_not(name: str, value: object) -> None:
    assert not may_be_ignored((name,), value)


@given(st.text(), st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_any_name_and_value_has_a_verdict(name: str, value: object) -> None:
    assert may_be_ignored((name,), value) in {True, False}


def test_what_is_ignored_is_told_with_its_place() -> None:
    unknown = Unknown(reports=True)
    raw = b'{"prompt": "a", "width": 3, "inner": [{"name": "b", "tone": "c"}]}'
    read = parse(Outer, raw, unknown=unknown)
    assert read == Outer(prompt="a", inner=[Inner(name="b")])
    assert sorted(unknown.ignored) == ["inner.0.tone", "width"]


def test_by_default_every_unknown_field_is_refused() -> None:
    for unknown in (None, Unknown()):
        with pytest.raises(InvalidRequest, match="width: Extra inputs are not permitted"):
            parse(Outer, b'{"prompt": "a", "width": 3}', unknown=unknown)


def test_the_fields_of_a_form_are_left_as_they_were() -> None:
    given: dict[str, object] = {"prompt": "a", "width": "3"}
    unknown = Unknown(reports=True)
    assert validated_fields(Outer, given, unknown=unknown) == Outer(prompt="a")
    assert given == {"prompt": "a", "width": "3"}
    assert unknown.ignored == ["width"]


def test_a_refusal_names_what_would_be_understood() -> None:
    with pytest.raises(
        InvalidRequest, match=r"image_url: .* known fields are prompt, inner"
    ) as caught:
        parse(
            Outer, b'{"prompt": "a", "width": 3, "image_url": "x"}', unknown=Unknown(reports=True)
        )
    assert [name for name, _ in caught.value.problems] == ["image_url"]


def test_other_mistakes_are_told_of_all_the_same() -> None:
    with pytest.raises(InvalidRequest, match="prompt is required"):
        parse(Outer, b'{"width": 3}', unknown=Unknown(reports=True))


def test_a_body_of_unknown_fields_is_one_of_another_api() -> None:
    given: dict[str, object] = {"prompt": "a"} | {f"f{n}": n for n in range(MOST + 1)}
    with pytest.raises(ValidationError):
        validated_fields(Outer, given, unknown=Unknown(reports=True))


def test_a_header_carries_any_name() -> None:
    unknown = Unknown(reports=True)
    unknown.note(["a,b", "naïve\r\nX: y", "a.b"])
    assert unknown.header == "a%2Cb, na%C3%AFve%0D%0AX%3A%20y, a.b"
