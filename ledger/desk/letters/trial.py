"""A letter drawn, signed and checked for trial, so that an operator learns before the first requester what is missing.

It declines nothing to nobody, and is kept nowhere: the journal whose key vouches for it is made for it and forgotten,
so that no file of a trial can ever pass for a letter.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from secrets import token_bytes

from pypdf import PdfReader

from ledger.desk.context import Desk
from ledger.desk.house.findings import Finding, State, trouble
from ledger.desk.house.publishers import party_of
from ledger.desk.letters.letter_file import drawn, grant_file
from ledger.desk.letters.letter_matter import Matter
from ledger.desk.letters.letter_words import compose_letter, frame_of
from ledger.desk.letters.signing import signer_of
from ledger.desk.letters.time_stamping import roots_of, stamper_of
from ledger.desk.refusals import Unavailable
from ledger.journal.entry import canonical
from ledger.journal.note import Signer, sign_checkpoint
from ledger.journal.proof import make_proof
from ledger.journal.tree import leaf_hash
from ledger.letters.certificates import LetterSigner
from ledger.letters.model import LetterKind
from ledger.letters.sign import sign_pdf
from ledger.letters.signing_keys import BadCertificate
from ledger.letters.stamping import NotStamped, stamp_of
from ledger.letters.verify import VALID, verify_letter
from ledger.mail import written_in
from ledger.records.publishers import PublisherRow
from ledger.rights.pieces import Component, ComponentKind, Piece
from ledger.rights.uses import ProposedUse

JOURNAL = "trial.invalid/journal"
TITLE = "A trial of this ledger's letters"
REASON = (
    "This file was made to try the letters of this ledger. It says nothing to anybody and is kept nowhere."
)
FONTS = "Ledger"
"""What the names of the package's own fonts begin with."""
FEW_DAYS = 30
"""Days before a certificate ends: a new one takes some."""
CLOCKS_APART = 300
"""Seconds between the authority's clock and ours, its answer included."""


def draw_trial(desk: Desk, publisher: PublisherRow) -> tuple[bytes, str]:
    """(an unsigned letter under the publisher's own letterhead, the key of the journal that is its alone).

    Raises ``Unavailable`` where it cannot be drawn, or not in the package's own fonts, or its certificate fails.
    """
    number, at = f"{publisher.number_prefix}-TRIAL", desk.clock().replace(microsecond=0)
    matter = _matter(publisher)
    frame = frame_of(
        desk,
        publisher,
        matter.addressee,
        number=number,
        at=at,
        language=written_in(publisher.language),
        log=JOURNAL,
        entry=0,
        request_ref="trial",
    )
    letter = compose_letter(matter, frame)
    grant = grant_file(desk, matter, letter)
    decided = {
        "number": number,
        "grant_sha256": hashlib.sha256(grant).hexdigest(),
        "certificate_sha256": signer_of(desk, publisher).fingerprint,
    }
    proof, vkey = _proof(decided)
    pdf = drawn(letter, grant, proof)
    _must_be_in_our_fonts(pdf)
    return pdf, vkey


def check_trial(desk: Desk, pdf: bytes, vkey: str) -> str:
    """What our own verifier holds against the letter; empty when it is content. Raises NotStamped."""
    roots = roots_of(desk.time_stamping) if desk.time_stamping else ()
    verdict = verify_letter(pdf, vkey=vkey, stamp_roots=roots)
    return "" if verdict.code == VALID else f"{verdict.state.replace('_', ' ')}: {verdict.reason}"


def _matter(publisher: PublisherRow) -> Matter:
    party = party_of(publisher)
    text = Component(id="trial", kind=ComponentKind.TEXT)
    return Matter(
        kind=LetterKind.DECLINE,
        piece=Piece(id="trial", publisher=party, title=TITLE, components=(text,)),
        use=ProposedUse(),
        addressee=party,
        decision="trial",
        reason=REASON,
    )


def _proof(decided: dict[str, str]) -> tuple[bytes, str]:
    """A journal of one entry, by a key that is forgotten at once."""
    journal = Signer(JOURNAL, token_bytes(32))
    leaf = canonical({"payload": decided})
    checkpoint = sign_checkpoint(journal, 1, leaf_hash(leaf))
    return make_proof(0, [], checkpoint, leaf), journal.verifier.vkey


