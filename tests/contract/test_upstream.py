"""What every upstream promises; add one by adding a line to CASES in ``upstreams.py``."""

import socket
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.contract.upstreams import CASES, KEY, PROMPT, Pair, lines

from rushes.core.errors import (
    AmbiguousSubmit,
    ChannelUnusable,
    ContentRejected,
    PermanentEngineError,
    ResultUnusable,
    TemporaryEngineError,
    UpstreamBusy,
    UpstreamLost,
    UpstreamUnreachable,
)
from rushes.core.generation import ArtifactKind
from rushes.engines.upstream.base import Phase, SubmitQuery
from rushes.engines.upstream.lightx2v import task_id_of
from rushes.kit.safe_http import resume
from rushes.mock_upstream.jobs import Fate, Fault
from rushes.mock_upstream.messages import digest

NOT_ACTED_ON = (
    *("cut-unread", "cut", "hang:60"),
    *("refuse:500", "refuse:502", "refuse:504", "html", "empty"),
)
ACTED_ON = (
    *("cut-after", "delay:60", "truncate:1", "truncate"),
    *("status-after:500", "status-after:502", "status-after:504", "html-after"),
    *("hollow", "bad-json"),
)


@pytest.fixture(params=CASES)
def case(request):
    return CASES[request.param]


@pytest.fixture
async def pair_of(case, mock_upstream):
    """Return a maker of pairs; what it is given is for the line, or the mock upstream's part."""
    async with lines() as made:

        async def make(*, key=KEY, submit_s=20.0, answer_s=20.0, video=None, **part):
            served = await mock_upstream(
                case.kind, shape=case.shape, takes="50s", video=video, **part
            )
            upstream = made.to(case, served.url, key=key, submit_s=submit_s, answer_s=answer_s)
            return Pair(case=case, mock=served.mock, url=served.url, upstream=upstream)

        yield make


@pytest.fixture
async def pair(pair_of):
    return await pair_of()


@pytest.fixture
def without_pauses(monkeypatch):
    monkeypatch.setattr(resume, "exponential_s", lambda *_, **__: 0.0)


# submit


async def test_what_is_submitted_is_accepted_once_with_its_prompt_and_key(pair):
    job_id = await pair.upstream.submit(pair.order(key="the-key"))
    (job,) = pair.mock.jobs.accepted
    assert job.id == job_id
    assert job.prompt == PROMPT
    assert job.credential == digest(KEY)
    assert job.key == "the-key" or job.id == task_id_of("the-key")


async def test_two_submits_are_two_jobs(pair):
    ids = [await pair.upstream.submit(pair.order(key=f"key-{n}")) for n in range(2)]
    assert [job.id for job in pair.mock.jobs.accepted] == ids
    assert ids[0] != ids[1]


@pytest.mark.parametrize(
    ("deed", "error"),
    [
        ("refuse:401", ChannelUnusable),
        ("refuse:402", ChannelUnusable),
        ("refuse:403", ChannelUnusable),
        ("refuse:400", PermanentEngineError),
        ("refuse:422", PermanentEngineError),
        ("moderate", ContentRejected),
        ("busy:7", UpstreamBusy),
    ],
)
async def test_a_refusal_is_told_as_what_it_is_and_nothing_was_accepted(deed, error, pair):
    pair.mock.then("submit", deed)
    with pytest.raises(error) as caught:
        await pair.submitted()
    assert pair.accepted() == 0
    assert pair.mock.counts.acts["submit"] == 1
    assert getattr(caught.value, "retry_after_s", None) == (7.0 if deed == "busy:7" else None)
    assert KEY not in str(caught.value)
    assert await pair.submitted()


async def test_an_address_where_there_is_no_such_path_is_the_channels_fault(pair):
    pair.mock.always("submit", "refuse:404")
    with pytest.raises(ChannelUnusable):
        await pair.submitted()
    assert pair.accepted() == 0


