"""Waiting for what must come true."""
import time


def until(condition, seconds=30, what="it"):
    """Looks again and again, for as long as it takes; what the condition gave."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come true within {seconds} s")
