"""Show a setting to operators."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingView:
    """The present value of a setting; operators change it at its source, not in the API."""

    name: str
    """In dotted form, e.g. ``server.port``."""

    value: str
    """The value as text; for a secret, only whether it is set."""

    source: str
    """The file, variable or flag that sets it, or ``default``."""
