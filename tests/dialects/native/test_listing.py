import pytest
from tests.dialects.native.conftest import PATH, Server, problem_of


async def _made(server: Server, count: int) -> list[str]:
    ids = []
    for _ in range(count):
        server.clock.advance(seconds=1)
        ids.append((await server.create())["id"])
    return ids[::-1]


async def _listed(server: Server, **query: object) -> list[str]:
    reply = await server.client.get(PATH, params=query)  # type: ignore[arg-type]  # whatever a test asks
    assert reply.status_code == 200, reply.text
    return [one["id"] for one in reply.json()["generations"]]


async def test_the_newest_comes_first(server: Server) -> None:
    ids = await _made(server, 3)

    assert await _listed(server) == ids


async def test_pages_follow_each_other_without_gap_or_repetition(server: Server) -> None:
    ids = await _made(server, 7)
    seen: list[str] = []
    query: dict[str, object] = {"limit": 3}
    while True:
        page = (await server.client.get(PATH, params=query)).json()  # type: ignore[arg-type]  # as above
        seen += [one["id"] for one in page["generations"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]

    assert seen == ids


async def test_whoever_removes_as_he_pages_sees_everything(server: Server) -> None:
    ids = await _made(server, 7)
    for id_ in ids:
        await server.bring_to(id_, "cancelled")
    seen: list[str] = []
    query: dict[str, object] = {"limit": 3}
    while True:
        page = (await server.client.get(PATH, params=query)).json()  # type: ignore[arg-type]  # as above
        for one in page["generations"]:
            seen.append(one["id"])
            assert (await server.client.delete(f"{PATH}/{one['id']}")).status_code == 204
        if page["next"] is None:
            break
        query["cursor"] = page["next"]

    assert seen == ids
    assert await _listed(server) == []


async def test_filters_narrow_the_list(server: Server) -> None:
    newest, middle, oldest = await _made(server, 3)
    await server.bring_to(middle, "running")
    await server.bring_to(oldest, "failed")

    assert await _listed(server, state="running") == [middle]
    assert await _listed(server, state=["running", "failed"]) == [middle, oldest]
    assert await _listed(server, model="ray2") == [newest, middle, oldest]
    assert await _listed(server, model="ray-3") == []
    made = (await server.get(middle))["created_at"]
    assert await _listed(server, created_from=made) == [newest, middle]
    assert await _listed(server, created_before=made) == [oldest]


async def test_words_narrow_the_list_whatever_their_order_and_case(server: Server) -> None:
    dunes = (await server.create(prompt="Dunes under a STARRY sky"))["id"]
    fjord = (await server.create(prompt="\u00c5rdal by night, 100% stars"))["id"]

    assert await _listed(server, q="sky dune") == [dunes]
    assert await _listed(server, q="star") == [fjord, dunes]
    assert await _listed(server, q="\u00e5RDAL") == [fjord]
    assert await _listed(server, q="100%") == [fjord]
    assert await _listed(server, q="%") == [fjord]
    assert await _listed(server, q="sky night") == []
    assert await _listed(server, q="  ") == [fjord, dunes]


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=1&limit=2", "limit"),
        ("state=done", "state.0"),
        ("created_from=123", "created_from"),
        ("created_from=2026-01-01T00:00:00", "created_from"),
        ("cursor=abc", "cursor"),
        ("page=2", "page"),
        ("model=sora", "model"),
    ],
)
async def test_a_query_that_makes_no_sense_is_refused(
    server: Server, query: str, param: str
) -> None:
    reported = problem_of(await server.client.get(f"{PATH}?{query}"), 422)

    assert reported["param"] == param


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00Z"]
)
async def test_any_moment_of_the_calendar_can_be_asked_for(server: Server, moment: str) -> None:
    reply = await server.client.get(PATH, params={"created_from": moment, "created_before": moment})

    assert reply.status_code == 200
