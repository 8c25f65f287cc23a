"""``make bench``: every benchmark in a process of its own, over ledgers that are filled once, and a table at the end.

    python -m tests.bench.run [name ...]

Ends with 0 when every one of them ran, whatever it measured.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.bench import stock
from tests.bench.goals import RESULTS, collected, table

HERE = Path(__file__).parent


def main() -> int:
    """Run those that were named, or all; the number that did not run."""
    names = sys.argv[1:] or sorted(path.stem[6:] for path in HERE.glob("bench_*.py"))
    broken = []
    with stock.scratch_folder() as folder:
        results = folder / "results.jsonl"
        env = {**os.environ, "PYTHONPATH": str(HERE.parents[1]), RESULTS: str(results)}
        env[stock.SHARED] = str(folder)
        for name in names:
            print(f"== {name}", flush=True)
            start = time.monotonic()
            ran = subprocess.run([sys.executable, HERE / f"bench_{name}.py"], env=env)
            print(f"   {time.monotonic() - start:.0f} s", flush=True)
            broken += [name] if ran.returncode else []
        print("\n" + table(collected(results)))
    if broken:
        print(f"did not run: {', '.join(broken)}")
    return len(broken)


if __name__ == "__main__":
    sys.exit(main())
