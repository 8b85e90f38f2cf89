"""Convert a shot plan to plain data and back, and explain every mistake in invalid data."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Final, TypeVar, cast

from rushes.core.errors import InvalidRequest
from rushes.core.shot_plan import (
    LIGHTS,
    SETS,
    TIMES,
    WEATHERS,
    Action,
    CameraMove,
    CastMember,
    Effect,
    Facing,
    Framing,
    NotShown,
    Plane,
    PlanSource,
    ShotPlan,
)

MOST_MEMBERS: Final = 24
MOST_COPIES: Final = 200
MOST_MOVES: Final = 12
MOST_WORDS: Final = 200
LONGEST_WORDS: Final = 5000
LONGEST_NAME: Final = 64

T = TypeVar("T")
Problems = list[tuple[str, str]]
Data = Mapping[str, object]
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNames:
    """The names that an engine knows and that a plan may use."""

    subjects: frozenset[str]
    moves: frozenset[str]
    palettes: frozenset[str]


def plain(plan: ShotPlan) -> dict[str, Any]:
    """Return the plan as dicts, lists, strings and numbers, every field named."""
    return cast("dict[str, Any]", _plain(plan))


def plan_from(
    data: object,
    *,
    subjects: Collection[str] | None = None,
    moves: Collection[str] | None = None,
    palettes: Collection[str] | None = None,
    source: PlanSource | None = None,
    param: str = "plan",
) -> ShotPlan:
    """
    Return the plan that plain data describes; a field that is missing has its default.

    Args:
        data: As :func:`plain` returns it, parsed from JSON.
        subjects: The names that the engine can draw; None: any name.
        moves: The camera moves that the engine knows; None: any name.
        palettes: The moods that the engine knows; None: any name.
        source: The origin of the plan; None: the one in the data.
        param: The name of the caller's field, for errors.

    Raises:
        InvalidRequest: The data is no valid plan. The error lists mistakes and their corrections.
    """
    reader = _Reader(subjects=subjects, moves=moves, palettes=palettes)
    plan = reader.plan(data, param, source)
    if plan is None or reader.problems:
        raise InvalidRequest.of(reader.problems)
    return plan


def plan_schema(
    *, subjects: Iterable[str] = (), moves: Iterable[str] = (), palettes: Iterable[str] = ()
) -> dict[str, Any]:
    """
    Return the JSON schema of a plan.

    Args:
        subjects: Names that are listed as the only ones; none: any text.
        moves: The same for the moves of the camera.
        palettes: The same for the moods of the colours.
    """
    share = {"type": "number", "minimum": 0, "maximum": 1}
    member = _object(
        {
            "subject": _name(subjects),
            "words": _text(LONGEST_WORDS),
            "count": {"type": "integer", "minimum": 1, "maximum": MOST_COPIES},
            "height_m": _or_null({"type": "number", "exclusiveMinimum": 0, "maximum": 10_000}),
            "plane": _one_of(Plane),
            "x": _or_null(share),
            "y": _or_null(share),
            "scale": {"type": "number", "minimum": 0.1, "maximum": 10},
            "facing": _one_of(Facing),
            "action": _one_of(Action),
            "colour": _or_null({"type": "string", "pattern": "^#[0-9a-f]{6}$"}),
            "on": _or_null({"type": "integer", "minimum": 0, "maximum": MOST_MEMBERS - 1}),
        },
        required=["subject"],
    )
    move = _object({"move": _name(moves), "start": share, "end": share}, required=["move"])
    missing = _object(
        {"words": _text(LONGEST_WORDS), "reason": _text(LONGEST_WORDS)},
        required=["words", "reason"],
    )
    return _object(
        {
            "set": _one_of(SETS),
            "time": _one_of(TIMES),
            "weather": _one_of(WEATHERS),
            "light": _one_of(LIGHTS),
            "palette": _or_null(_name(palettes)),
            "framing": _one_of(Framing),
            "camera": _list(move, MOST_MOVES),
            "pace": {"type": "number", "minimum": 0.1, "maximum": 4},
            "cast": _list(member, MOST_MEMBERS),
            "effects": _list(_one_of(Effect), len(Effect)),
            "shown": _list(_text(LONGEST_WORDS), MOST_WORDS),
            "not_shown": _list(missing, MOST_WORDS),
            "source": _one_of(PlanSource),
        },
        required=[],
    )


def _plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(one) for one in cast("tuple[object, ...]", value)]
    if isinstance(value, ShotPlan | CastMember | CameraMove | NotShown):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    return value


class _Reader:
    """Reads plain data and collects its mistakes."""

    def __init__(
        self,
        *,
        subjects: Collection[str] | None,
        moves: Collection[str] | None,
        palettes: Collection[str] | None,
    ) -> None:
        self.problems: Problems = []
        self._subjects = subjects
        self._moves = moves
        self._palettes = palettes

    def plan(self, data: object, at: str, source: PlanSource | None) -> ShotPlan | None:
        given = self._fields(data, at, ShotPlan)
        if given is None:
            return None
        cast_members = self._each(given, at, "cast", self._member, MOST_MEMBERS)
        self._check_on(cast_members, f"{at}.cast")
        named = PlanSource(self._choice(given, at, "source", list(PlanSource), "caller"))
        return ShotPlan(
            set=self._choice(given, at, "set", SETS, "abstract"),
            time=self._choice(given, at, "time", TIMES, "day"),
            weather=self._choice(given, at, "weather", WEATHERS, "clear"),
            light=self._choice(given, at, "light", LIGHTS, "natural"),
            palette=self._name(given, at, "palette", self._palettes, required=False),
            framing=Framing(self._choice(given, at, "framing", list(Framing), "wide")),
            camera=self._each(given, at, "camera", self._move, MOST_MOVES),
            pace=self._number(given, at, "pace", (0.1, 4), 1.0),
            cast=cast_members,
            effects=self._each(given, at, "effects", self._effect, len(Effect)),
            shown=self._each(given, at, "shown", self._words, MOST_WORDS),
            not_shown=self._each(given, at, "not_shown", self._missing, MOST_WORDS),
            source=source or named,
        )

    def _member(self, data: object, at: str) -> CastMember | None:
        given = self._fields(data, at, CastMember)
        if given is None:
            return None
        subject = self._name(given, at, "subject", self._subjects, required=True)
        height = self._optional(given, at, "height_m", 0.001, 10_000)
        on = self._optional(given, at, "on", 0, MOST_MEMBERS - 1)
        return CastMember(
            subject=subject or "",
            words=self._words(given.get("words", ""), f"{at}.words") or "",
            count=round(self._number(given, at, "count", (1, MOST_COPIES), 1, is_integer=True)),
            height_m=height,
            plane=Plane(self._choice(given, at, "plane", list(Plane), "ground")),
            x=self._optional(given, at, "x", 0, 1),
            y=self._optional(given, at, "y", 0, 1),
            scale=self._number(given, at, "scale", (0.1, 10), 1.0),
            facing=Facing(self._choice(given, at, "facing", list(Facing), "right")),
            action=Action(self._choice(given, at, "action", list(Action), "stand")),
            colour=self._colour(given, at),
            on=None if on is None else round(on),
        )

    def _check_on(self, members: tuple[CastMember, ...], at: str) -> None:
        for index, member in enumerate(members):
            visited = {index}
            on = member.on
            while on is not None:
                if on >= len(members) or on in visited:
                    self._complain(
                        f"{at}[{index}].on",
                        "must be the index of another member of the cast, without a circle",
                    )
                    return
                visited.add(on)
                on = members[on].on

    def _move(self, data: object, at: str) -> CameraMove | None:
        given = self._fields(data, at, CameraMove)
        if given is None:
            return None
        start = self._number(given, at, "start", (0, 1), 0.0)
        end = self._number(given, at, "end", (0, 1), 1.0)
        if end <= start:
            self._complain(f"{at}.end", "must be greater than start")
        name = self._name(given, at, "move", self._moves, required=True)
        return CameraMove(move=name or "", start=start, end=end)

    def _missing(self, data: object, at: str) -> NotShown | None:
        given = self._fields(data, at, NotShown)
        if given is None:
            return None
        words = self._words(given.get("words"), f"{at}.words")
        reason = self._words(given.get("reason"), f"{at}.reason")
        return NotShown(words=words or "", reason=reason or "")

    def _effect(self, data: object, at: str) -> Effect | None:
        if isinstance(data, str) and data in list(Effect):
            return Effect(data)
        self._complain(at, f"must be {_listed(list(Effect))}{_nearest(data, list(Effect))}")
        return None

    def _words(self, data: object, at: str) -> str | None:
        if isinstance(data, str) and len(data) <= LONGEST_WORDS:
            return data
        self._complain(at, f"must be text of at most {LONGEST_WORDS} characters")
        return None

    def _fields(self, data: object, at: str, shape: type) -> Data | None:
        """Return the fields of an object, and complain about unknown ones."""
        names = [one.name for one in fields(shape)]
        if not isinstance(data, Mapping):
            self._complain(at, f"must be an object with {_listed(names, 'and')}")
            return None
        given = cast("Data", data)
        for name in given:
            if name not in names:
                self._complain(
                    f"{at}.{name}"[:120],
                    f"is no field of it; the fields are {_listed(names, 'and')}",
                )
        return given

    def _each(
        self, given: Data, at: str, name: str, read: Callable[[object, str], T | None], most: int
    ) -> tuple[T, ...]:
        data = given.get(name)
        if data is None:
            return ()
        if not isinstance(data, list | tuple) or len(cast("list[object]", data)) > most:
            self._complain(f"{at}.{name}", f"must be a list of at most {most}")
            return ()
        read_all = [
            read(one, f"{at}.{name}[{index}]")
            for index, one in enumerate(cast("list[object]", data))
        ]
        return tuple(one for one in read_all if one is not None)

    def _choice(self, given: Data, at: str, name: str, choices: Iterable[str], default: str) -> str:
        value = given.get(name, default)
        listed = list(choices)
        if isinstance(value, str) and value in listed:
            return value
        self._complain(f"{at}.{name}", f"must be {_listed(listed)}{_nearest(value, listed)}")
        return default if default in listed else listed[0]

    def _name(
        self, given: Data, at: str, name: str, known: Collection[str] | None, *, required: bool
    ) -> str | None:
        value = given.get(name)
        if value is None and not required:
            return None
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME:
            self._complain(f"{at}.{name}", f"must be text of 1 to {LONGEST_NAME} characters")
            return None
        if known is not None and value not in known:
            few = f"; the names are {_listed(sorted(known), 'and')}" if len(known) <= 40 else ""
            self._complain(
                f"{at}.{name}", f"is no name that the engine knows{few}{_nearest(value, known)}"
            )
        return value

    def _number(
        self,
        given: Data,
        at: str,
        name: str,
        limits: tuple[float, float],
        default: float,
        *,
        is_integer: bool = False,
    ) -> float:
        least, most = limits
        value = given.get(name, default)
        if (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and least <= value <= most  # neither NaN nor infinity is
            and (not is_integer or value == int(value))
        ):
            return float(value)
        kind = "a whole number" if is_integer else "a number"
        self._complain(f"{at}.{name}", f"must be {kind} from {least} to {most}")
        return default

    def _optional(self, given: Data, at: str, name: str, least: float, most: float) -> float | None:
        if given.get(name) is None:
            return None
        known = len(self.problems)
        number = self._number(given, at, name, (least, most), least, is_integer=name == "on")
        return number if len(self.problems) == known else None

    def _colour(self, given: Data, at: str) -> str | None:
        value = given.get("colour")
        if value is None or (isinstance(value, str) and _COLOUR.fullmatch(value)):
            return value
        self._complain(f"{at}.colour", "must be a colour such as #d32f2f, in lower case, or null")
        return None

    def _complain(self, at: str, why: str) -> None:
        self.problems.append((at, f"{at} {why}"))


def _listed(names: Iterable[str], last: str = "or") -> str:
    *most, end = [str(name) for name in names]
    return f"{', '.join(most)} {last} {end}" if most else end


def _nearest(value: object, names: Collection[str]) -> str:
    near = get_close_matches(value, names, n=3) if isinstance(value, str) else []
    return f"; did you mean {_listed(near)}?" if near else ""


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _list(items: dict[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "maxItems": most}


def _one_of(choices: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "enum": [str(one) for one in choices]}


def _text(longest: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": longest}


def _name(names: Iterable[str]) -> dict[str, Any]:
    listed = sorted(names)
    return _one_of(listed) if listed else {"type": "string", "minLength": 1, "maxLength": 64}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}
