"""What a client is told when the fault is ours."""

from rushes.core.errors import MediaError, StoreError
from rushes.http.problems import problem


def test_a_store_in_trouble_is_worth_another_try_and_keeps_its_words_to_itself():
    for error in (StoreError("disk full at /var/secret"), MediaError("no space at /var/secret")):
        told = problem(error)
        assert (told.status, told.code) == (503, error.code)
        assert told.retry_after_s
        assert "secret" not in told.detail


def test_a_mistake_of_ours_is_told_as_nothing_but_that():
    told = problem(KeyError("secret"))
    assert (told.status, told.code, told.retry_after_s) == (500, "internal", None)
    assert "secret" not in told.detail
