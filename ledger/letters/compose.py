"""The seven kinds of letter: which clauses, in which order, on which ground.

Each function takes what the rights decided and returns a Letter; none decides anything itself. All wording is
ours and plain; a publisher adds to it through ``Frame.own_wording``. Raises UnknownLanguage, BadWording.
"""

from ledger.letters.compose_answers import (
    compose_decline,
    compose_enquiry,
    compose_no_permission_needed,
    compose_referral,
)
from ledger.letters.compose_grants import compose_amendment, compose_grant, compose_revocation
from ledger.letters.matters import (
    Change,
    Decision,
    EarlierLetter,
    Enquiry,
    Frame,
    Material,
    NotOurs,
    OtherItem,
    Replaced,
)

__all__ = [
    "Change",
    "Decision",
    "EarlierLetter",
    "Enquiry",
    "Frame",
    "Material",
    "NotOurs",
    "OtherItem",
    "Replaced",
    "compose_amendment",
    "compose_decline",
    "compose_enquiry",
    "compose_grant",
    "compose_no_permission_needed",
    "compose_referral",
    "compose_revocation",
]