async def test_a_bad_key_is_the_channels_fault(pair_of, case):
    pair = await pair_of(keys=frozenset({"another"}))
    if case.needs_key:
        with pytest.raises(ChannelUnusable):
            await pair.submitted()
    else:
        assert await pair.submitted()
    assert pair.accepted() == (0 if case.needs_key else 1)


async def test_where_nobody_listens_nothing_was_accepted(case):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with lines() as made:
        upstream = made.to(case, f"http://127.0.0.1:{port}")
        pair = Pair(case=case, mock=None, url="", upstream=upstream)
        with pytest.raises(UpstreamUnreachable):
            await pair.submitted()
        with pytest.raises(UpstreamUnreachable):
            await upstream.poll("job")
        with pytest.raises(UpstreamUnreachable):
            await upstream.test()


@pytest.mark.parametrize("deed", [*NOT_ACTED_ON, *ACTED_ON])
async def test_without_an_answer_that_counts_a_submit_is_ambiguous_and_not_repeated(deed, pair_of):
    patience_s = 0.1 if deed.endswith(":60") else 20.0
    pair = await pair_of(submit_s=patience_s)
    pair.mock.then("submit", deed)
    with pytest.raises(AmbiguousSubmit) as caught:
        await pair.submitted()
    assert pair.mock.counts.acts["submit"] == 1
    assert pair.accepted() == (1 if deed in ACTED_ON else 0)
    assert KEY not in str(caught.value)


# look


async def test_a_job_is_seen_waiting_then_worked_on_then_completed(pair):
    job_id = await pair.submitted()
    phases = [(await pair.upstream.poll(job_id)).phase]
    pair.mock.advance(seconds=30)
    working = await pair.upstream.poll(job_id)
    pair.mock.advance(seconds=30)
    done = await pair.upstream.poll(job_id)
    assert [*phases, working.phase, done.phase] == [Phase.WAITING, Phase.WORKING, Phase.COMPLETED]
    assert working.progress is None or 0.0 < working.progress < 1.0
    assert not working.files
    assert ArtifactKind.VIDEO in done.files
    assert done.failure is None


@pytest.mark.parametrize("fault", ["moderation", "job"])
async def test_a_failed_job_says_why_and_whether_another_attempt_may_help(fault, pair):
    is_moderated = fault == "moderation" and pair.case.moderates
    pair.mock.next_jobs(Fate(fails=Fault.of(fault)))
    seen = await pair.upstream.poll(await pair.done())
    assert seen.phase is Phase.FAILED
    assert Fault.of(fault).message in seen.failure.message
    assert seen.may_repeat is not is_moderated
    assert (seen.failure.code == ContentRejected.code) is is_moderated


async def test_an_unknown_word_means_that_it_is_looked_at_again(pair):
    job_id = await pair.done()
    pair.mock.then("look", "word:exploding")
    assert (await pair.upstream.poll(job_id)).phase is Phase.WORKING
    assert (await pair.upstream.poll(job_id)).phase is Phase.COMPLETED


async def test_numbers_may_come_as_text(pair):
    job_id = await pair.submitted()
    pair.mock.advance(seconds=30)
    pair.mock.then("look", "strings", "strings")
    assert (await pair.upstream.poll(job_id)).phase is Phase.WORKING
    pair.mock.advance(seconds=30)
    assert (await pair.upstream.poll(job_id)).phase is Phase.COMPLETED


@pytest.mark.parametrize(
    "deed",
    [
        *("cut-unread", "cut", "cut-after", "truncate", "hang:60"),
        *("refuse:500", "refuse:502", "refuse:503", "refuse:401", "busy:3"),
        *("html", "empty", "hollow", "bad-json", "html-after"),
    ],
)
async def test_a_look_without_an_answer_that_makes_sense_says_nothing_of_the_job(deed, pair_of):
    pair = await pair_of(answer_s=0.1 if deed == "hang:60" else 20.0)
    job_id = await pair.done()
    pair.mock.then("look", deed)
    with pytest.raises(TemporaryEngineError) as caught:
        await pair.upstream.poll(job_id)
    assert not isinstance(caught.value, UpstreamLost)
    assert KEY not in str(caught.value)
    pair.mock.fault_plan.always("look", None)
    if deed != "hang:60":
        assert (await pair.upstream.poll(job_id)).phase is Phase.COMPLETED


