"""
How long small commands take to start, as a ratio to `python -c "import typer"`.

`python bench/start.py` measures processor time, for the clock says little on a busy machine. Byte
code is written first, as an installation has it. The runs of all cases take turns.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

RUNS = 11
GOAL = 2.5
TYPER = ("-c", "import typer")
CASES = {
    "rushes --help": ("--help",),
    "rushes version": ("version",),
    "rushes keys list": ("keys", "list", "--data", "data"),
    "rushes keys --help": ("keys", "--help"),
    "rushes keys list --help": ("keys", "list", "--help"),
    **{
        f"rushes {name} --help": (name, "--help")
        for name in (
            *("serve", "worker", "generate", "watch", "open", "demo", "mcp", "models", "gc"),
            *("doctor", "config", "mock-upstream"),
        )
    },
    "rushes channels list --help": ("channels", "list", "--help"),
    "rushes webhooks list --help": ("webhooks", "list", "--help"),
    "rushes generations list --help": ("generations", "list", "--help"),
    "completion of `rushes gen`": (),
    "completion of `rushes keys l`": (),
    "completion of `rushes serve --p`": (),
}
LINES = {
    "completion of `rushes gen`": "rushes gen",
    "completion of `rushes keys l`": "rushes keys l",
    "completion of `rushes serve --p`": "rushes serve --p",
}


def cpu_s(arguments: tuple[str, ...], folder: Path, **variables: str) -> float:
    """Return the seconds of processor time that a run of Python takes, its children with it."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("RUSHES_", "PYTHON"))
    }
    environment |= {"PYTHONPYCACHEPREFIX": str(folder / "pyc"), **variables}
    process = subprocess.Popen(
        (sys.executable, *arguments), cwd=folder, env=environment, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, arguments
    return used.ru_utime + used.ru_stime


def of_case(name: str, folder: Path) -> float:
    line = LINES.get(name)
    if line is None:
        return cpu_s(("-m", "rushes", *CASES[name]), folder)
    words = {"COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
    return cpu_s(("-m", "rushes"), folder, _RUSHES_COMPLETE="complete_bash", **words)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cpu_s(("-m", "rushes", "keys", "create", "bench", "--data", "data"), folder)
        took: dict[str, list[float]] = {case: [] for case in ("import typer", *CASES)}
        for run in range(RUNS + 1):
            for case, times in took.items():
                took_s = cpu_s(TYPER, folder) if case not in CASES else of_case(case, folder)
                if run:  # the first writes the byte code
                    times.append(took_s)
    base_s = statistics.median(took.pop("import typer"))
    print(f"| command | CPU ms, median of {RUNS} | ratio |\n|---|---:|---:|")
    print(f'| `python -c "import typer"` | {base_s * 1000:.0f} | 1.00 |')
    for case, times in took.items():
        median_s = statistics.median(times)
        print(f"| {case} | {median_s * 1000:.0f} | {median_s / base_s:.2f} |")
    print(f"\nThe goal is {GOAL} at most.")


if __name__ == "__main__":
    main()
