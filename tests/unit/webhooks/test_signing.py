"""What signatures must be: provable by a receiver's own library, and by no other secret."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from rushes.webhooks.signing import Signer

secrets = st.binary(min_size=24, max_size=64).map(
    lambda key: "whsec_" + base64.b64encode(key).decode()
)
bodies = st.text().map(str.encode)
OLD, NEW = ("whsec_" + base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))


@given(secret=secrets, body=bodies, number=st.integers(1, 10**15))
def test_what_is_signed_verifies(secret: str, body: bytes, number: int) -> None:
    headers = Signer(secret).headers(f"msg_{number}", body, now=datetime.now(UTC))

    Webhook(secret).verify(body, headers, json_parse=False)


@given(secret=secrets, other=secrets, body=bodies)
def test_no_other_secret_verifies(secret: str, other: str, body: bytes) -> None:
    headers = Signer(secret).headers("msg_1", body, now=datetime.now(UTC))

    if secret != other:
        with pytest.raises(WebhookVerificationError):
            Webhook(other).verify(body, headers, json_parse=False)


def test_the_example_of_the_specification_is_met() -> None:
    signer = Signer("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    moment = datetime.fromtimestamp(1614265330, UTC)

    headers = signer.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', now=moment)

    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("known", [OLD, NEW])
def test_while_a_secret_is_replaced_receivers_with_either_verify(known: str) -> None:
    headers = Signer(f"{NEW} {OLD}").headers("msg_1", b"{}", now=datetime.now(UTC))

    Webhook(known).verify(b"{}", headers)


@pytest.mark.parametrize(
    "wrong",
    ["", " ", "whsec_", "whsec_short", "whsec_" + "A" * 200, OLD.removeprefix("whsec_"),
     "whsec_" + "!" * 44, f"{OLD} nonsense"],
)  # fmt: skip
def test_what_is_no_secret_is_refused_and_not_shown(wrong: str) -> None:
    with pytest.raises(ValueError, match="webhook secret") as refused:
        Signer(wrong)

    assert "AAAA" not in str(refused.value)
    assert "nonsense" not in str(refused.value)
