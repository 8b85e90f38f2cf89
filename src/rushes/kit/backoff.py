"""Compute pauses between retries."""


def exponential_s(attempt: int, *, base_s: float, cap_s: float) -> float:
    """
    Return the pause after *attempt* failures, in seconds: the base, doubled each time, to the cap.

    Args:
        attempt: How many attempts have failed; 1 after the first.

        base_s: The pause after the first failure, in seconds.

        cap_s: The longest pause, in seconds.
    """
    return min(cap_s, base_s * 2.0 ** min(attempt - 1, 64))
