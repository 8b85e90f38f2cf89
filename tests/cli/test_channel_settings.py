"""How channels are configured, and how their mistakes are told."""

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.core.capabilities import Capabilities
from rushes.core.errors import SettingsError
from rushes.core.spec import Kind, Role
from rushes.engines.upstream.base import UpstreamTerms
from rushes.engines.upstream.lightx2v import Fields
from rushes.engines.upstream.openai_bodies import Flavour
from rushes.settings import ChannelSettings, Settings, load, load_with_sources, values
from rushes.settings.channel_kinds import KIND_RULES, KIND_SPECIFIC_FIELDS
from rushes.settings.channel_tables import FIELDS
from rushes.settings.channels import FlavourName, KindName, Lora

Loads = Callable[[str], Settings]
Tells = Callable[[str], list[str]]

DOCS = Path(__file__).parents[2] / "docs"

LUMA = '[channels.luma]\nkind = "dream-machine"\nkey_env = "LUMA_KEY"\nmodels = ["ray-2"]\n'


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LUMA_KEY", "luma-0123456789")
    return tmp_path


@pytest.fixture
def loaded(empty_folder: Path) -> Loads:
    def read(text: str) -> Settings:
        (empty_folder / "rushes.toml").write_text(text)
        return load()

    return read


@pytest.fixture
def reported(loaded: Loads) -> Tells:
    def read(text: str) -> list[str]:
        with pytest.raises(SettingsError) as caught:
            loaded(text)
        return [line.strip() for line in str(caught.value).splitlines()[1:]]

    return read


def test_a_channel_of_three_lines_has_all_that_it_needs(loaded: Loads) -> None:
    luma = loaded(LUMA).channels["luma"]
    assert luma.base_url == "https://api.lumalabs.ai/dream-machine/v1"
    assert luma.models == {"ray-2": "ray-2"}
    assert luma.key is not None
    assert luma.key.get_secret_value() == "luma-0123456789"
    assert (luma.concurrency, luma.pictures, luma.on_ambiguous) == (10, "url", "fail")


def test_without_channels_there_are_none(loaded: Loads) -> None:
    assert loaded("").channels == {}


def test_everything_can_be_said(loaded: Loads) -> None:
    lan = loaded("""
        [channels.lan]
        kind = "openai-videos"
        base_url = "http://10.0.0.5:30000/v1/"
        models = { "wan-2.2" = "Wan-AI/Wan2.2", "ray-2" = "x" }
        priority = -3
        weight = 2
        concurrency = 4
        requests_per_minute = 30
        price = 0.32
        connect_s = 1
        answer_s = 2.5
        submit_s = 600
        expected_duration_s = 90
        min_poll_interval_s = 1
        max_poll_interval_s = 5
        deadline_s = 900
        ambiguous_after_s = 60
        on_ambiguous = "resubmit"
        honours_idempotency = true
        loses_jobs = true
        refusal_statuses = [503, 529]
        pictures = "data"
        flavour = "sglang"
        fps = 16
        file_limit_mb = 64
        file_deadline_s = 30
        [channels.lan.can]
        durations_s = [5, 9.5]
        resolutions = ["720p"]
        loop = true
        kinds = ["video", "upscale"]
        references = ["style"]
    """).channels["lan"]
    assert lan.base_url == "http://10.0.0.5:30000/v1"
    assert lan.models == {"wan-2.2": "Wan-AI/Wan2.2", "ray-2": "x"}
    assert lan.price_micro == 320_000
    assert lan.refusal_statuses == (503, 529)
    assert lan.can == {
        "durations_s": (5.0, 9.5),
        "resolutions": ("720p",),
        "loop": True,
        "kinds": (Kind.VIDEO, Kind.UPSCALE),
        "references": (Role.STYLE,),
    }
    assert Capabilities(ratios=("16:9",), **lan.can).loop


