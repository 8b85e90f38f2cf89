"""Parse the tables ``[channels.NAME]``, and report every mistake with its line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any, Final, cast, get_args

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from rushes.kit.config_layers import Place, unknown
from rushes.service.catalogue import ALIASES, PICTURE_MODELS
from rushes.settings.channel_capabilities import parse_capabilities
from rushes.settings.channel_keys import LITERAL, KeyAbsent, KeyMissing, find
from rushes.settings.channel_kinds import (
    COMMON_FIELDS,
    KIND_RULES,
    KIND_SPECIFIC_FIELDS,
    ChannelKind,
)
from rushes.settings.channels import ChannelSettings, KindName

BUILT_IN: Final = frozenset({"animatic", "slate"})
"""Names of the channel that is there without being configured; it is called as its engine is."""

FIELDS: Final = tuple(field.name for field in fields(ChannelSettings))
KINDS: Final = cast("tuple[KindName, ...]", get_args(KindName))

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_MODEL: Final = re.compile(r"[a-z0-9][a-z0-9._:/-]{0,79}")
_HIDDEN: Final = frozenset({"key", "key_env", "key_file"})
"""Of which nothing is shown in a mistake: where a key's place belongs, somebody puts a key."""

Mistake = tuple[str, str]
"""A dotted name within the table, and a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTables:
    """What was read."""

    channels: dict[str, ChannelSettings]
    spelling: dict[str, str]
    """The dotted name of each value to where it is from."""

    mistakes: tuple[str, ...]
    absent: tuple[str, ...]
    """What is wrong only for whoever talks to a channel: its key is not there."""


def read(tables: object, *, place: Place, environ: Mapping[str, str]) -> ChannelTables:
    """
    Return the channels that *tables*, what stands under ``channels`` in a file, describe.

    Args:
        place: Spells where something stands, for ``"channels", name, field``.

        environ: The environment, in which keys are looked up.
    """
    good: dict[str, ChannelSettings] = {}
    spelling: dict[str, str] = {}
    mistakes: list[str] = []
    absent: list[str] = []
    for name, table in _tables(tables).items():
        if not isinstance(table, dict):
            mistakes.append(f"{place('channels', name)}: must be a table, [channels.NAME]")
            continue
        said = cast("dict[str, object]", table)
        one = _Reading(name, said, environ)
        mistakes += [f"{place('channels', name, *_keys(at))}: {why}" for at, why in one.wrong]
        absent += [f"{place('channels', name, at)}: {why}" for at, why in one.absent]
        if one.channel is not None:
            good[name] = one.channel
            spelling |= {f"channels.{name}.{at}": place("channels", name, at) for at in said}
            spelling |= {f"channels.{name}.key": source for source in one.key_source}
    return ChannelTables(
        channels=good, spelling=spelling, mistakes=tuple(mistakes), absent=tuple(absent)
    )


def variables(tables: object) -> frozenset[str]:
    """Return the names of the variables in which *tables* say that keys are."""
    named = [
        cast("dict[str, object]", table).get("key_env")
        for table in _tables(tables).values()
        if isinstance(table, dict)
    ]
    return frozenset(name for name in named if isinstance(name, str))


def _tables(tables: object) -> dict[str, object]:
    if isinstance(tables, dict):
        return cast("dict[str, object]", tables)
    return {"NAME": tables}  # which is none, and is told of as such


def _keys(dotted: str) -> tuple[str, ...]:
    return tuple(dotted.split(".")) if dotted else ()


_DRAWS_NO_PLANS: Final = "only a channel of kind 'animatic' draws shot plans: leave it out"


class _Reading:
    """One table: read at once, with all that is wrong with it."""

    def __init__(self, name: str, table: dict[str, object], environ: Mapping[str, str]) -> None:
        self.wrong: list[Mistake] = [*_names(name, table)]
        self.key_source: tuple[str, ...] = ()
        self.absent: tuple[Mistake, ...] = ()
        found = {at: value for at, value in table.items() if at in FIELDS and at != "key"}
        kind = table.get("kind")
        sort = KIND_RULES.get(cast("KindName", kind)) if isinstance(kind, str) else None
        if sort is not None:
            self.wrong += _of_the_kind(cast("KindName", kind), sort, table)
            found = {**sort.defaults, **found}
        self._read_key(table, sort, found, environ)
        if "can" in found:
            can, mistakes = parse_capabilities(found["can"])
            found["can"] = can
            self.wrong += [(f"can.{at}" if at else "can", why) for at, why in mistakes]
            if sort is not None and sort.is_remote and can.get("shot_plans"):
                self.wrong.append(("can.shot_plans", _DRAWS_NO_PLANS))
        read = self._read(found, sort)
        self.channel = None if self.wrong else read

    def _read_key(
        self,
        table: Mapping[str, object],
        sort: ChannelKind | None,
        found: dict[str, Any],
        environ: Mapping[str, str],
    ) -> None:
        try:
            key = find(table, environ)
        except KeyAbsent as error:
            self.absent = ((error.field, str(error)),)
            return
        except KeyMissing as error:
            self.wrong.append((error.field, str(error)))
            return
        if key is not None:
            found["key"] = key.secret
            self.key_source = (key.source,)
        elif sort and "base_url" in sort.defaults and "base_url" not in table:
            self.wrong.append(("key_env", "is needed: the name of the variable with the key"))

    def _read(self, found: dict[str, Any], sort: ChannelKind | None) -> ChannelSettings | None:
        try:
            read = TypeAdapter(ChannelSettings).validate_python(found)
        except ValidationError as error:
            self.wrong += [_value(detail) for detail in error.errors()]
            return None
        self.wrong += _models(read, sort)
        if read.look_rarest_s < read.look_every_s:
            self.wrong.append(("look_rarest_s", "must not be less than look_every_s"))
        return read


def _names(name: str, table: Mapping[str, object]) -> Iterator[Mistake]:
    if name in BUILT_IN:
        yield "", "is the name of the built-in channel; choose another"
    elif not _NAME.fullmatch(name):
        yield "", "a channel's name is of lower-case letters, digits and '-', 40 at most"
    for at in table:
        if at not in FIELDS:
            yield at, unknown(at, FIELDS)
    if "key" in table:
        yield "key", LITERAL


def _of_the_kind(
    kind: KindName, sort: ChannelKind, table: Mapping[str, object]
) -> Iterator[Mistake]:
    needed = sort.is_remote and "base_url" not in sort.defaults
    if needed and "base_url" not in table:
        yield "base_url", f"is needed for kind {kind!r}: where it is"
    base_url = table.get("base_url")
    if kind == "relay" and isinstance(base_url, str) and re.search(r"/luma(/|$)", base_url):
        yield "base_url", f"must be what comes before /luma, not {base_url!r}"
    for at in table:
        if at in KIND_SPECIFIC_FIELDS - sort.own:
            theirs = " or ".join(one for one in KINDS if at in KIND_RULES[one].own)
            yield at, f"is for kind {theirs}, and this is {kind!r}"
        elif not sort.is_remote and at in FIELDS and at not in COMMON_FIELDS:
            yield at, f"means nothing for kind {kind!r}; leave it out"
    pictures = table.get("pictures")
    if sort.is_remote and isinstance(pictures, str) and pictures not in sort.pictures:
        yield (
            "pictures",
            f"must be {' or '.join(sort.pictures)} for kind {kind!r}, not {pictures!r}",
        )


def _models(read: ChannelSettings, sort: ChannelKind | None) -> Iterator[Mistake]:
    for name in read.models:
        if name in ALIASES:
            yield "models", f"{name} is another name of {ALIASES[name]}; write that"
        elif not _MODEL.fullmatch(name):
            yield (
                "models",
                f"a model's name here is lower-case, as in {{ {_lowered(name)!r} = {name!r} }}",
            )
        elif name in PICTURE_MODELS and sort and not sort.draws and "kinds" not in read.can:
            yield "models", f"{name} makes pictures, and kind {read.kind!r} makes videos"


def _lowered(name: str) -> str:
    return re.sub(r"[^a-z0-9._:/-]+", "-", name.lower()).strip("-._:/") or "mine"


def _value(detail: ErrorDetails) -> Mistake:
    at = str(detail["loc"][0])
    message = detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    if detail["type"] in {"missing", "missing_argument", "missing_keyword_only_argument"}:
        return at, f"is needed{': one of ' + ', '.join(KINDS) if at == 'kind' else ''}"
    if at == "kind":
        close = get_close_matches(str(detail["input"]), KINDS, n=1)
        meant = f"; did you mean {close[0]}?" if close else ""
        message = f"must be one of {', '.join(KINDS)}"
        return at, f"{message}, not {detail['input']!r}{meant}"
    if detail["type"] == "bool_parsing":
        message = "must be true or false"
    elif detail["type"] in {"int_parsing", "float_parsing", "decimal_parsing"}:
        message = "must be a number"
    elif detail["type"] == "too_short":
        message = "must hold one at least"
    return at, message if at in _HIDDEN else f"{message}, not {detail['input']!r}"
