"""pyHanko's calls start an event loop of their own, which a thread that already runs one refuses."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def outside_any_loop(call: Callable[[], Result]) -> Result:
    """What ``call`` returns or raises, in a thread of its own: whoever asks may be inside an event loop."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(call).result()
