"""Sentences and their effect: what permits, what reserves, what prohibits, and what is only talk."""

import pytest

from ledger.intake.conditions import CONDITIONS, conditions_in
from ledger.intake.terms import effect_of
from ledger.rights.codes import ConditionCode

EFFECTS = [
    (
        "permit",
        "Our stories may be republished online or in print for free under a Creative Commons licence.",
    ),
    ("permit", "You are free to republish this article both online and in print."),
    ("permit", "Articles may be reprinted without further permission provided credit is given."),
    ("permit", "Der Nachdruck ist mit Quellenangabe gestattet."),
    ("permit", "La reproducción está permitida citando la fuente."),
    ("permit", "Перепечатка разрешена при условии ссылки на источник."),
    ("reserve", "Reprints require the prior written consent of the publisher."),
    ("reserve", "This text may not be reproduced without the permission of the author."),
    ("reserve", "You must ask before reusing our work."),
    ("reserve", "Contact us for syndication."),
    ("reserve", "Toute reproduction interdite sans autorisation."),
    ("reserve", "Przedruk wyłącznie za zgodą redakcji."),
    ("prohibit", "No part of this publication may be reproduced."),
    ("prohibit", "Do not republish this article."),
    ("prohibit", "You may not reproduce this text."),
    ("prohibit", "Nachdruck verboten."),
    (None, "Please share this article with your friends."),
    (None, "Crosspost on your blog, forward it to your lists."),
    (None, "We do not publish on Sundays."),
    (None, "The government did not allow the paper to publish the report."),
    (None, "He said officials may not publish the list without permission from the court."),
    (None, "The bank may print more money next year."),
    (None, "Officials can distribute the vaccine freely."),
    (None, "If you wish to use it for purposes other than 'fair use' you must request permission."),
]


@pytest.mark.parametrize(("effect", "sentence"), EFFECTS)
def test_the_effect_of_a_sentence(effect: str | None, sentence: str) -> None:
    assert effect_of(sentence) == effect


CODES = [
    ("credit_author", "Credit the author."),
    ("credit_publisher", "as long as the source is acknowledged"),
    ("exact_credit_line", "Include the following credit: “First published in The Lantern”"),
    ("credit_at_top", "with a credit at the top of the page"),
    ("logo", "You must display our logo."),
    ("acknowledge_copyright", "the copyright is acknowledged"),
    ("no_endorsement", "Do not imply that we endorse you."),
    ("link_article", "a hyperlink to the original article"),
    ("link_back", "Please link back to us."),
    ("keep_links", "Keep all links in the text."),
    ("use_republish_tool", "Use the “Republish” button to copy the code."),
    ("tracking_pixel", "Leave the tracking pixel in place."),
    ("canonical_tag", "Set a canonical tag."),
    ("noindex", "Pages must carry noindex."),
    ("no_edits", "You may not edit our stories."),
    ("style_edits_ok", "except to fit your house style"),
    ("disclose_changes", "Indicate any changes you made."),
    ("edits_need_approval", "Edits need our approval."),
    ("translation_ok", "You may translate the text."),
    ("full_text_required", "Republish the article in its entirety."),
    ("headline_may_change", "You may write your own headline."),
    ("headline_fixed", "Do not change the headline."),
    ("shortening_ok", "You may shorten the text."),
    ("print_ok", "You may republish it online or in print."),
    ("excerpt_limit", "up to 150 words"),
    ("images_separate_rights", "Photos need a separate licence."),
    ("images_excluded", "Images are not included."),
    ("images_only_with_story", "Photographs may be used only with the story."),
    ("noncommercial", "for non-commercial use"),
    ("no_resale", "You may not sell our stories."),
    ("ads_ok", "You may publish it on pages with ads."),
    ("no_ads_sold_against", "Do not sell ads against our stories."),
    ("no_paywall", "not behind a paywall"),
    ("fee", "A reprint fee is charged."),
    ("prior_permission", "with prior written permission"),
    ("notify", "Let us know when you use it."),
    ("third_party_excluded", "This does not apply to third-party content."),
    ("revocable", "We reserve the right to withdraw this permission."),
    ("share_alike", "under the same licence"),
    ("no_bulk", "Do not republish our work wholesale."),
    ("update_corrections", "Corrections must be made in your version."),
    ("time_window", "no sooner than 24 hours after publication"),
    ("no_framing", "no framing of our pages"),
    ("no_sublicensing", "This right is non-transferable."),
    ("ai_training_prohibited", "may not be used to train language models"),
]


@pytest.mark.parametrize(("code", "clause"), CODES)
def test_a_condition_is_read_from_its_clause(code: str, clause: str) -> None:
    found = {condition.code: condition for condition in conditions_in(clause, 100)}
    assert code in found
    evidence = found[code].evidence
    assert evidence.start is not None
    assert evidence.end is not None
    assert 100 <= evidence.start < evidence.end <= 100 + len(clause)


def test_every_code_is_one_that_the_rights_engine_knows() -> None:
    assert {code for code, _, _ in CONDITIONS} <= {code.value for code in ConditionCode}


def test_parameters_are_kept_verbatim() -> None:
    (limit,) = [
        each
        for each in conditions_in("Excerpts of up to 150 words are fine", 0)
        if each.code == "excerpt_limit"
    ]
    assert limit.parameter == "150 words"
    clause = "Include the following credit: “First in The Lantern”"
    parameters = {each.code: each.parameter for each in conditions_in(clause, 0)}
    assert parameters["exact_credit_line"] == "First in The Lantern"
