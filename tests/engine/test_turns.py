"""Turns: how many at once, who is next, and that a turn is never lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from mapapp.engine.turns import Turns, patience


def test_no_more_than_so_many_hold_a_turn() -> None:
    turns, holding, most = Turns(2), [0], [0]
    lock, together = threading.Lock(), threading.Barrier(2, timeout=120)

    def work() -> None:
        with turns.turn():
            with lock:
                holding[0] += 1
                most[0] = max(most[0], holding[0])
            together.wait()  # passes only where two hold a turn at the same time
            with lock:
                holding[0] -= 1

    run([work] * 6)
    assert most[0] == 2


def test_the_nearest_deadline_comes_first() -> None:
    turns, order = Turns(1), []

    def work(name: str, seconds: float) -> Callable[[], None]:
        def wait() -> None:
            with patience(seconds), turns.turn():
                order.append(name)

        return wait

    with turns.turn():
        threads = []
        for number, (name, seconds) in enumerate(
            [("table", 90.0), ("facets", 60.0), ("view", 0.0), ("figures", 30.0)], 1
        ):
            thread = threading.Thread(target=work(name, seconds))
            thread.start()
            threads.append(thread)
            until(lambda number=number: len(turns._waiting) == number)  # type: ignore[misc]
    for thread in threads:
        thread.join(120)
    assert order == ["view", "figures", "facets", "table"]


def test_who_fails_hands_the_turn_on() -> None:
    turns = Turns(1)
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"), turns.turn():
            raise ValueError("broken")
    done = []
    run([lambda: done.append(enter(turns))])
    assert done == [True]


def enter(turns: Turns) -> bool:
    with turns.turn():
        return True


def run(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)


def until(condition: Callable[[], bool]) -> None:
    tick = threading.Event()
    for _ in range(20_000):
        if condition():
            return
        tick.wait(0.001)
    pytest.fail("the condition never came")
