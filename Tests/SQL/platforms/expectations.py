"""How a habit says what must hold."""

import concurrent.futures
import time


class Unexpected(Exception):
    pass


def expect(what, got, want):
    if got != want:
        raise Unexpected(f"{what}\n    got: {got!r}\n   want: {want!r}")


def eventually(what, is_so, seconds=10):
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise Unexpected(f"{what}: not within {seconds} s")
        time.sleep(0.02)


def at_once(*functions):
    """Runs them beside one another and gives their results."""
    with concurrent.futures.ThreadPoolExecutor(len(functions)) as pool:
        return [done.result() for done in [pool.submit(function) for function in functions]]