async def test_a_busy_upstream_says_when_to_look_again(pair):
    job_id = await pair.submitted()
    pair.mock.then("look", "busy:3")
    with pytest.raises(UpstreamBusy) as caught:
        await pair.upstream.poll(job_id)
    assert caught.value.retry_after_s == 3.0


async def test_a_job_that_is_not_known_is_lost(pair):
    job_id = await pair.submitted()
    pair.mock.then("look", "missing")
    with pytest.raises(UpstreamLost):
        await pair.upstream.poll(job_id)
    assert (await pair.upstream.poll(job_id)).phase is Phase.WAITING
    pair.mock.then("look", "forget")
    with pytest.raises(UpstreamLost):
        await pair.upstream.poll(job_id)


async def test_an_id_is_one_part_of_a_path_whatever_is_in_it(pair):
    await pair.done()
    for odd in ("../jobs", "a/b", "a?b=c", "a%2Fb", "#"):
        with pytest.raises(TemporaryEngineError):
            await pair.upstream.poll(odd)
    assert pair.accepted() == 1


# poll_many


async def test_several_jobs_are_seen_in_one_request_as_one_by_one(pair):
    most = min(3, pair.upstream.poll_batch_size)
    ids = [await pair.upstream.submit(pair.order(key=f"key-{n}")) for n in range(most)]
    pair.mock.advance(seconds=30)
    before = sum(pair.mock.counts.acts.values())
    seen = await pair.upstream.poll_many(ids)
    assert sum(pair.mock.counts.acts.values()) == before + 1
    assert {job_id: one.phase for job_id, one in seen.items()} == dict.fromkeys(ids, Phase.WORKING)
    assert seen[ids[0]].phase is (await pair.upstream.poll(ids[0])).phase


async def test_of_several_one_that_is_not_known_is_missing(pair):
    if pair.upstream.poll_batch_size == 1:
        with pytest.raises(UpstreamLost):
            await pair.upstream.poll_many(["nobody"])
        return
    job_id = await pair.submitted()
    assert set(await pair.upstream.poll_many([job_id, "nobody"])) == {job_id}


@pytest.mark.parametrize("deed", ["refuse:500", "html", "bad-json", "cut", "busy:3", "missing"])
async def test_a_batch_without_an_answer_says_of_no_job_that_it_is_lost(deed, pair):
    job_id = await pair.submitted()
    if pair.upstream.poll_batch_size == 1:
        assert set(await pair.upstream.poll_many([job_id])) == {job_id}
        return
    pair.mock.then("batch", deed)
    with pytest.raises(TemporaryEngineError) as caught:
        await pair.upstream.poll_many([job_id])
    assert not isinstance(caught.value, UpstreamLost)


# find


def submit_query(pair, clock, **more):
    reported = {"spec": pair.order().job.spec, "model": "m", "key": "key-1", "callback_url": None}
    return SubmitQuery(**{**reported, "prompt": PROMPT, "since": clock.now(), **more})


async def test_a_job_whose_submit_got_no_answer_is_found_where_that_can_be(pair, clock):
    await pair.upstream.submit(pair.order(key="before"))
    pair.mock.advance(seconds=3600)
    await pair.upstream.submit(pair.order(prompt="another prompt", key="other"))
    since = clock.now()
    pair.mock.then("submit", "cut-after")
    with pytest.raises(AmbiguousSubmit):
        await pair.submitted()
    pair.mock.advance(seconds=30)
    found = await pair.upstream.find(submit_query(pair, clock, since=since))
    last = pair.mock.jobs.accepted[-1].id
    assert found == ([last] if pair.case.finds else None if pair.case.finds is None else [])


