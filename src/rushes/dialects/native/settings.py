"""The settings in our own API: what an operator is told of them."""

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from rushes.core.keys import Scope
from rushes.dialects.native.generations.wire import Told
from rushes.dialects.native.replies import reply
from rushes.http.gateway import Call
from rushes.http.operation import Operation, Reply
from rushes.service.setting_view import SettingView

PATH: Final = "/api/v1/settings"


class SettingTold(Told):
    """One setting as it is in force."""

    name: str
    """Such as `server.port`."""

    value: str
    """As text; of a secret nothing but `***`."""

    source: str
    """The file, variable or flag that it comes from, or `default`."""


class SettingsTold(Told):
    """Every setting of the process that answers."""

    settings: list[SettingTold]


def settings_operations(knobs: Sequence[SettingView]) -> tuple[Operation, ...]:
    """Return what an operator can ask for."""
    told = SettingsTold(
        settings=[SettingTold(name=one.name, value=one.value, source=one.source) for one in knobs]
    )

    async def look(call: Call) -> Response:
        return reply(told)

    return (
        Operation(
            path=PATH,
            handler=look,
            operation_id="settings",
            summary="List the settings, and where each comes from",
            about="It takes an operator's key. Settings are not changed while a server runs.",
            replies={200: Reply(about="All of them.", shape=SettingsTold)},
            scope=Scope.OPERATE,
        ),
    )
