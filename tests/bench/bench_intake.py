"""Pages a second of the reader against trafilatura's metadata extraction, on the same pages, interleaved."""

# ruff: noqa: E501 - markup is read by the row

import time
from pathlib import Path

from trafilatura import bare_extraction

from ledger.intake import read

PAGES = sorted((Path(__file__).parents[1] / "intake" / "data").glob("*.html"))
FILLER = "<p>The tide came in before five and the boats rose with it along the whole length of the quay, one by one.</p>\n"
ROUNDS = 12


def _grown(page: bytes) -> bytes:
    """A test page brought to the size of a real one: 60 paragraphs, 120 links of navigation and a side column."""
    links = "".join(f'<li class="menu-item"><a href="/section/{n}">Section {n}</a></li>' for n in range(120))
    aside = "".join(
        f'<div class="teaser"><h3><a href="/t/{n}">Teaser {n}</a></h3><p>A line about it.</p></div>'
        for n in range(40)
    )
    text = (
        page.decode()
        .replace("</article>", FILLER * 60 + "</article>")
        .replace("<main>", f"<nav><ul>{links}</ul></nav><main>")
    )
    return text.replace("</main>", f"</main><aside class='sidebar'>{aside}</aside>").encode()


def main() -> None:
    pages = [_grown(path.read_bytes()) for path in PAGES]
    ours = theirs = 0.0
    for page in pages:  # warm both
        read(page)
        bare_extraction(page, with_metadata=True)
    for _ in range(ROUNDS):
        for page in pages:
            start = time.perf_counter()
            read(page)
            middle = time.perf_counter()
            bare_extraction(page, with_metadata=True)
            ours += middle - start
            theirs += time.perf_counter() - middle
    count = ROUNDS * len(pages)
    print(f"intake: {count / ours:.0f} pages/s, trafilatura with metadata {count / theirs:.0f} pages/s, ratio {theirs / ours:.2f}"
          f" ({sum(map(len, pages)) / len(pages) / 1000:.0f} kB a page)")  # fmt: skip


if __name__ == "__main__":
    main()
