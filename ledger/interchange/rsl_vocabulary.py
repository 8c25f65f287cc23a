"""The words of RSL 1.0 (RSL-SPEC-1.0, 10 December 2025, with its errata; https://rslstandard.org/rsl).

Structure as in its appendix A, meanings as in its section 3. Section numbers stand beside each list.
"""

from __future__ import annotations

from ledger.rights.scope import Scope
from ledger.rights.uses import Action, RequesterType

NAMESPACE = "https://rslstandard.org/rsl"

CONTENT = ("license", "alternate", "schema", "copyright", "terms")  # 3.3
LICENSE = ("permits", "prohibits", "payment", "reporting", "legal")  # 3.4
PAYMENT = ("standard", "custom", "amount", "accepts")  # 3.7
KINDS = ("usage", "user", "geo")  # 3.5

_AI = (Action.AI_TRAIN, Action.AI_INPUT)
USAGE: dict[str, tuple[Action, ...]] = {
    "all": (*_AI, Action.INDEX),
    "ai-all": _AI,
    "ai-train": (Action.AI_TRAIN,),
    "train-ai": (Action.AI_TRAIN,),  # in the drafts
    "ai-input": (Action.AI_INPUT,),
    "ai-index": (),  # no counterpart here: it stays a thing to ask
    "search": (Action.INDEX,),
}
"""3.4.1.1: the automated uses that we know. ``search`` is links and short excerpts, never a generated summary."""

BREADTH = {"all": 2, "ai-all": 1}
"""How wide a usage is (3.1.1: the narrower prevails); every other token names one use alone."""

USERS = {
    "commercial": Scope(commercial=True),
    "non-commercial": Scope(commercial=False),
    "education": Scope(requesters=frozenset({RequesterType.ACADEMIC_INSTITUTION, RequesterType.STUDENT})),
    "government": Scope(requesters=frozenset({RequesterType.GOVERNMENT})),
    "personal": Scope(requesters=frozenset({RequesterType.INDIVIDUAL})),
}
"""3.4.1.2: who is responsible for the automated use."""

FREE_OF_CHARGE = ("free", "attribution")
PAYMENTS = (
    *("purchase", "subscription", "training", "crawl", "use", "contribution"),
    "inference",  # in the drafts
    *FREE_OF_CHARGE,
)
"""3.7."""

REPORTS = ("telemetry", "provenance", "audit")  # 3.12

LEGAL: dict[str, tuple[str, ...] | None] = {
    "warranty": ("ownership", "authority", "no-infringement", "privacy-consent", "no-malware"),
    "disclaimer": ("as-is", "no-warranty", "no-liability", "no-indemnity"),
    "attestation": ("true", "false"),
    "contact": None,
    "proof": None,
}
"""3.13: each type with its words; None is an address or several."""
