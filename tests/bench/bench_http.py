"""The public lookup over HTTP, JSON and HTML, in a large ledger: against bare apps, Django, and a small ledger.

    PYTHONPATH=. python tests/bench/bench_http.py

All servers run at once, each in one process of granian, and are asked in turns of a shuffled order by one
reader over eight kept connections. Each line is a ratio; the requests a second and the server's own processor
time a request stand behind it. LEDGER_BENCH_PIECES or LEDGER_BENCH_SMALL=1 change the size.
"""

import random
import statistics
from collections.abc import Callable
from contextlib import ExitStack

from tests.bench import goals, stock
from tests.bench.load import Run, Server, fetch, run, serving

ROUNDS = stock.fewer(12, 5)
SECONDS = 0.8
Runs = dict[str, list[Run]]


def lookups(count: int, dice: random.Random) -> list[str]:
    """Questions of the JSON lookup, spread over the whole ledger."""
    return [f"/api/pieces?url={stock.address(dice.randrange(count))}" for _ in range(20_000)]


def pages(count: int, dice: random.Random, under: str = "pieces") -> list[str]:
    """Rights pages, spread over the whole ledger."""
    return [f"/{under}/{stock.piece_id(dice.randrange(count))}" for _ in range(20_000)]


def interleaved(acts: dict[str, Callable[[], Run]]) -> Runs:
    """Every act once a round, in an order that changes: what disturbs the machine disturbs them alike."""
    dice = random.Random(4)
    found: Runs = {name: [] for name in acts}
    for act in acts.values():
        act()  # warm
    for _ in range(ROUNDS):
        for name in dice.sample(list(acts), len(acts)):
            found[name].append(acts[name]())
    return found


def agree(servers: dict[str, Server], count: int) -> None:
    """The opponents answer the same: otherwise there is nothing to compare."""
    question = lookups(count, random.Random(5))[0]
    answers = {name: fetch(servers[name], question)[1] for name in ("house", "bare", "django")}
    assert len(set(answers.values())) == 1, answers
    page = pages(count, random.Random(5))[0]
    house, bare = (fetch(servers[name], page)[1] for name in ("house", "bare"))
    assert abs(len(house) - len(bare)) < 200, (len(house), len(bare))


def median(found: list[Run], what: str) -> float:
    """The median of one of a run's figures."""
    return statistics.median(getattr(each, what) for each in found)


def against(runs: Runs, what: str, name: str, to: str, goal: float | None) -> None:
    """The ratio of requests a second, and of processor time a request."""
    pairs = zip(runs[name], runs[to], strict=True)
    rate = statistics.median(a.per_second / b.per_second for a, b in pairs)
    cpu = median(runs[to], "cpu_microseconds") / median(runs[name], "cpu_microseconds")
    figures = ", ".join(
        f"{each} {median(runs[each], 'per_second'):.0f}/s {median(runs[each], 'cpu_microseconds'):.0f} us"
        for each in (name, to)
    )
    figures = f"by processor time {cpu:.2f}x; {figures}"
    if goal is None:
        goals.no_goal(what, rate, figures)
    else:
        goals.at_least(what, rate, goal, figures)


def measure(servers: dict[str, Server], large: int) -> None:
    """Ask all in turns, print."""
    dice = random.Random(3)
    json, html = lookups(large, dice), pages(large, dice)
    small_json, small_html = lookups(stock.SMALL_PIECES, dice), pages(stock.SMALL_PIECES, dice)
    prepared = pages(large, dice, "template")

    def act(server: str, targets: list[str], connections: int = 8) -> Callable[[], Run]:
        return lambda: run(servers[server], dice.sample(targets, len(targets)), SECONDS, connections)

    runs = interleaved(
        {
            "house json": act("house", json),
            "bare json": act("bare", json),
            "django json": act("django", json),
            "house html": act("house", html),
            "bare html": act("bare", html),
            "template alone": act("bare", prepared),
            "large json": act("house", json, 1),
            "small json": act("small", small_json, 1),
            "large html": act("house", html, 1),
            "small html": act("small", small_html, 1),
        }
    )
    print(f"{large:,} pieces, SQLite {stock.sqlite_version()}, {ROUNDS} rounds of {SECONDS} s, interleaved")
    against(runs, "JSON lookup against bare ASGI with the same SQL", "house json", "bare json", 0.45)
    against(runs, "JSON lookup against Django's ORM on WSGI", "house json", "django json", 3)
    against(runs, "rights page against bare ASGI, same rows, same template", "house html", "bare html", 0.5)
    against(runs, "rights page against the template alone", "house html", "template alone", None)
    for kind in ("json", "html"):
        far, near = (median(runs[f"{size} {kind}"], "p50_microseconds") for size in ("large", "small"))
        what = f"{kind.upper()} p50 over HTTP, {large:,} pieces against {stock.SMALL_PIECES:,}"
        goals.at_most(what, far / near, 3, f"{far:.0f} us, {near:.0f} us")


def main() -> None:
    """Measure on the ledgers of this run."""
    with stock.shared_folder() as folder, ExitStack() as stack:
        big, little, large = stock.piece_ledgers(folder)
        kinds = {
            "house": ("tests.bench.house_server", str(big)),
            "small": ("tests.bench.house_server", str(little)),
            "bare": ("tests.bench.bare_server", str(big / "ledger.db")),
            "django": ("tests.bench.django_server", str(big / "ledger.db")),
        }
        servers = {name: stack.enter_context(serving(*words)) for name, words in kinds.items()}
        agree(servers, large)
        measure(servers, large)


if __name__ == "__main__":
    main()
