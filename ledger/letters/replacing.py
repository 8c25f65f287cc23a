"""What a letter says that takes the place of one with an error: which one, what is corrected, what stays permitted."""

from __future__ import annotations

from ledger.letters.changes import before_and_now, corrections_between
from ledger.letters.language import Speaker
from ledger.letters.matters import Decision, Replaced
from ledger.letters.model import Clause, Section, Text
from ledger.letters.parts import house, identifier, prose, record, saying, value
from ledger.rights.grants import Grant
from ledger.rights.parties import Party
from ledger.rights.pieces import Piece
from ledger.rights.uses import ProposedUse


def replaces(speaker: Speaker, replaced: Replaced) -> Text:
    """The sentence that names the letter whose place is taken."""
    return speaker.say(
        "This letter replaces letter {number} of {date}.",
        number=identifier(replaced.number),
        date=speaker.date(replaced.date),
    )


def the_replacement(
    speaker: Speaker,
    replaced: Replaced | None,
    piece: Piece,
    grant: Grant,
    use: ProposedUse,
    addressee: Party,
    decision: Decision,
) -> list[Section]:
    """What is corrected, why in staff's own words, and what that means; nothing where no letter is replaced.

    Raises ValueError when nothing differs from the replaced letter.
    """
    if replaced is None:
        return []
    corrections = corrections_between(speaker, replaced, piece, grant, use, addressee)
    if not corrections:
        raise ValueError("a letter that replaces another has to correct something")
    reason = [Clause("replacement_reason", (value(decision.reason),), grounds=(decision.ground,))]
    earlier = record(replaced.number, replaced.sha256)
    meaning = [
        saying(
            speaker,
            "replacement",
            "This letter corrects the earlier one and grants nothing beyond it. "
            "From now on, please use this letter only.",
            earlier,
        ),
        saying(
            speaker,
            "replacement_past",
            "What was done under the earlier letter, in keeping with its terms, remains permitted.",
            house("replacement_past"),
        ),
    ]
    return [
        before_and_now(speaker, "What has been corrected", corrections, decision),
        prose("why", speaker.message("Reason"), reason if decision.reason else []),
        prose("meaning", speaker.message("What this means"), meaning),
    ]
