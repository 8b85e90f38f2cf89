"""Import the module of a command when the command runs."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import typer.main
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from rushes.cli.support.examples import epilog
from rushes.cli.support.output import complain


class LazyCommand(TyperCommand):
    """
    A command that has its name and its short help; the rest comes with its module.

    Lists of commands, and the completion of their names, need no more than that. Everything else
    begins with a context, also ``--help`` and the completion of options.

    Args:
        path: The words after ``rushes``, e.g. ``keys list``.

        source: The module and the function, as ``module:name``.

        short_help: The line in lists of commands.

        replaced_by: The command's current path, if *path* is its former one. Such a command is
            not listed, and warns when it runs.
    """

    def __init__(
        self, path: str, source: str, short_help: str, *, replaced_by: str | None = None
    ) -> None:
        super().__init__(
            path.rpartition(" ")[2],
            short_help=short_help,
            hidden=replaced_by is not None,
            rich_markup_mode=None,
        )
        self._path = path
        self._source = source
        self._replaced_by = replaced_by

    def loaded(self) -> TyperCommand:
        """Import the command's module and return the command itself."""
        module, _, name = self._source.partition(":")
        one = typer.Typer(add_completion=False, rich_markup_mode=None)
        function = cast("Callable[..., None]", getattr(import_module(module), name))
        one.command(
            self.name,
            cls=QuickCommand,
            epilog=epilog(self._replaced_by or self._path),
            short_help=self.short_help,
        )(function)
        return cast("TyperCommand", typer.main.get_command(one))

    def make_context(self, *args: Any, **more: Any) -> Any:  # type: ignore[explicit-override]  # typing_extensions takes a tenth of a start
        if self._replaced_by and not more.get("resilient_parsing"):  # which completion sets
            complain(
                f"rushes: `rushes {self._path}` is called `rushes {self._replaced_by}` now;"
                " the next release removes the former name"
            )
        return self.loaded().make_context(*args, **more)


class QuickCommand(TyperCommand):
    """A command that skips the conversion of values which need none."""

    def get_params(self, ctx: Any) -> Any:  # type: ignore[explicit-override]  # as above
        return _quick(super().get_params(ctx))


class QuickGroup(TyperGroup):
    """A group whose parameters skip the conversion of values which need none."""

    def get_params(self, ctx: Any) -> Any:  # type: ignore[explicit-override]  # as above
        return _quick(super().get_params(ctx))


class FormerCommandGroup(QuickGroup):
    """A group that was one command in the last release, and still runs as that command."""

    def __init__(self, *args: Any, former_command: str | None, **more: Any) -> None:
        super().__init__(*args, **more)
        self._former_command = former_command

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # type: ignore[explicit-override]  # as above
        command = self._former_command
        is_command = not args or args[0].startswith("-")
        if command and is_command and not {*args} & {"-h", "--help"} and not ctx.resilient_parsing:
            complain(
                f"rushes: `{ctx.command_path}` is called `{ctx.command_path} {command}` now;"
                " the next release shows help here"
            )
            args = [command, *args]
        return super().parse_args(ctx, args)


def group(
    name: str,
    short_help: str,
    commands: Mapping[str, LazyCommand],
    *,
    former_command: str | None = None,
) -> TyperGroup:
    """
    Return a group of *commands*, which shows its help page when it is called without one.

    Args:
        former_command: The command that runs instead, for one release.
    """
    return FormerCommandGroup(
        former_command=former_command,
        name=name,
        help=short_help,
        commands=dict(commands),
        no_args_is_help=True,
        rich_markup_mode=None,
    )


def _quick(params: list[Any]) -> list[Any]:
    """
    Let parameters skip the conversion of values which need none.

    Typer converts every value with pydantic, also None, and the import of pydantic takes longer
    than everything else that a small command does. Typer creates its parameters itself, so their
    class is changed afterwards.
    """
    for param in params:
        if type(param) is TyperOption:
            param.__class__ = _QuickOption
        elif type(param) is TyperArgument:
            param.__class__ = _QuickArgument
    return params


class _QuickOption(TyperOption):
    def process_value(self, ctx: Any, value: Any) -> Any:  # type: ignore[explicit-override]  # as above
        if not _is_plain(self, value, ctx):
            return super().process_value(ctx, value)
        plain = _plain(self, value)
        return self.callback(ctx, self, plain) if self.callback else plain


class _QuickArgument(TyperArgument):
    def process_value(self, ctx: Any, value: Any) -> Any:  # type: ignore[explicit-override]  # as above
        if not _is_plain(self, value, ctx):
            return super().process_value(ctx, value)
        return _plain(self, value)


def _is_plain(param: TyperOption | TyperArgument, value: object, ctx: Any) -> bool:
    """Return whether a value needs no conversion, or is a path that needs no check."""
    descriptor = param.type_descriptor
    checks = descriptor.parameter_info
    if value is None:
        return not param.required or ctx.resilient_parsing  # completion has not read it yet
    if not isinstance(value, str | Path) or param.multiple or param.nargs != 1:
        return False
    if descriptor.annotation is Path:
        unchecked = checks.file_okay and checks.dir_okay
        return unchecked and not (checks.exists or checks.writable or checks.resolve_path)
    return descriptor.annotation is str and checks.parser is None and not descriptor.is_path


def _plain(param: TyperOption | TyperArgument, value: Any) -> Any:
    if value is None:
        return () if param.multiple or param.nargs == -1 else None
    return param.type_descriptor.annotation(value)
