"""``rushes credits`` and ``rushes usage``, and the settings behind them."""

import asyncio
import csv
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from rushes.bootstrap.application import build
from rushes.core import lifecycle
from rushes.core.errors import SettingsError
from rushes.core.generation import AccountId, Failure, Generation
from rushes.core.pricing import Quote, Rule
from rushes.core.spec import Kind
from rushes.kit.clock import FrozenClock
from rushes.settings import load
from rushes.store.sqlite import SqliteStore

QUOTE = Quote(held=2_000_000, rates={"a": 400_000}, amount_milli=4000)
PRICES = """
[credits]
enabled = true
[[credits.prices]]
model = "ray-2"
resolution = "1080p"
kind = "video"
duration_s = 5
channel = "animatic"
price = 0.1
[[credits.prices]]
price = 3
"""


@pytest.fixture
def data(tmp_path: Path, make_generation: Callable[..., Generation], clock: FrozenClock) -> Path:
    """Return a folder in which one generation was made, one failed, and one waits."""
    folder = tmp_path / "data"

    async def live() -> None:
        application = build(load(overrides={"data": folder}), clock=clock)
        await application.credits.grant(AccountId("acc"), 9_500_000, note="hello")
        await application.close()
        store = SqliteStore(folder / "rushes.db")
        for number in range(3):
            clock.advance(seconds=86400)
            made = make_generation(f"g{number}", quote=QUOTE, key_id="=k")
            queued = await store.write(lifecycle.submit(made))
            if number == 2:
                break
            claim = lifecycle.claim(queued, engine="e", channel="a", now=clock.now())
            claimed = await store.write(claim)
            why = Failure(code="x", message="y")
            await store.write(
                lifecycle.fail(claimed, why, now=clock.now())
                if number
                else lifecycle.complete(claimed, (), now=clock.now())
            )
        await store.close()

    asyncio.run(live())
    return folder


def test_show_tells_what_may_be_spent_and_what_is_held(rushes, data: Path) -> None:
    reported = rushes("credits", "show", "acc", "--data", data, "--json").json
    assert reported == [{"account": "acc", "balance": "5.9", "held": "2"}]
    assert rushes("credits", "show", "--data", data, "--json").json == reported
    assert "5.9" in rushes("credits", "show", "--data", data).out


def test_a_grant_can_be_named_so_that_it_happens_once(rushes, data: Path) -> None:
    for _ in range(2):
        reported = rushes("credits", "grant", "acc", "0.1", "--once", "i7", "--data", data)
        assert reported.out == "acc has 6 credits now.\n"
    reported = rushes("credits", "grant", "acc", "0.2", "--once", "i7", "--data", data)
    assert reported.status == 5
    taken = rushes("credits", "grant", "acc", "--data", data, "--json", "--", "-6")
    assert taken.json["balance"] == "0"
    reported = rushes("credits", "grant", "acc", "--data", data, "--", "-0.000001")
    assert (reported.status, "has 0" in reported.err) == (5, True)


@pytest.mark.parametrize("amount", ["0", "many", "0.0000001", "1e3"])
def test_what_is_no_amount_is_refused(rushes, data: Path, amount: str) -> None:
    reported = rushes("credits", "grant", "acc", amount, "--data", data)
    assert reported.status == 2
    assert "AMOUNT must" in reported.err


def test_entries_list_the_ledger(rushes, data: Path) -> None:
    reported = rushes("credits", "entries", "--data", data, "--json").json
    assert [(one["kind"], one["reference"]) for one in reported[:-1]] == [
        ("hold", "g2"),
        ("release", "g1"),
        ("hold", "g1"),
        ("release", "g0"),
        ("settle", "g0"),
        ("hold", "g0"),
    ]
    assert (reported[-1]["kind"], reported[-1]["note"]) == ("grant", "hello")
    shown = rushes("credits", "entries", "--account", "acc", "--limit", "1", "--data", data).out
    assert "hold" in shown
    assert "settle" not in shown