def _must_be_in_our_fonts(pdf: bytes) -> None:
    fonts = PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    names = {str(font.get_object()["/BaseFont"]) for font in fonts}
    if not names or not all(f"+{FONTS}" in name for name in names):
        raise Unavailable(
            f"The letter was drawn in other fonts than its own ({', '.join(sorted(names)) or 'none'}); "
            "install the package again: its folder ledger/letters/fonts is not whole."
        )


def key_tried(desk: Desk, publisher: PublisherRow) -> tuple[LetterSigner | None, list[Finding]]:
    """The key a publisher's letters are signed with, used once, and how long its certificate lasts."""
    try:
        signer = signer_of(desk, publisher)
        signer.sign(b"trial")
    except (BadCertificate, Unavailable) as error:
        return None, [trouble("signing key", error)]
    signed = Finding("signing key", State.OK, f"Signed with {_place(desk)}.")
    return signer, [signed, _validity(signer, desk.clock())]


def letters_tried(desk: Desk, publisher: PublisherRow) -> Iterator[Finding]:
    """The key, its certificate, the authority for time stamps and a whole letter, each tried in earnest.

    The authority is asked once, for the letter's own stamp: some count what they are asked.
    """
    signer, found = key_tried(desk, publisher)
    yield from found
    if signer is None:
        yield Finding("letter", State.SKIPPED, "Not tried, for it could not be signed.")
        return
    try:
        pdf, vkey = draw_trial(desk, publisher)
    except Exception as error:  # whatever a letterhead or a library does, the letter is not drawn
        yield trouble("letter", error)
        return
    file, stamp = _stamped(desk, pdf, signer)
    yield stamp
    objection = check_trial(desk, file, vkey)
    if objection:
        yield Finding("letter", State.WRONG, f"Drawn and signed, but our own verifier finds it {objection}.")
    else:
        yield Finding(
            "letter", State.OK, f"Drawn for {publisher.name}, signed, and valid by our own verifier."
        )


def _place(desk: Desk) -> str:
    if desk.letter_token is not None:
        return f"the {desk.letter_token.key_name} on the {desk.letter_token.token_name}"
    if desk.letter_key is not None:
        return f"the key in {desk.letter_key}"
    return "a key of our own making; a certificate of a trust service is set with LEDGER_LETTER_KEY"


def _validity(signer: LetterSigner, now: datetime) -> Finding:
    """The whole chain is looked at: a letter is no longer than its shortest certificate."""
    chain = (signer.certificate, *signer.chain)
    first = max(each.not_valid_before_utc for each in chain)
    last = min(each.not_valid_after_utc for each in chain)
    left = (last - now).days
    said = f"Of {signer.subject}, valid until {last.date()}: {left} days left."
    if now < first:
        said = f"Valid only from {first.date()}; see that the clock of this machine is right."
        return Finding("certificate", State.WRONG, said)
    if now > last:
        said = f"Expired on {last.date()}; get a new one, and set LEDGER_LETTER_CERTIFICATE to it."
        return Finding("certificate", State.WRONG, said)
    if left < FEW_DAYS:
        return Finding("certificate", State.NOTE, f"{said} Order the next one now.")
    return Finding("certificate", State.OK, said)


def _stamped(desk: Desk, pdf: bytes, signer: LetterSigner) -> tuple[bytes, Finding]:
    """The letter signed, with a stamp where one can be had, and what became of the stamp."""
    at = desk.clock().replace(microsecond=0)
    authority = desk.time_stamping
    if authority is None:
        said = "No authority is set (LEDGER_TIMESTAMP_URL); letters go without a stamp."
        return sign_pdf(pdf, signer, at=at), Finding("time stamp", State.SKIPPED, said)
    try:
        file = sign_pdf(pdf, signer, at=at, stamper=stamper_of(desk))
        stamp = stamp_of(file, roots_of(authority))
        assert stamp is not None
    except NotStamped as error:
        state = State.NOTE if authority.optional else State.WRONG
        then = "go without" if authority.optional else "wait for it"
        said = f"{str(error)[:1].upper()}{str(error)[1:]}. Letters {then}; see LEDGER_TIMESTAMP_URL."
        return sign_pdf(pdf, signer, at=at), Finding("time stamp", state, said)
    apart = abs((stamp.at - desk.clock()).total_seconds())
    if apart > CLOCKS_APART:
        said = f"By {stamp.by}, whose clock is {apart / 60:.0f} minutes from this machine's; set the clock."
        return file, Finding("time stamp", State.NOTE, said)
    return file, Finding("time stamp", State.OK, f"By {stamp.by}.")
