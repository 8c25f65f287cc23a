"""Sentences with their place in the page's text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ledger.intake.page import Block, Page

_STOP = re.compile(r"[.!?…。！？]+[\"'”’»)\]]*(?=\s|$)|\n")
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|inc|ltd|co|corp|vs|etc|e\.g|i\.e|no|nr|art|vol|p|pp|ca|bzw|z\.\s?b|d\.\s?h|usw|u\.s|u\.k|jr"
    r"|sr|approx|dept|fig|ed|eds|al|tel|ul|im|ks|itd|itp|np|tzw|т\.\s?е|т\.\s?д|т\.\s?п|г|им|ст|см|[A-ZА-Я])\.)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    start: int
    end: int
    text: str
    block: int
    """Index of the block in ``Page.blocks``."""


def sentences_of(page: Page, index: int, block: Block) -> Iterator[Sentence]:
    """The sentences of one block; an abbreviation or a following small letter does not end one."""
    text, start = page.text, block.start
    for stop in _STOP.finditer(text, block.start, block.end):
        cut = stop.end() if stop[0] != "\n" else stop.start()
        following = text[stop.end() : stop.end() + 2].strip()
        if stop[0] != "\n" and stop[0][0] == "." and (
            _ABBREVIATION.search(text[max(start, stop.start() - 8) : stop.start() + 1])
            or (following[:1].islower() and stop[0] == ".")
        ):  # fmt: skip
            continue
        if stop[0] == "\n" and following[:1].islower():
            continue  # a line broken in the middle of a sentence
        yield from _trimmed(text, start, cut, index)
        start = stop.end()
    yield from _trimmed(text, start, block.end, index)


def _trimmed(text: str, start: int, end: int, index: int) -> Iterator[Sentence]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        yield Sentence(start, end, text[start:end], index)
