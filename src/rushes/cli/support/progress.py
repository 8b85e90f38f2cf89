"""Show a progress bar on standard error, with a picture above it if there is one."""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from typing_extensions import override

Frame = Callable[[float], RenderableType | None]
"""Returns the picture at a share of the work, 0.0 to 1.0; None if there is none yet."""

ReportProgress = Callable[[float, str], None]
"""Takes the share of the work that is done, 0.0 to 1.0, and a word for the current step."""


@contextmanager
def progress(
    title: str, *, shown: bool = True, picture: Frame | None = None
) -> Generator[ReportProgress]:
    """
    Show a progress bar on standard error, if that is a terminal, as long as the block runs.

    Args:
        picture: The picture above the bar. With one, both are removed in the end.
    """
    console = Console(stderr=True)
    bar = _Pictured(
        TextColumn("{task.description}"),
        BarColumn(bar_width=32),
        TaskProgressColumn(),
        TextColumn("{task.fields[word]}"),
        TimeElapsedColumn(),
        console=console,
        refresh_per_second=4 if picture else 10,
        transient=picture is not None,
        disable=not (shown and console.is_terminal),
    )
    bar.picture = picture
    with bar:
        task = bar.add_task(escape(title), total=1.0, word="")

        def report(share: float, word: str) -> None:
            bar.update(task, completed=share, word=escape(word))

        yield report


class _Pictured(Progress):
    """A progress bar with a picture above it."""

    picture: Frame | None = None

    @override
    def get_renderables(self) -> Iterable[RenderableType]:
        share = self.tasks[0].completed if self.tasks else 0.0
        frame = self.picture(share) if self.picture is not None else None
        if frame is not None:
            yield frame
        yield from super().get_renderables()