def test_every_mistake_is_told_at_once_with_file_and_line(reported: Tells) -> None:
    found = reported("""[server]
port = "x"
[channels.luma]
kind = "dreammachine"
models = ["ray-2"]
key_env = "NOT_THERE"
wieght = 2

[channels.lan]
kind = "openai-videos"
models = []
price = 0.1234567
can.loop = "maybe"
can.resolutions = ["8k"]
can.lop = true
min_poll_interval_s = 0
""")
    known = "relay, dream-machine, agents, openai-videos, lightx2v, local, animatic"
    at, meant = "rushes.toml:", "did you mean dream-machine?"
    decimals = "Decimal input should have no more than 6 decimal places"
    assert sorted(found) == sorted(
        [
            f"{at}7: channels.luma.wieght: there is no such setting; did you mean weight?",
            f"{at}6: channels.luma.key_env: names an environment variable that is not set, or empty",
            f"{at}4: channels.luma.kind: must be one of {known}, not 'dreammachine'; {meant}",
            f"{at}9: channels.lan.base_url: is needed for kind 'openai-videos': where it is",
            f"{at}13: channels.lan.can.loop: must be true or false, not 'maybe'",
            f"{at}14: channels.lan.can.resolutions: must be of 360p, 540p, 720p, 1080p, 4k, not '8k'",
            f"{at}15: channels.lan.can.lop: there is no such setting; did you mean loop?",
            f"{at}11: channels.lan.models: must hold one at least, not []",
            f"{at}12: channels.lan.price: {decimals}, not 0.1234567",
            f"{at}16: channels.lan.min_poll_interval_s: must be greater than 0, not 0",
            f"{at}2: server.port: must be a number, not 'x'",
        ]
    )


def test_an_upstream_draws_no_shot_plans(loaded: Loads, reported: Tells) -> None:
    lan = """
        [channels.lan]
        kind = "lightx2v"
        base_url = "http://10.0.0.5:8000"
        models = ["ray-2"]
        can.shot_plans = true
        """
    (mistake,) = reported(lan)
    assert mistake.endswith(
        "channels.lan.can.shot_plans: only a channel of kind 'animatic' draws shot plans:"
        " leave it out"
    )
    assert loaded(lan.replace("true", "false")).channels["lan"].can == {"shot_plans": False}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ('key = "luma-secret"', "9: channels.c.key: a key is not written into this file: put it"),
        ('key_env = "luma-secret!"', "9: channels.c.key_env: must be the name of an environment"),
        ('key_env = "luma_secret"', "9: channels.c.key_env: names an environment variable that is"),
        ('key_file = "luma-secret"', "9: channels.c.key_file: cannot be read: No such file"),
        ("key_file = 'f'\nkey_env = 'LUMA_KEY'", "9: channels.c.key_file: key_env and key_file"),
        ("key_file = 3", "9: channels.c.key_file: "),
        ("key_env = ['luma-secret']", "9: channels.c.key_env: "),
    ],
)
def test_a_key_is_taken_from_its_place_and_never_told(
    reported: Tells, more: str, sentence: str
) -> None:
    text = "\n" * 5 + f"[channels.c]\nkind = 'relay'\nmodels = ['ray-2']\n{more}\n"
    found = [line for line in reported(text) if ".base_url" not in line]
    assert len(found) >= 1
    assert f"rushes.toml:{sentence}" in found[0]
    assert "luma-secret" not in "".join(found)
    assert "luma_secret" not in "".join(found)


def test_a_key_may_be_in_a_file(loaded: Loads, reported: Tells, empty_folder: Path) -> None:
    text = LUMA.replace('key_env = "LUMA_KEY"', 'key_file = "key"')
    (empty_folder / "key").write_text("  k-1 \n")
    key = loaded(text).channels["luma"].key
    assert key is not None
    assert key.get_secret_value() == "k-1"
    for wrong, sentence in (
        ("", "names a file that is empty"),
        ("two words", "no header may have"),
        ("schlüssel", "no header may have"),
    ):
        (empty_folder / "key").write_text(wrong)
        assert sentence in reported(text)[0]
        assert not wrong or wrong not in reported(text)[0]
    (empty_folder / "key").write_bytes(b"\xff\xfe")
    assert "it is no text" in reported(text)[0]
    (empty_folder / "key").unlink()
    (empty_folder / "key").mkdir()
    assert "cannot be read: Is a directory" in reported(text)[0]


def test_a_key_is_in_no_repr_and_its_source_is_told(loaded: Loads, empty_folder: Path) -> None:
    assert "0123456789" not in repr(loaded(LUMA))
    found = load_with_sources()
    assert found.sources["channels.luma.key"] == "the variable LUMA_KEY"
    assert found.sources["channels.luma.models"] == "rushes.toml:4: channels.luma.models"
    assert found.sources["channels.luma.weight"] == "default"
    assert set(found.sources) == set(values(found.settings))


