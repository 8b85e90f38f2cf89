"""Show the settings in force to operators: wire format and route."""

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from rushes.dialects.native.resource import NEEDS_OPERATOR, operator_operation, reply
from rushes.dialects.native.wire import View
from rushes.http.gateway import Call
from rushes.http.operation import Operation, Reply
from rushes.service.setting_view import SettingView

PATH: Final = "/api/v1/settings"


class SettingRow(View):
    """One setting in force."""

    name: str
    """Such as `server.port`."""

    value: str
    """As text; `***` for a secret."""

    source: str
    """The file, variable or flag that sets it, or `default`."""


class SettingsView(View):
    """Every setting of the process that answers."""

    settings: list[SettingRow]


def settings_operations(settings: Sequence[SettingView]) -> tuple[Operation, ...]:
    """Return the route of the settings, which do not change while the process runs."""
    view = SettingsView(
        settings=[
            SettingRow(name=setting.name, value=setting.value, source=setting.source)
            for setting in settings
        ]
    )

    async def show_settings(call: Call) -> Response:
        return reply(view)

    return (
        operator_operation(
            path=PATH,
            handler=show_settings,
            operation_id="settings",
            summary="List the settings and where each comes from",
            about=f"{NEEDS_OPERATOR} Settings do not change while a server runs.",
            replies={200: Reply(about="All settings.", shape=SettingsView)},
        ),
    )
