"""Each Condition in one plain sentence, said to the person who wants to reuse.

``{parameter}`` is filled from the condition where it has one; else the words before the bar stand.
A test fails when a code of ``ledger.rights.codes`` has no sentence here.
"""

from __future__ import annotations

from enum import StrEnum

from ledger.rights.codes import ConditionCode
from ledger.rights.terms import Condition, ConditionScope, Modality, Timing

SENTENCES = {
    "credit_author": "Name the author|Name the author: {parameter}",
    "credit_publisher": "Name the original publisher|Name the original publisher: {parameter}",
    "exact_credit_line": "Use the credit line exactly as given|Use exactly this credit line: {parameter}",
    "credit_at_top": "Put the credit at the top of the text",
    "about_line": "Add the line about the publisher|Add this line about the publisher: {parameter}",
    "logo": "Show the publisher's logo",
    "social_tag": "Tag the publisher in social media|Tag {parameter} in social media",
    "acknowledge_copyright": "State the copyright notice|State the copyright notice: {parameter}",
    "no_endorsement": "Do not suggest that the author or publisher endorses you",
    "link_article": "Link to the original article|Link to the original article: {parameter}",
    "link_back": "Link to the publisher's site|Link to {parameter}",
    "keep_links": "Keep the links in the text",
    "use_republish_tool": "Use the publisher's republishing tool|Use this republishing tool: {parameter}",
    "tracking_pixel": "Keep the publisher's page counter in the text",
    "canonical_tag": "Name the original as canonical in the page's head",
    "noindex": "Ask search engines not to index your copy",
    "no_edits": "Do not change the text",
    "style_edits_ok": "You may adapt it to your house style",
    "disclose_changes": "Say what you changed",
    "edits_need_approval": "Have changes approved first",
    "derivatives_ok": "You may make adaptations",
    "translation_ok": "You may translate it",
    "full_text_required": "Use the whole text, not a part",
    "headline_may_change": "You may change the headline",
    "headline_fixed": "Keep the headline as it is",
    "shortening_ok": "You may shorten it",
    "print_ok": "You may use it in print",
    "excerpt_ok": "You may use an excerpt",
    "excerpt_limit": "Keep to a short excerpt|Use an excerpt of at most {parameter}",
    "print_ask": "Ask before any use in print",
    "circulation_cap": "Keep to the agreed number of copies|At most {parameter} copies",
    "images_separate_rights": "Pictures have their own rights: clear them separately",
    "images_excluded": "Leave out the pictures",
    "images_only_with_story": "Use the pictures only with this text",
    "images_ok_with_credit": "You may use the pictures with their credit",
    "images_only_where_marked": "Use only the pictures that are marked for reuse",
    "noncommercial": "Use it for non-commercial purposes only",
    "no_resale": "Do not sell it",
    "ads_ok": "Advertising beside it is allowed",
    "commercial_ask": "Ask before any commercial use",
    "no_ads_sold_against": "Do not sell advertising against this text",
    "commercial_ok": "Commercial use is allowed",
    "no_paywall": "Keep it free to read",
    "paywall_ok": "It may be put behind a paywall",
    "fee": "Pay the fee|Pay the fee: {parameter}",
    "prior_permission": "Get written permission first|Get written permission first: {parameter}",
    "notify": "Tell the publisher where you used it|Tell {parameter} where you used it",
    "third_party_excluded": "Material by others in it is not included",
    "licensee_class": "Only for certain users|Only for: {parameter}",
    "revocable": "Take it down when asked",
    "contact": "Get in touch about it|Get in touch with {parameter} about it",
    "share_alike": "Publish adaptations under the same licence|Publish adaptations under {parameter}",
    "licence_notice": "Name the licence and link to it|Name the licence and link to it: {parameter}",
    "no_bulk": "Do not copy pieces in bulk",
    "update_corrections": "Apply later corrections",
    "time_window": "Keep to the agreed time|Keep to this time: {parameter}",
    "no_framing": "Do not show it in a frame",
    "no_sublicensing": "Do not pass the permission on to others",
    "ai_training_prohibited": "Do not use it to train AI systems",
    "ai_use_limited": "AI systems may use it only in part|AI systems may use it only so: {parameter}",
    "voucher_copy": "Send a voucher copy|Send voucher copies: {parameter}",
    "takedown_date": "Take it down when the time is over|Take it down on {parameter}",
}


class Force(StrEnum):
    """How binding a condition is, as it is told to people beside its sentence."""

    REQUIRED = "required"
    FORBIDDEN = "forbidden"
    RECOMMENDED = "recommended"
    ALLOWED = "allowed"


FORCES = {
    Force.REQUIRED: "Required",
    Force.FORBIDDEN: "Forbidden",
    Force.RECOMMENDED: "Recommended, not required",
    Force.ALLOWED: "Expressly allowed",
}
"""The words of pages, letters, exports and the command line for it, in the order in which they are listed."""

_FORCE_OF = {
    Modality.MUST: Force.REQUIRED,
    Modality.SHOULD: Force.RECOMMENDED,
    Modality.MAY: Force.ALLOWED,
    Modality.MUST_NOT: Force.FORBIDDEN,
}
# Their sentences say themselves what is not to be done ("Do not sell it", "Keep it free to read"): to call that
# forbidden would turn it round. "Must not" on them says the same as "must".
_BANS = frozenset(
    code
    for code in ConditionCode
    if code.startswith("no_") or code.endswith(("_excluded", "_prohibited", "_separate_rights"))
) | {ConditionCode.NOINDEX, ConditionCode.NONCOMMERCIAL}

_TIMING = {Timing.BEFORE: "before you use it", Timing.AFTER: "after you have used it"}
_SCOPE = {ConditionScope.TEXT: "for the text", ConditionScope.IMAGE: "for the pictures"}


def in_words(condition: Condition) -> str:
    """What it asks, without its time and scope: "Link to the original article"."""
    bare, _, filled = SENTENCES[ConditionCode(condition.code).value].partition("|")
    if not filled or not condition.parameter:
        return bare
    said = condition.parameter.strip()
    if condition.code is ConditionCode.CIRCULATION_CAP:
        said = said.removesuffix(" copies")  # the number may come with its noun
    elif condition.code is ConditionCode.LICENSEE_CLASS:
        said = said.replace("_", " ")
    return filled.replace("{parameter}", said)


def force_of(condition: Condition) -> Force:
    """How binding it is: must -> required, should -> recommended, may -> allowed, must not -> forbidden, except where
    its sentence is a ban already."""
    if condition.modality is Modality.MUST_NOT and condition.code in _BANS:
        return Force.REQUIRED
    return _FORCE_OF[condition.modality]


def condition_sentence(condition: Condition) -> str:
    """The condition in words, with its time (before, after) and its scope where that is not everything."""
    sentence = in_words(condition)
    notes = [_TIMING.get(condition.timing), _SCOPE.get(condition.scope)]
    said = ", ".join(note for note in notes if note)
    if said:
        return f"{sentence} ({said})."
    return sentence if sentence.endswith(".") else f"{sentence}."


def split_conditions(conditions: tuple[Condition, ...]) -> dict[str, list[Condition]]:
    """What is required, forbidden, only recommended, and expressly allowed, told apart."""
    split = {title: [one for one in conditions if force_of(one) is force] for force, title in FORCES.items()}
    return {title: found for title, found in split.items() if found}
