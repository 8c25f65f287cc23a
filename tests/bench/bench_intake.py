"""Pages a second of the reader against trafilatura's metadata extraction, on the same pages, interleaved."""

# ruff: noqa: E501 - markup is read by the row

import time
from pathlib import Path

from trafilatura import bare_extraction

from ledger.intake import read
from tests.bench import goals, stock

PAGES = sorted((Path(__file__).parents[1] / "intake" / "data").glob("*.html"))
FILLER = "<p>The tide came in before five and the boats rose with it along the whole length of the quay, one by one.</p>\n"
ROUNDS = stock.fewer(12, 5)


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
            start = time.thread_time()
            read(page)
            middle = time.thread_time()
            bare_extraction(page, with_metadata=True)
            ours += middle - start
            theirs += time.thread_time() - middle
    count = ROUNDS * len(pages)
    size = sum(map(len, pages)) / len(pages) / 1000
    figures = f"{count / ours:.0f} pages/s, {count / theirs:.0f} pages/s, {size:.0f} kB a page"
    goals.at_least("intake against trafilatura with metadata", theirs / ours, 1.5, figures)


if __name__ == "__main__":
    main()
