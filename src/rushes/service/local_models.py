"""List, pull and remove local models for operators."""

import asyncio
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from rushes.core.errors import Conflict, NotFound
from rushes.local_models import pull_process
from rushes.local_models.catalogue import CatalogueModel, catalogue_model
from rushes.local_models.download import INSTALL, hub_is_installed, require_licence
from rushes.local_models.folder import remove_model
from rushes.local_models.formats import is_model
from rushes.local_models.hardware import Hardware, read_hardware
from rushes.local_models.overview import LocalModelView, overview, view_of
from rushes.local_models.pull_lock import lock_holder
from rushes.local_models.pull_state import PullStatus, record_start, request_cancel


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalModelList:
    """Every local model, and the machine that they would run on."""

    folder: Path
    hardware: Hardware
    can_pull: bool
    """Whether the package is installed that a pull needs."""

    models: tuple[LocalModelView, ...] = field(default=())


class LocalModels:
    """
    The use cases of local models.

    Each pull runs in a process of its own, and its state is in the folder. So every server on the
    folder shows it and can cancel it.

    Args:
        hardware: Looks at this machine; it gets the folder.
    """

    def __init__(
        self, folder: Path, *, hardware: Callable[[Path], Hardware] = read_hardware
    ) -> None:
        self._folder = folder
        self._hardware = hardware
        self._pulls: dict[str, subprocess.Popen[bytes]] = {}
        """The processes of the pulls that this server started."""

    async def list(self) -> LocalModelList:
        """Return every model of the catalogue, and the other models of the folder."""
        return await asyncio.to_thread(self._list)

    async def show(self, name: str) -> LocalModelView:
        """Return one model. Raises NotFound."""
        return await asyncio.to_thread(self._view, name)

    async def pull(self, name: str, *, accept_license: bool = False) -> LocalModelView:
        """
        Start to download a model, or go on with a download.

        Raises:
            NotFound: The catalogue has no such model.

            InvalidRequest: Its licence must be accepted.

            Conflict: It is there already, or it is being pulled; or a package is missing.
        """
        model = catalogue_model(name)
        require_licence(model, accepted=accept_license)
        return await asyncio.to_thread(self._start, model, accept_license)

    async def cancel(self, name: str) -> LocalModelView:
        """
        Stop the download of a model within a second; what has arrived stays.

        Raises:
            NotFound: The catalogue has no such model.

            Conflict: It is not being pulled.
        """
        model = catalogue_model(name)
        await asyncio.to_thread(self._cancel, model.name)
        return await self.show(model.name)

    async def remove(self, name: str) -> int:
        """
        Delete a model and what an unfinished download left; return the bytes that are free again.

        Raises:
            NotFound: There is neither.

            Conflict: It is being pulled.
        """
        return await asyncio.to_thread(remove_model, self._folder, name)

    async def close(self) -> None:
        """Stop the downloads that this server started; the next pull goes on with them."""
        for process in self._pulls.values():
            process.terminate()
        for process in self._pulls.values():
            await asyncio.to_thread(process.wait)
        self._pulls.clear()

    def _list(self) -> LocalModelList:
        hardware = self._hardware(self._folder)
        return LocalModelList(
            folder=self._folder,
            hardware=hardware,
            can_pull=hub_is_installed(),
            models=tuple(map(self._with_start, overview(self._folder, hardware))),
        )

    def _view(self, name: str) -> LocalModelView:
        if "/" in name:  # a path is for the command line: a caller must not look around here
            raise NotFound("there is no local model with a slash in its name")
        return self._with_start(view_of(self._folder, self._hardware(self._folder), name))

    def _with_start(self, view: LocalModelView) -> LocalModelView:
        """Show a pull as running from the moment when it was started."""
        if view.pull is None or not self._is_starting(view.name):
            return view
        return replace(view, pull=replace(view.pull, status=PullStatus.RUNNING, error=None))

    def _is_starting(self, name: str) -> bool:
        """Return whether a pull was started here, and has not ended."""
        return name in self._pulls and self._pulls[name].poll() is None

    def _cancel(self, name: str) -> None:
        if lock_holder(self._folder, name) is None and self._is_starting(name):
            self._pulls[name].terminate()  # it has not come so far as to look for requests
            self._pulls[name].wait()
            return
        request_cancel(self._folder, name)

    def _start(self, model: CatalogueModel, accept_license: bool) -> LocalModelView:
        if not hub_is_installed():
            raise Conflict(f"pulling models needs a package on the server: {INSTALL}")
        if is_model(self._folder / model.name):
            raise Conflict(f"{model.name} is pulled already")
        if lock_holder(self._folder, model.name) is not None or self._is_starting(model.name):
            raise Conflict(f"{model.name} is being pulled already")
        record_start(self._folder, model.name, total_bytes=None)
        arguments = pull_process.command(self._folder, model.name, accept_license=accept_license)
        self._pulls[model.name] = subprocess.Popen(  # noqa: S603  # this program
            arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        return self._view(model.name)
