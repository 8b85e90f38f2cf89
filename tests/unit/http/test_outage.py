"""What a client is told when the fault is ours."""

from rushes.core.errors import MediaError, StoreError
from rushes.http.problems import problem


def test_a_store_in_trouble_is_worth_another_try_and_keeps_its_words_to_itself():
    for error in (StoreError("disk full at /var/secret"), MediaError("no space at /var/secret")):
        reported = problem(error)
        assert (reported.status, reported.code) == (503, error.code)
        assert reported.retry_after_s
        assert "secret" not in reported.detail


def test_a_mistake_of_ours_is_told_as_nothing_but_that():
    reported = problem(KeyError("secret"))
    assert (reported.status, reported.code, reported.retry_after_s) == (500, "internal", None)
    assert "secret" not in reported.detail
