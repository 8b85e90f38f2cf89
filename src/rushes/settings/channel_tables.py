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
from rushes.settings.former_names import (
    FORMER_CHANNEL_FIELDS,
    renamed,
    set_twice,
    with_present_fields,
)

BUILT_IN: Final = frozenset({"animatic", "slate"})
"""Names of the channel that exists without configuration; it has the name of its engine."""

FIELDS: Final = tuple(field.name for field in fields(ChannelSettings))
KINDS: Final = cast("tuple[KindName, ...]", get_args(KindName))

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_MODEL: Final = re.compile(r"[a-z0-9][a-z0-9._:/-]{0,79}")
_HIDDEN: Final = frozenset({"key", "key_env", "key_file"})
"""Fields whose values no mistake shows, because operators put keys there by mistake."""

Mistake = tuple[str, str]
"""A dotted name within the table, and a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTables:
    """The valid channels of a file, with the origins of their values and with all mistakes."""

    channels: dict[str, ChannelSettings]
    spelling: dict[str, str]
    """The origin of each value by its dotted name."""

    mistakes: tuple[str, ...]
    absent: tuple[str, ...]
    """Missing keys. They are mistakes only for commands that connect to channels."""

    warnings: tuple[str, ...]
    """Fields with the names of the last release, one sentence each."""


def read(tables: object, *, place: Place, environ: Mapping[str, str]) -> ChannelTables:
    """
    Return the channels of *tables*, the value of ``channels`` in a file.

    Args:
        place: Describes the origin of a value, for ``"channels", name, field``.

        environ: The environment variables, which may hold keys.
    """
    good: dict[str, ChannelSettings] = {}
    spelling: dict[str, str] = {}
    mistakes: list[str] = []
    absent: list[str] = []
    warnings: list[str] = []
    for name, table in _tables(tables).items():
        if not isinstance(table, dict):
            mistakes.append(f"{place('channels', name)}: must be a table, [channels.NAME]")
            continue
        fields_given, written_as = with_present_fields(cast("dict[str, object]", table))
        one = _TableReader(name, fields_given, environ)

        def origin(dotted: str, name: str = name, names: Mapping[str, str] = written_as) -> str:
            return place("channels", name, *_keys(names.get(dotted, dotted)))

        mistakes += [f"{origin(at)}: {why}" for at, why in one.wrong]
        absent += [f"{origin(at)}: {why}" for at, why in one.absent]
        warnings += [renamed(origin(at), at) for at in written_as]
        if one.channel is not None:
            good[name] = one.channel
            spelling |= {f"channels.{name}.{at}": origin(at) for at in fields_given}
            spelling |= {f"channels.{name}.key": source for source in one.key_source}
    return ChannelTables(
        channels=good,
        spelling=spelling,
        mistakes=tuple(mistakes),
        absent=tuple(absent),
        warnings=tuple(warnings),
    )


def variables(tables: object) -> frozenset[str]:
    """Return the names of the variables with keys, as *tables* name them."""
    named = [
        cast("dict[str, object]", table).get("key_env")
        for table in _tables(tables).values()
        if isinstance(table, dict)
    ]
    return frozenset(name for name in named if isinstance(name, str))


def _tables(tables: object) -> dict[str, object]:
    if isinstance(tables, dict):
        return cast("dict[str, object]", tables)
    return {"NAME": tables}  # no table, so that :func:`read` reports a mistake


def _keys(dotted: str) -> tuple[str, ...]:
    return tuple(dotted.split(".")) if dotted else ()


_DRAWS_NO_PLANS: Final = "only a channel of kind 'animatic' draws shot plans: leave it out"


class _TableReader:
    """Reads one table, and collects its mistakes."""

    def __init__(self, name: str, table: dict[str, object], environ: Mapping[str, str]) -> None:
        self.wrong: list[Mistake] = [*_names(name, table)]
        self.key_source: tuple[str, ...] = ()
        self.absent: tuple[Mistake, ...] = ()
        found = {at: value for at, value in table.items() if at in FIELDS and at != "key"}
        kind = table.get("kind")
        kind_rules = KIND_RULES.get(cast("KindName", kind)) if isinstance(kind, str) else None
        if kind_rules is not None:
            self.wrong += _of_the_kind(cast("KindName", kind), kind_rules, table)
            found = {**kind_rules.defaults, **found}
        self._read_key(table, kind_rules, found, environ)
        if "can" in found:
            can, mistakes = parse_capabilities(found["can"])
            found["can"] = can
            self.wrong += [(f"can.{at}" if at else "can", why) for at, why in mistakes]
            if kind_rules is not None and kind_rules.is_remote and can.get("shot_plans"):
                self.wrong.append(("can.shot_plans", _DRAWS_NO_PLANS))
        read = self._read(found, kind_rules)
        self.channel = None if self.wrong else read

    def _read_key(
        self,
        table: Mapping[str, object],
        kind_rules: ChannelKind | None,
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
        elif kind_rules and "base_url" in kind_rules.defaults and "base_url" not in table:
            self.wrong.append(("key_env", "is needed: the name of the variable with the key"))

    def _read(
        self, found: dict[str, Any], kind_rules: ChannelKind | None
    ) -> ChannelSettings | None:
        try:
            read = TypeAdapter(ChannelSettings).validate_python(found)
        except ValidationError as error:
            self.wrong += [_value(detail) for detail in error.errors()]
            return None
        self.wrong += _models(read, kind_rules)
        if read.max_poll_interval_s < read.min_poll_interval_s:
            self.wrong.append(("max_poll_interval_s", "must not be less than min_poll_interval_s"))
        return read


def _names(name: str, table: Mapping[str, object]) -> Iterator[Mistake]:
    if name in BUILT_IN:
        yield "", "is the name of the built-in channel; choose another"
    elif not _NAME.fullmatch(name):
        yield "", "a channel's name is of lower-case letters, digits and '-', 40 at most"
    for at in table:
        if at in FORMER_CHANNEL_FIELDS:
            yield at, set_twice(FORMER_CHANNEL_FIELDS[at])
        elif at not in FIELDS:
            yield at, unknown(at, FIELDS)
    if "key" in table:
        yield "key", LITERAL


def _fields_here(kind_rules: ChannelKind) -> frozenset[str]:
    """Return the fields of a kind that works on this machine."""
    return COMMON_FIELDS | kind_rules.own | kind_rules.keeps


def _of_the_kind(
    kind: KindName, kind_rules: ChannelKind, table: Mapping[str, object]
) -> Iterator[Mistake]:
    needed = kind_rules.is_remote and "base_url" not in kind_rules.defaults
    if needed and "base_url" not in table:
        yield "base_url", f"is needed for kind {kind!r}: where it is"
    for at, what in kind_rules.needs.items():
        if at not in table:
            yield at, f"is needed for kind {kind!r}: {what}"
    base_url = table.get("base_url")
    if kind == "relay" and isinstance(base_url, str) and re.search(r"/luma(/|$)", base_url):
        yield "base_url", f"must be what comes before /luma, not {base_url!r}"
    for at in table:
        if at in KIND_SPECIFIC_FIELDS - kind_rules.own:
            theirs = " or ".join(one for one in KINDS if at in KIND_RULES[one].own)
            yield at, f"is for kind {theirs}, and this is {kind!r}"
        elif not kind_rules.is_remote and at in FIELDS and at not in _fields_here(kind_rules):
            yield at, f"means nothing for kind {kind!r}; leave it out"
    pictures = table.get("pictures")
    if kind_rules.is_remote and isinstance(pictures, str) and pictures not in kind_rules.pictures:
        yield (
            "pictures",
            f"must be {' or '.join(kind_rules.pictures)} for kind {kind!r}, not {pictures!r}",
        )


def _models(read: ChannelSettings, kind_rules: ChannelKind | None) -> Iterator[Mistake]:
    for name in read.models:
        if name in ALIASES:
            yield "models", f"{name} is another name of {ALIASES[name]}; write that"
        elif not _MODEL.fullmatch(name):
            yield (
                "models",
                f"a model's name here is lower-case, as in {{ {_lowered(name)!r} = {name!r} }}",
            )
        elif (
            name in PICTURE_MODELS
            and kind_rules
            and not kind_rules.draws
            and "kinds" not in read.can
        ):
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
