"""Conditions in plain words, and how binding each one is."""

from __future__ import annotations

from datetime import date

from ledger.letters.language import Speaker
from ledger.letters.model import Clause, Ground, Run, Style
from ledger.rights.codes import ConditionCode
from ledger.rights.condition_words import FORCES, force_of
from ledger.rights.tariff import Money
from ledger.rights.terms import Condition

SENTENCES = {
    ConditionCode.CREDIT_AUTHOR: "Credit the author.",
    ConditionCode.CREDIT_PUBLISHER: "Credit the publisher.",
    ConditionCode.EXACT_CREDIT_LINE: "Print the credit line exactly as given.",
    ConditionCode.CREDIT_AT_TOP: "Place the credit at the top of the text.",
    ConditionCode.ABOUT_LINE: "Add the line about the publisher.",
    ConditionCode.LOGO: "Show the publisher’s logo.",
    ConditionCode.SOCIAL_TAG: "Tag the publisher when you share it on social media.",
    ConditionCode.ACKNOWLEDGE_COPYRIGHT: "Print the copyright notice.",
    ConditionCode.NO_ENDORSEMENT: "Do not suggest that the publisher or author endorses you.",
    ConditionCode.LINK_ARTICLE: "Link to the original article.",
    ConditionCode.LINK_BACK: "Link to the publisher’s site.",
    ConditionCode.KEEP_LINKS: "Keep the links in the text.",
    ConditionCode.USE_REPUBLISH_TOOL: "Use the publisher’s republishing tool.",
    ConditionCode.TRACKING_PIXEL: "Keep the publisher’s page counter.",
    ConditionCode.CANONICAL_TAG: "Set a canonical tag that points to the original.",
    ConditionCode.NOINDEX: "Keep search engines from indexing the copy.",
    ConditionCode.NO_EDITS: "Do not change the text.",
    ConditionCode.STYLE_EDITS_OK: "Small changes for house style are allowed.",
    ConditionCode.DISCLOSE_CHANGES: "Say what you have changed.",
    ConditionCode.EDITS_NEED_APPROVAL: "Have every change approved first.",
    ConditionCode.DERIVATIVES_OK: "Adaptations are allowed.",
    ConditionCode.TRANSLATION_OK: "Translation is allowed.",
    ConditionCode.FULL_TEXT_REQUIRED: "Reproduce the full text.",
    ConditionCode.HEADLINE_MAY_CHANGE: "The headline may be changed.",
    ConditionCode.HEADLINE_FIXED: "Keep the headline.",
    ConditionCode.SHORTENING_OK: "Shortening is allowed.",
    ConditionCode.PRINT_OK: "Printing is allowed.",
    ConditionCode.EXCERPT_OK: "Excerpts are allowed.",
    ConditionCode.EXCERPT_LIMIT: "Stay within the limit for excerpts.",
    ConditionCode.PRINT_ASK: "Ask before printing.",
    ConditionCode.CIRCULATION_CAP: "Stay within the limit on circulation.",
    ConditionCode.IMAGES_SEPARATE_RIGHTS: "Pictures need permission of their own.",
    ConditionCode.IMAGES_EXCLUDED: "Do not use the pictures.",
    ConditionCode.IMAGES_ONLY_WITH_STORY: "Use the pictures only together with the text.",
    ConditionCode.IMAGES_OK_WITH_CREDIT: "Pictures may be used with their credit.",
    ConditionCode.IMAGES_ONLY_WHERE_MARKED: "Use only pictures marked as free to use.",
    ConditionCode.NONCOMMERCIAL: "Use it for non-commercial purposes only.",
    ConditionCode.NO_RESALE: "Do not sell it.",
    ConditionCode.ADS_OK: "Advertising on the page is allowed.",
    ConditionCode.COMMERCIAL_ASK: "Ask before any commercial use.",
    ConditionCode.NO_ADS_SOLD_AGAINST: "Do not sell advertising against it.",
    ConditionCode.COMMERCIAL_OK: "Commercial use is allowed.",
    ConditionCode.NO_PAYWALL: "Do not put it behind a paywall.",
    ConditionCode.PAYWALL_OK: "A paywall is allowed.",
    ConditionCode.FEE: "Pay the fee.",
    ConditionCode.PRIOR_PERMISSION: "Obtain permission first.",
    ConditionCode.NOTIFY: "Tell the publisher when you use it.",
    ConditionCode.THIRD_PARTY_EXCLUDED: "Material of third parties is not included.",
    ConditionCode.LICENSEE_CLASS: "Only the named kind of user may use it.",
    ConditionCode.REVOCABLE: "Remove it if the publisher asks.",
    ConditionCode.CONTACT: "Write to the contact given.",
    ConditionCode.SHARE_ALIKE: "Share adaptations under the same terms.",
    ConditionCode.LICENCE_NOTICE: "Print the licence notice.",
    ConditionCode.NO_BULK: "Do not republish the whole site or large parts of it.",
    ConditionCode.UPDATE_CORRECTIONS: "Apply later corrections.",
    ConditionCode.TIME_WINDOW: "Keep to the time allowed.",
    ConditionCode.NO_FRAMING: "Do not frame or embed the page.",
    ConditionCode.NO_SUBLICENSING: "Do not pass the permission on.",
    ConditionCode.AI_TRAINING_PROHIBITED: "Do not use it to train AI systems.",
    ConditionCode.AI_USE_LIMITED: "Use by AI systems is limited.",
    ConditionCode.VOUCHER_COPY: "Send a voucher copy.",
    ConditionCode.TAKEDOWN_DATE: "Take it down by the date given.",
}


_NAMED = 4  # words that may still be a name, a number or an address


def still_to_do(language: str, code: str, due: date, fee: Money | None = None) -> str:
    """What a holder still has to do by a day, by the code of the obligation; "" where letters have no words for it."""
    speaker = Speaker(language)
    if code == "takedown":
        said = speaker.message("Copies online are to be taken down by {date}.")
        return said.format(date=speaker.date(due))
    if code != ConditionCode.FEE:
        return ""
    said = speaker.message(SENTENCES[ConditionCode.FEE]).rstrip(".。")
    amount = f" ({speaker.money(fee)})" if fee else ""
    return f"{said}{amount}: {speaker.date(due)}"


def _parameter(speaker: Speaker, words: str) -> Run:
    """What a condition names; whole sentences are the words it was read from."""
    return (
        Run(speaker.quoted(words), Style.VALUE) if len(words.split()) > _NAMED else Run(words, Style.STRONG)
    )


def condition_clause(speaker: Speaker, condition: Condition, grounds: tuple[Ground, ...]) -> Clause:
    """One condition: its sentence, its parameter, how binding it is."""
    force = force_of(condition)
    text = speaker.say(SENTENCES[condition.code])
    if condition.parameter:
        text = (*text, Run(" "), _parameter(speaker, condition.parameter))
    word = speaker.message(FORCES[force])
    return Clause(f"condition_{condition.code}", (text,), grounds=grounds, duty=force, duty_word=word)
