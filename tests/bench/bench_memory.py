"""Memory: does the web stay what it was over twenty thousand questions, and the worker over two hundred letters?

    PYTHONPATH=. python tests/bench/bench_memory.py

Lookups, rights pages, the finder and pages that are not there, spread over the whole ledger; resident memory after
a tenth of them and after all. Letters are drawn in the worker's pool of renderers and signed, as its jobs do it;
the renderers count too.
"""

import os
import random
import tempfile
from pathlib import Path

from ledger.letters.certificates import load_or_make_signer
from ledger.letters.pool import RenderPool
from ledger.letters.render import render_letter
from ledger.letters.sign import sign_pdf
from tests.bench import goals, stock
from tests.bench.load import Server, ask_all, resident_bytes, serving
from tests.letters import cast, samples

QUESTIONS, LETTERS = stock.fewer(20_000, 6_000), stock.fewer(200, 60)


def questions(count: int, dice: random.Random) -> list[str]:
    """One in four of each kind."""
    kinds = (
        lambda number: f"/api/pieces?url={stock.address(number)}",
        lambda number: f"/pieces/{stock.piece_id(number)}",
        lambda number: f"/api/pieces/{stock.piece_id(number)}",
        lambda number: f"/api/pieces/{stock.piece_id(number)}/as/rsl",
    )
    return [kinds[turn % len(kinds)](dice.randrange(count)) for turn in range(QUESTIONS)]


def measure(server: Server, count: int) -> None:
    """Ask all, print."""
    asked = questions(count, random.Random(9))
    first = QUESTIONS // 10
    ask_all(server, asked[:first])
    early = server.resident_bytes()
    ask_all(server, asked[first:])
    late = server.resident_bytes()
    what = f"web, memory after {QUESTIONS:,} questions against after {first:,}"
    goals.at_most(what, late / early, 1.1, f"{early / 1e6:.0f} MB, {late / 1e6:.0f} MB")


def letters() -> None:
    """Draw and sign, print."""
    with tempfile.TemporaryDirectory() as folder, RenderPool(1) as pool:
        signer = load_or_make_signer(Path(folder), "Harbour Review", now=cast.ISSUED)
        early = first = LETTERS // 5
        for number in range(1, LETTERS + 1):
            letter = samples.plain_letter(title=f"The Tide at Noon {number}")
            pdf = render_letter(letter, attachments=samples.attachments(), pool=pool)
            sign_pdf(pdf, signer, at=cast.ISSUED)
            if number == first:
                early = resident_bytes(os.getpid())
        late = resident_bytes(os.getpid())
    what = f"worker, memory after {LETTERS} letters against after {first}"
    goals.at_most(what, late / early, 1.1, f"{early / 1e6:.0f} MB, {late / 1e6:.0f} MB")


def main() -> None:
    """Measure on the small ledger of this run, whose file the process cannot keep growing into."""
    with stock.shared_folder() as folder:
        ledger = stock.small_piece_ledger(folder)
        with serving("tests.bench.house_server", str(ledger)) as server:
            measure(server, stock.SMALL_PIECES)
    letters()


if __name__ == "__main__":
    main()
