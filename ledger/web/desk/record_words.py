"""The choices of the record's form in plain words, for people who have not met the codes."""

from typing import Any

from ledger.rights.codes import ConditionCode
from ledger.web.condition_words import SENTENCES

Choices = tuple[tuple[str, str], ...]

AUTHOR_TYPES: Choices = (("person", "A person"), ("organization", "An organisation"))
LINK_STATES: Choices = (
    ("given", "Given, and it works as far as we know"),
    ("missing", "Not given on the page"),
    ("dead", "Given, but dead"),
    ("archived", "Given, to an archived copy"),
)
EFFECTS: Choices = (
    ("permit", "Allows"),
    ("reserve", "Reserves (ask first)"),
    ("prohibit", "Forbids"),
)
ACTIONS: Choices = (
    ("republish_full", "Republishing the whole text"),
    ("excerpt", "Using an excerpt"),
    ("link", "Linking to it"),
    ("translate", "Translating it"),
    ("adapt", "Adapting it"),
    ("print", "Printing it"),
    ("sell", "Selling copies"),
    ("record_audio", "Recording it as audio"),
    ("ai_train", "Training AI systems on it"),
    ("ai_input", "Feeding it to AI systems"),
    ("index", "Indexing it for search"),
)
CHANNELS: Choices = (
    ("community_site", "A community website"),
    ("nonprofit_site", "A non-profit website"),
    ("commercial_site", "A commercial website"),
    ("intranet", "An intranet"),
    ("print", "Print"),
    ("broadcast", "Broadcast"),
    ("email", "E-mail"),
    ("social", "Social media"),
    ("app", "An app"),
    ("classroom", "A classroom"),
    ("other", "Any other form"),
)
COMMERCIAL: Choices = (("yes", "For commercial uses"), ("no", "For non-commercial uses"))
YES_NO: Choices = (("yes", "Yes"), ("no", "No"))
KINDS: Choices = (
    ("photograph", "Photograph"),
    ("illustration", "Illustration"),
    ("chart", "Chart"),
    ("audio", "Audio"),
    ("video", "Video"),
    ("quotation", "Long quotation"),
    ("translation", "Translation"),
)
CONTACT_ROLES: Choices = (
    ("reprint_permission", "Permission to reuse"),
    ("rights", "Rights"),
    ("editorial", "Editors"),
    ("media", "Press enquiries"),
    ("legal", "Legal"),
    ("accounts", "Accounts"),
    ("general", "General"),
)
LICENCE_SCOPES: Choices = (("page", "The page"), ("image", "Only a picture"), ("text", "Only the text"))
CONDITIONS: Choices = tuple((code.value, SENTENCES[code.value].partition("|")[0]) for code in ConditionCode)

CHOICES: dict[str, Any] = {
    "author_types": AUTHOR_TYPES,
    "link_states": LINK_STATES,
    "effects": EFFECTS,
    "actions": ACTIONS,
    "channels": CHANNELS,
    "commercial": COMMERCIAL,
    "yes_no": YES_NO,
    "kinds": KINDS,
    "contact_roles": CONTACT_ROLES,
    "licence_scopes": LICENCE_SCOPES,
    "conditions": CONDITIONS,
}
"""For the templates, under the name ``choices``."""