def test_verify_finds_a_balance_that_is_not_the_sum_of_its_ledger(rushes, data: Path) -> None:
    reported = rushes("credits", "verify", "--data", data)
    assert (reported.status, reported.out) == (
        0,
        "1 accounts: every balance is the sum of its ledger.\n",
    )
    with closing(sqlite3.connect(data / "rushes.db")) as db, db:
        db.execute("UPDATE funds SET balance = balance + 1")
    reported = rushes("credits", "verify", "--data", data, "--json")
    assert reported.status == 1
    assert reported.json["wrong"] == [
        {
            "account": "acc",
            "balance": "5.900001",
            "held": "2",
            "counted_balance": "5.9",
            "counted_held": "2",
            "open_prices": "2",
        }
    ]
    assert "1 of 1 accounts do not add up" in rushes("credits", "verify", "--data", data).err


@pytest.mark.parametrize(
    "change", ["UPDATE ledger SET balance = 0", "DELETE FROM ledger"], ids=["update", "delete"]
)
def test_the_ledger_itself_is_only_added_to(data: Path, change: str) -> None:
    with (
        closing(sqlite3.connect(data / "rushes.db")) as db,
        pytest.raises(sqlite3.IntegrityError, match="only added to"),
    ):
        db.execute(change)


def test_usage_can_go_into_a_spreadsheet(rushes, data: Path) -> None:
    reported = rushes("usage", "--data", data, "--csv").out
    rows = list(csv.reader(reported.splitlines()))
    assert rows == [
        ["day", "account", "key", "model", "state", "count", "credits"],
        ["2026-01-02", "acc", "'=k", "ray-2", "completed", "1", "1.6"],
        ["2026-01-03", "acc", "'=k", "ray-2", "failed", "1", "0"],
    ]
    one = rushes("usage", "--data", data, "--from", "2026-01-03", "--json").json
    assert [line["state"] for line in one] == ["failed"]
    assert rushes("usage", "--data", data, "--account", "nobody", "--json").json == []
    assert rushes("usage", "--data", data, "--to", "soon").status == 2


def test_the_table_of_prices_is_read_exactly(tmp_path: Path) -> None:
    file = tmp_path / "rushes.toml"
    file.write_text(PRICES)
    requested = load(config_file=file).credits
    assert requested.enabled
    assert [one.rule for one in requested.prices] == [
        Rule(
            price=100_000,
            kind=Kind.VIDEO,
            model="ray-2",
            resolution="1080p",
            duration_s=5.0,
            channel="animatic",
        ),
        Rule(price=3_000_000),
    ]


def test_it_can_be_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUSHES_CREDITS__PRICES", '[{"price": 0.1, "kind": "image"}]')
    assert [one.rule for one in load().credits.prices] == [Rule(price=100_000, kind=Kind.IMAGE)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('prize = "1"', "rule 2: "),
        ("price = -1", "rule 2: price must be greater than or equal to 0, not -1"),
        ("price = 0.0000001", "rule 2: price "),
        ('price = 1\nkind = "film"', "rule 2: kind must be 'video', 'image'"),
        ('price = 1\nmodel = "ray-v2"', "rule 2: model is another name of ray-2"),
        ('price = 1\nresolution = "8k"', "rule 2: resolution must be one of 360p"),
        (
            'price = 1\nchannel = "luma"',
            "rule 2: channel must be one of animatic, slate, not 'luma'",
        ),
    ],
)
def test_a_mistake_in_the_table_names_its_rule(tmp_path: Path, line: str, why: str) -> None:
    file = tmp_path / "rushes.toml"
    file.write_text(f"[[credits.prices]]\nprice = 1\n[[credits.prices]]\n{line}\n")
    with pytest.raises(SettingsError) as caught:
        load(config_file=file)
    assert f"credits.prices: {why}" in str(caught.value)
