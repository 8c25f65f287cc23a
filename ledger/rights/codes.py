"""The vocabulary of conditions found in published republication policies."""

from __future__ import annotations

from enum import StrEnum


class ConditionCode(StrEnum):
    # attribution
    CREDIT_AUTHOR = "credit_author"
    CREDIT_PUBLISHER = "credit_publisher"
    EXACT_CREDIT_LINE = "exact_credit_line"
    CREDIT_AT_TOP = "credit_at_top"
    ABOUT_LINE = "about_line"
    LOGO = "logo"
    SOCIAL_TAG = "social_tag"
    ACKNOWLEDGE_COPYRIGHT = "acknowledge_copyright"
    NO_ENDORSEMENT = "no_endorsement"
    # links
    LINK_ARTICLE = "link_article"
    LINK_BACK = "link_back"
    KEEP_LINKS = "keep_links"
    USE_REPUBLISH_TOOL = "use_republish_tool"
    TRACKING_PIXEL = "tracking_pixel"
    CANONICAL_TAG = "canonical_tag"
    NOINDEX = "noindex"
    # changes
    NO_EDITS = "no_edits"
    STYLE_EDITS_OK = "style_edits_ok"
    DISCLOSE_CHANGES = "disclose_changes"
    EDITS_NEED_APPROVAL = "edits_need_approval"
    DERIVATIVES_OK = "derivatives_ok"
    TRANSLATION_OK = "translation_ok"
    FULL_TEXT_REQUIRED = "full_text_required"
    HEADLINE_MAY_CHANGE = "headline_may_change"
    HEADLINE_FIXED = "headline_fixed"
    SHORTENING_OK = "shortening_ok"
    # extent
    PRINT_OK = "print_ok"
    EXCERPT_OK = "excerpt_ok"
    EXCERPT_LIMIT = "excerpt_limit"
    PRINT_ASK = "print_ask"
    CIRCULATION_CAP = "circulation_cap"
    # images
    IMAGES_SEPARATE_RIGHTS = "images_separate_rights"
    IMAGES_EXCLUDED = "images_excluded"
    IMAGES_ONLY_WITH_STORY = "images_only_with_story"
    IMAGES_OK_WITH_CREDIT = "images_ok_with_credit"
    IMAGES_ONLY_WHERE_MARKED = "images_only_where_marked"
    # commerce
    NONCOMMERCIAL = "noncommercial"
    NO_RESALE = "no_resale"
    ADS_OK = "ads_ok"
    COMMERCIAL_ASK = "commercial_ask"
    NO_ADS_SOLD_AGAINST = "no_ads_sold_against"
    COMMERCIAL_OK = "commercial_ok"
    NO_PAYWALL = "no_paywall"
    PAYWALL_OK = "paywall_ok"
    FEE = "fee"
    # control
    PRIOR_PERMISSION = "prior_permission"
    NOTIFY = "notify"
    THIRD_PARTY_EXCLUDED = "third_party_excluded"
    LICENSEE_CLASS = "licensee_class"
    REVOCABLE = "revocable"
    CONTACT = "contact"
    SHARE_ALIKE = "share_alike"
    LICENCE_NOTICE = "licence_notice"
    NO_BULK = "no_bulk"
    UPDATE_CORRECTIONS = "update_corrections"
    TIME_WINDOW = "time_window"
    NO_FRAMING = "no_framing"
    NO_SUBLICENSING = "no_sublicensing"
    # AI
    AI_TRAINING_PROHIBITED = "ai_training_prohibited"
    AI_USE_LIMITED = "ai_use_limited"
    # what a letter adds
    VOUCHER_COPY = "voucher_copy"
    TAKEDOWN_DATE = "takedown_date"

    @classmethod
    def _missing_(cls, value: object) -> ConditionCode | None:
        """Accept the other spellings that readers of policies use; anything else is still refused."""
        spelled = ALIASES.get(str(value))
        return cls(spelled) if spelled else None


ALIASES = {
    "copyright_ack": "acknowledge_copyright",
    "preserve_links": "keep_links",
    "republish_tool": "use_republish_tool",
    "noindex_tag": "noindex",
    "social_tagging": "social_tag",
    "shorten_ok": "shortening_ok",
    "shorten_with_approval": "edits_need_approval",
    "no_ads_against": "no_ads_sold_against",
    "separate_rights": "images_separate_rights",
    "excluded": "images_excluded",
    "only_with_story": "images_only_with_story",
    "ok_with_credit": "images_ok_with_credit",
    "only_where_marked": "images_only_where_marked",
    "revocable_takedown": "revocable",
    "contact_email": "contact",
    "permission_for_exceptions": "commercial_ask",
    "commercial_fee": "fee",
    "fee_for_full": "fee",
    "training_prohibited": "ai_training_prohibited",
    "use_limited": "ai_use_limited",
}

_BOUNDING = """
    noncommercial licensee_class no_edits edits_need_approval full_text_required excerpt_limit circulation_cap
    no_resale no_ads_sold_against no_paywall no_sublicensing noindex canonical_tag no_framing
    ai_training_prohibited images_excluded images_separate_rights images_only_where_marked
    third_party_excluded prior_permission commercial_ask print_ask
"""
BOUNDING = frozenset(ConditionCode(code) for code in _BOUNDING.split())
"""Conditions that a stated fact of the use may break, or that ask for consent first: they bound the
permission."""