def test_the_services_of_luma_want_a_key_and_others_may(loaded: Loads, reported: Tells) -> None:
    assert reported(LUMA.replace('key_env = "LUMA_KEY"\n', "")) == [
        "rushes.toml:1: channels.luma.key_env: is needed: the name of the variable with the key"
    ]
    text = "[channels.a]\nkind='agents'\nmodels=['uni-1']\nbase_url='http://127.0.0.1:8001/v1'"
    assert loaded(text).channels["a"].key is None


def test_a_variable_of_a_key_may_be_called_like_a_setting(
    loaded: Loads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUSHES_LUMA_KEY", "k")
    assert loaded(LUMA.replace("LUMA_KEY", "RUSHES_LUMA_KEY")).channels["luma"].key is not None


def test_channels_are_in_the_file_only(reported: Tells, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUSHES_CHANNELS__LUMA__KIND", "relay")
    (found,) = reported("")
    assert found.startswith("RUSHES_CHANNELS__LUMA__KIND: channels are set in rushes.toml only;")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("channels = 3", "1: channels.NAME: must be a table"),
        ("[channels]\nluma = 3", "2: channels.luma: must be a table"),
        (
            "[channels.Luma]\nkind='animatic'\nmodels=['ray-2']",
            "1: channels.Luma: a channel's name",
        ),
        ("[channels.animatic]\nkind='animatic'\nmodels=['ray-2']", "the built-in channel"),
        ("[channels.a]\n[channels.a]", "Cannot declare ('channels', 'a') twice"),
        ("[channels.a]\nmodels=['ray-2']", "1: channels.a.kind: is needed: one of relay,"),
        ("[channels.a]\nkind=3\nmodels=['ray-2']", "2: channels.a.kind: must be one of relay,"),
        ("[channels.a]\nkind='animatic'", "1: channels.a.models: is needed"),
        ("[channels.a]\nkind='animatic'\nmodels=['ray2']", "ray2 is another name of ray-2"),
        ("[channels.a]\nkind='animatic'\nmodels=['Wan']", "as in { 'wan' = 'Wan' }"),
        (
            "[channels.a]\nkind='animatic'\nmodels=['ray-2']\nconcurrency=3\n",
            "4: channels.a.concurrency: means nothing for kind 'animatic'",
        ),
        (
            "[channels.a]\nkind='relay'\nbase_url='http://a'\nmodels=['photon-1']",
            "4: channels.a.models: photon-1 makes pictures, and kind 'relay' makes videos",
        ),
        (
            "[channels.a]\nkind='relay'\nbase_url='http://a'\nmodels=['ray-2']\nfps=3",
            "5: channels.a.fps: is for kind openai-videos or lightx2v, and this is 'relay'",
        ),
        (
            "[channels.a]\nkind='relay'\nbase_url='http://a'\nmodels=['ray-2']\npictures='upload'",
            "5: channels.a.pictures: must be data or url for kind 'relay', not 'upload'",
        ),
        (
            "[channels.a]\nkind='relay'\nbase_url='http://a/luma'\nmodels=['ray-2']",
            "3: channels.a.base_url: must be what comes before /luma, not 'http://a/luma'",
        ),
        (
            "[channels.a]\nkind='relay'\nbase_url='ftp://a'\nmodels=['ray-2']",
            "3: channels.a.base_url: must be like",
        ),
        (
            "[channels.a]\nkind='relay'\nbase_url='http://a'\nmodels=['ray-2']\nlook_every_s=60",
            "1: channels.a.max_poll_interval_s: must not be less than min_poll_interval_s",
        ),
        (
            "[channels.a]\nkind='relay'\nbase_url='http://a'\nmodels=['ray-2']\ncan=3",
            "5: channels.a.can: must be a table",
        ),
        (
            "[channels.a]\nkind='relay'\nbase_url='http://a'\nmodels=['ray-2']\ncan.kinds=['x']",
            "5: channels.a.can.kinds: must be 'video', 'image', ",
        ),
        (
            "[channels.a]\nkind='relay'\nbase_url='http://a'\nmodels=['a']\ncan.durations_s=[-1]",
            "5: channels.a.can.durations_s: must be more than 0",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(reported: Tells, text: str, sentence: str) -> None:
    found = reported(text)
    assert [line for line in found if sentence in line], found


def test_two_channels_may_serve_one_model(loaded: Loads) -> None:
    found = loaded(LUMA + LUMA.replace("luma]", "other]"))
    assert list(found.channels) == ["luma", "other"]


def test_a_server_that_could_make_nothing_does_not_start(reported: Tells) -> None:
    (found,) = reported("[animatic]\nenabled = false")
    assert found.startswith("rushes.toml:2: animatic.enabled: no channel serves any model, so")


def test_a_default_that_nobody_serves_is_refused_where_it_was_asked_for(
    loaded: Loads, reported: Tells
) -> None:
    off = "[animatic]\nenabled = false\n" + LUMA
    assert loaded(off).models.default == "ray-2"
    assert loaded(off + "[models]\ndefault = 'ray2'").models.default == "ray2"
    assert reported(off + "[models]\ndefault = 'ray-3'") == [
        "rushes.toml:8: models.default: must be one of ray-2, not 'ray-3'"
    ]
    assert loaded(LUMA + "[models]\ndefault = 'ray-3'").models.default == "ray-3"


LOCAL = '[channels.gpu]\nkind = "local"\nmodels = ["ray-2"]\n'


def test_a_local_channel_has_what_a_worker_needs(loaded: Loads) -> None:
    gpu = loaded(
        LOCAL
        + """model = "wan2.2-ti2v-5b"
        python = "~/torch/bin/python"
        device = "cuda:1"
        loras = ["/loras/a.safetensors"]
        deadline_s = 7200
        """
    ).channels["gpu"]
    assert gpu.python == Path.home() / "torch/bin/python"
    assert gpu.loras == (Lora(file=Path("/loras/a.safetensors")),)
    assert (gpu.concurrency, gpu.refunds_cancelled, gpu.deadline_s) == (1, True, 7200.0)
    weighed = loaded(
        LOCAL + 'model = "m"\nloras = [{ file = "/a", strength = 0.5, expert = "low-noise" }]'
    )
    own = Lora(file=Path("/a"), strength=0.5, expert="low-noise")
    assert weighed.channels["gpu"].loras == (own,)


def test_a_local_channel_refuses_what_means_nothing_for_it(reported: Tells) -> None:
    found = reported(LOCAL + 'base_url = "http://10.0.0.5"\ndevice = "tpu"\ncan.loop = true')
    assert [line.partition(": ")[2].split(" ")[:2] for line in found] == [
        ["channels.gpu.model:", "is"],
        ["channels.gpu.base_url:", "means"],
        ["channels.gpu.can:", "means"],
        ["channels.gpu.device:", "String"],
    ]


def test_other_kinds_have_no_model_files(reported: Tells) -> None:
    (why,) = reported(LUMA + 'model = "wan2.2-ti2v-5b"')
    assert why.endswith("channels.luma.model: is for kind local, and this is 'dream-machine'")


@given(st.decimals(0, 1_000_000, places=6))
def test_a_price_is_exact(price: Decimal) -> None:
    written = f"{price:f}"
    for value in (written, float(written) if len(price.as_tuple().digits) < 16 else written):
        channel = ChannelSettings(kind="relay", models={"a": "a"}, price=value)  # type: ignore[arg-type]  # as TOML has it
        assert channel.price_micro == Fraction(written) * 1_000_000


def test_what_is_said_here_agrees_with_what_is_said_elsewhere() -> None:
    assert set(get_args(FlavourName)) == set(get_args(Flavour))
    reported = get_type_hints(ChannelSettings)
    assert set(get_args(reported["fields"])) == set(get_args(Fields))
    assert set(KIND_RULES) == set(get_args(KindName))
    assert set(FIELDS) >= KIND_SPECIFIC_FIELDS
    terms = UpstreamTerms()
    made = ChannelSettings(kind="relay", models={"a": "a"})
    for name in (
        "requests_per_minute",
        "expected_duration_s",
        "min_poll_interval_s",
        "max_poll_interval_s",
        "deadline_s",
        "ambiguous_after_s",
        "file_deadline_s",
    ):
        assert getattr(made, name) == getattr(terms, name), name
    assert made.file_limit_mb << 20 == terms.file_limit_bytes


PAGES = [
    block
    for page in ("operating", "configuration")
    for block in re.findall(
        r"^```toml\n(.*?)^```$", (DOCS / f"{page}.md").read_text(), re.MULTILINE | re.DOTALL
    )
]


@pytest.mark.parametrize("text", PAGES)
def test_what_the_documents_show_can_be_used(
    loaded: Loads, text: str, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELAY_KEY", "k")
    (empty_folder / "relay").write_text("k")
    loaded(text.replace("/run/secrets/relay", "relay"))