async def test_a_submit_that_was_not_accepted_is_not_found(pair, clock):
    pair.mock.then("submit", "cut")
    with pytest.raises(AmbiguousSubmit):
        await pair.submitted()
    assert not await pair.upstream.find(submit_query(pair, clock))


async def test_of_a_job_elsewhere_in_the_list_nothing_is_claimed(pair, clock):
    await pair.upstream.submit(pair.order(key="before"))
    pair.mock.advance(seconds=3600)
    assert not await pair.upstream.find(submit_query(pair, clock))


@pytest.mark.parametrize("deed", ["refuse:500", "cut", "busy:3"])
async def test_a_list_that_does_not_come_proves_nothing(deed, pair, clock):
    await pair.submitted()
    for act in ("list", "look"):  # LightX2V is asked for the one job
        pair.mock.then(act, deed)
    try:
        found = await pair.upstream.find(submit_query(pair, clock))
    except TemporaryEngineError:
        requested = 1
    else:
        assert found is None
        requested = 0
    acts = pair.mock.counts.acts
    assert acts["list"] + acts["look"] == requested


# cancel


async def test_a_job_is_stopped_only_where_the_upstream_can(pair, clock):
    job_id = await pair.submitted()
    assert await pair.upstream.cancel(job_id) is pair.case.cancels
    (job,) = pair.mock.jobs.accepted
    assert (job.cancelled_at is not None) is pair.case.cancels
    assert pair.case.cancels or (await pair.upstream.poll(job_id)).phase is Phase.WAITING


@pytest.mark.parametrize("deed", ["refuse:500", "cut", "busy:3", "html"])
async def test_a_cancellation_without_an_answer_is_no_cancellation(deed, pair):
    job_id = await pair.submitted()
    pair.mock.then("cancel", deed)
    try:
        assert await pair.upstream.cancel(job_id) is False
    except TemporaryEngineError:
        assert pair.case.cancels
    assert pair.mock.jobs.accepted[0].cancelled_at is None


async def test_a_job_that_is_not_there_cannot_be_stopped(pair):
    assert await pair.upstream.cancel("nobody") is False


# fetch


async def fetched(pair, into, kind=ArtifactKind.VIDEO, limit_bytes=1 << 20, deadline_s=20.0):
    seen = await pair.upstream.poll(await pair.done())
    await pair.upstream.fetch(
        seen.files[kind], into, limit_bytes=limit_bytes, deadline_s=deadline_s
    )


async def test_each_file_of_a_completed_job_can_be_had(pair, tmp_path):
    seen = await pair.upstream.poll(await pair.done())
    for kind, address in seen.files.items():
        into = tmp_path / kind
        await pair.upstream.fetch(address, into, limit_bytes=1 << 20, deadline_s=20.0)
        is_video = kind in {ArtifactKind.VIDEO, ArtifactKind.VIDEO_RAW}
        assert (into.read_bytes()[4:8] == b"ftyp") is is_video


async def test_a_file_that_is_cut_twice_is_gone_on_with(pair, tmp_path, without_pauses):
    pair.mock.then("fetch", "truncate:1000", "truncate:500")
    await fetched(pair, tmp_path / "video")
    assert (tmp_path / "video").read_bytes() == pair.mock.files.files["video.mp4"]
    ranges = [one.range for one in pair.mock.counts.fetched]
    assert ranges == [None, "bytes=1000-", "bytes=1500-"]


@pytest.mark.parametrize("deed", ["no-range", "changed"])
async def test_a_file_that_cannot_be_gone_on_with_is_fetched_anew(
    deed, pair, tmp_path, without_pauses
):
    pair.mock.then("fetch", "truncate:1000", deed)
    await fetched(pair, tmp_path / "video")
    whole = pair.mock.files.files["video.mp4"]
    expected = bytes(255 - one for one in whole) if deed == "changed" else whole
    assert (tmp_path / "video").read_bytes() == expected


