"""Show a setting to operators."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingView:
    """One setting as it is in force; it is changed where it comes from, and not here."""

    name: str
    """In dotted form, e.g. ``server.port``."""

    value: str
    """As text; of a secret nothing but that there is one."""

    source: str
    """The file, variable or flag that it comes from, or ``default``."""
