"""Show settings and their sources, without secrets."""

from collections.abc import Mapping
from typing import cast

from pydantic import SecretStr

from rushes.service.setting_view import SettingView
from rushes.settings import Loaded, values


def setting_views(loaded: Loaded) -> tuple[SettingView, ...]:
    """Return every setting as the API shows it to operators, without secrets."""
    return tuple(
        SettingView(name=name, value=str(cell(hide_secret(value))), source=loaded.sources[name])
        for name, value in values(loaded.settings).items()
    )


def hide_secret(value: object) -> object:
    """Return a setting's value, or asterisks for a secret."""
    return "***" if isinstance(value, SecretStr) else value


def cell(value: object) -> object:
    """Return a setting's value as a table shows it."""
    match value:
        case None:
            return "-"
        case bool():
            return str(value).lower()
        case tuple():
            return ", ".join(map(str, cast("tuple[object, ...]", value))) or "-"
        case Mapping():
            pairs = cast("Mapping[object, object]", value).items()
            return ", ".join(f"{name} = {cell(one)}" for name, one in pairs) or "-"
        case _:
            return value