@pytest.mark.parametrize("deed", ["nothing", "chunked"])
async def test_a_file_over_the_limit_is_refused_and_none_is_left(deed, pair, tmp_path):
    pair.mock.always("fetch", deed)
    with pytest.raises(ResultUnusable):
        await fetched(pair, tmp_path / "video", limit_bytes=999)
    assert not (tmp_path / "video").exists()


@pytest.mark.parametrize("deed", ["refuse:500", "refuse:403", "cut", "hang:60", "truncate:0"])
async def test_a_file_that_cannot_be_had_now_leaves_none(deed, pair, tmp_path, without_pauses):
    pair.mock.always("fetch", deed)
    with pytest.raises(TemporaryEngineError) as caught:
        await fetched(pair, tmp_path / "video", deadline_s=0.3 if deed == "hang:60" else 20.0)
    assert not (tmp_path / "video").exists()
    assert KEY not in str(caught.value)


async def test_the_key_goes_to_the_upstreams_own_address_alone(pair_of, case, tmp_path):
    here = await pair_of()
    await fetched(here, tmp_path / "here")
    assert {one.credential for one in here.mock.counts.fetched} == {digest(KEY)}
    if case.own_files:
        return
    elsewhere = await pair_of(files_host="localhost")
    await fetched(elsewhere, tmp_path / "elsewhere")
    assert {one.host.split(":")[0] for one in elsewhere.mock.counts.fetched} == {"localhost"}
    assert {one.credential for one in elsewhere.mock.counts.fetched} == {""}


async def test_a_file_where_nobody_may_go_is_not_fetched(pair, tmp_path):
    for address in ("http://169.254.169.254/latest", "file:///etc/passwd", "http://127.0.0.1:1/x"):
        with pytest.raises((ResultUnusable, TemporaryEngineError)):
            await pair.upstream.fetch(address, tmp_path / "it", limit_bytes=999, deadline_s=5.0)
        assert not (tmp_path / "it").exists()


# the rest


async def test_a_test_costs_nothing_and_says_something(pair):
    assert await pair.upstream.test()
    assert pair.accepted() == 0
    assert pair.mock.counts.acts["submit"] == 0


async def test_a_test_finds_a_bad_key(pair_of, case):
    pair = await pair_of(keys=frozenset({"another"}))
    if case.needs_key:
        with pytest.raises(ChannelUnusable):
            await pair.upstream.test()
    else:
        assert await pair.upstream.test()


@pytest.mark.parametrize("deed", ["refuse:500", "html", "cut", "truncate"])
async def test_a_test_that_got_no_answer_proves_nothing(deed, pair):
    for act in ("look", "list", "test"):
        pair.mock.always(act, deed)
    with pytest.raises(TemporaryEngineError) as caught:
        await pair.upstream.test()
    assert not isinstance(caught.value, ChannelUnusable)


async def test_a_credential_tells_keys_apart_and_gives_none_away(pair_of):
    pairs = [await pair_of(key=key) for key in ("key-a-secret", "key-b-secret", "key-a-secret")]
    reported = [pair.upstream.credential for pair in pairs]
    assert reported[0] == reported[2] != reported[1]
    assert len(reported[0]) <= 16
    assert "key-a" not in reported[0]


async def test_its_kind_is_the_one_that_it_stands_for(pair):
    assert pair.upstream.kind == pair.case.kind


async def test_a_prompt_of_some_length_comes_whole_and_is_found_as_a_whole(pair, clock):
    long = "a lake at dawn, " * 60
    await pair.upstream.submit(pair.order(prompt=long.strip()))
    assert pair.mock.jobs.accepted[0].prompt == long.strip()
    if pair.case.finds:
        wanted = submit_query(pair, clock, prompt=long.strip())
        wanted = replace(wanted, since=clock.now() - timedelta(seconds=1))
        assert await pair.upstream.find(wanted) == [pair.mock.jobs.accepted[0].id]
