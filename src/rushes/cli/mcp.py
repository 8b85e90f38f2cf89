"""``rushes mcp``: serve tools to an agent over standard input and output."""

from rushes.cli.support.options import Config, Data, KeyOption, ServerUrl, settings
from rushes.cli.support.run_command import run


def mcp(
    server: ServerUrl = None, key: KeyOption = None, data: Data = None, config: Config = None
) -> None:
    """
    Serve tools to an agent over standard input and output.

    With --server, the server generates; without it, this process does, and stores everything in
    the data folder. A running server offers the same tools at /mcp.
    """
    from rushes.cli.support.logs import log_to_stderr
    from rushes.cli.support.stdio_tools import relay_to_server, serve_in_process

    chosen = settings(data, config, talks=server is None)
    log_to_stderr(chosen.log)
    run(relay_to_server(server, key) if server else serve_in_process(chosen))
