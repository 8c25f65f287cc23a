"""What one rule is about: its actions, its channels, who speaks and of what."""

# ruff: noqa: E501 - patterns are read by the row, not by the line

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger.intake import clauses
from ledger.intake.phrases import same_name

_INFLUENCED = frozenset({"adapt", "sell", "excerpt", "translate", "record_audio"})
_SELF = re.compile(
    r"\b(?:we|our|us|nous|notre|nos|wir|unsere[rnms]?|nuestr\w+|nostr\w+|nasz\w*|мы|наш\w*|my|onze|noss[ao]s?)\b",
    re.I,
)
_GRANTOR = re.compile(
    r"(?:^|[.;] )(?P<who>(?:The |La |Le |Die |Der |Das |El )?[A-ZÀ-ÞА-ЯŁŚŻ][\w’'&.-]*(?: (?:[A-ZÀ-ÞА-ЯŁŚŻ][\w’'&.-]*|of|for|on|the|and|de|für|pour|des)){0,8})"
    r" (?:hereby )?(?:grants?|allows|permits|authori[sz]es|reserves|autorise|gestattet|erlaubt|autoriza|permite|zezwala|разрешает)\b"
)
_THIS_TEXT = re.compile(r"\b(?:this|the) (?:\w+ )?(?:article|story|text|piece|post|work|report|essay|page)\b|\bcet article|\bdieser (?:artikel|text|beitrag)"
                        r"|\beste (?:artículo|texto)|\bten (?:artykuł|tekst)|\bniniejsz\w+|\bэт\w+ (?:стать|материал|текст)\w*", re.I)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Speakers:
    """Who the page's "we" may be."""

    name: str | None
    legal_name: str | None


def actions_of(text: str, effect: str) -> list[str]:
    named = [name for name, pattern in clauses.ACTIONS if pattern.search(text)]
    if effect == "permit":
        named = [name for name in named if name in ("translate", "ai_train", "ai_input")]
        limited = re.search(
            r"\b(?:may|can|free to|permitted to|peut|darf|puede|można|можно)\b[^.]{0,30}\b(?:quote|excerpt|cite|zitier|citer|citar|cytowa|цитир)",
            text,
            re.I,
        )
        whole = re.search(
            r"\bre-?publi|\bre-?print|\breprodu|\bcross-?post|\bcop(?:y|ied)|\bre-?us|nachdruck|przedruk|перепечат|reprodu|weiterverbreit|übern",
            text,
            re.I,
        )
        base = ["excerpt"] if limited and not whole else ["republish_full"]
        return base + named
    if "ai_train" in named:
        return ["ai_train"] + (
            ["republish_full"]
            if re.search(r"\bre-?publi|\bre-?produc|\bre-?print|\bre-?distribut", text, re.I)
            and not re.search(r"\bused?\b", text)
            else []
        )
    core = re.search(
        r"re-?publi|re-?print|reprodu|cross-?post|distribut|cop(?:y|ied)|nachdruck|verbreit|vervielf|przedruk|kopiow|rozpowsz|перепечат|копир|воспроизв|publication|rediffus|difusi",
        text,
        re.I,
    )
    return (
        ["republish_full"]
        if core or not named
        else [name for name in named if name in _INFLUENCED][:2] or ["republish_full"]
    )


def channels_of(text: str, effect: str) -> list[tuple[str | None, bool | None]]:
    """(channel, commercial) of every channel a sentence names; (None, ...) where it names none."""
    plain = re.sub(r"[\w.+-]+@[\w.-]+", " ", text)
    named = [name for name, pattern in clauses.CHANNELS if pattern.search(plain)]
    if effect == "permit" and "print" in named and clauses.ONLINE.search(plain):
        named.remove("print")
    named = [name for name in named if name != "other" or effect != "permit"]
    noncommercial = bool(clauses.NONCOMMERCIAL.search(plain))
    commercial = bool(clauses.COMMERCIAL.search(plain))
    if not named:
        whole: bool | None = None
        if effect == "permit":
            whole = False if noncommercial else True if commercial else None
        elif commercial and not noncommercial:
            whole = True
        return [(None, whole)]
    rows: list[tuple[str | None, bool | None]] = []
    for name in named:
        flag: bool | None = True if name == "commercial_site" else None
        if effect == "permit" and (name in ("community_site", "nonprofit_site") or noncommercial):
            flag = False
        rows.append((name, flag))
    return rows


def who_speaks(text: str, speakers: Speakers) -> tuple[str | None, str | None]:
    grantor = _GRANTOR.search(text)
    own = speakers.legal_name or speakers.name
    by = None
    if grantor and grantor["who"].lower() not in ("permission", "this", "it", "copyright", "no", "all"):
        who = re.sub(r"^The ", "", grantor["who"])
        by = own if same_name(who, own) or same_name(who, speakers.name) else who
        if by and by.lower() in ("we", "wir", "nous", "мы", "you"):
            by = own
    elif _SELF.search(text) or (speakers.name and speakers.name in text):
        by = own
    name = re.escape(speakers.name) if speakers.name else r"(?!)"
    covers = None
    if re.search(
        rf"\b(?:our|nos|notre|unsere\w*|nuestr\w+|nasz\w*|наш\w*|{name}(?:['’]s)?)\s+(?:own |original |the )?(?:articles?|stor(?:y|ies)|content|work|texts?|materials?|reporting|journalism|posts?|beiträge|artikel|texte|contenus?|artículos|contenidos|artykuł\w*|tekst\w*|стат\w+|материал\w*)",
        text,
        re.I,
    ):
        covers = "its own articles"
    elif _THIS_TEXT.search(text):
        covers = "this text"
    return by, covers
