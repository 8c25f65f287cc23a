"""Standing phrases of many languages, as data: shared by the readers of notices, terms and names."""

# ruff: noqa: E501 - patterns are read by the row, not by the line

from __future__ import annotations

import re

RIGHTS_RESERVED = (
    r"all rights? (?:are )?reserved", r"some rights reserved", r"tous (?:les )?droits (?:de reproduction )?(?:sont )?réservés",
    r"alle rechte vorbehalten", r"(?:todos los )?derechos reservados", r"reservados todos los derechos",
    r"tutti i diritti (?:sono )?riservati", r"(?:riproduzione|diritti) riservat[ai]", r"todos os direitos (?:são )?reservados",
    r"alle rechten voorbehouden", r"wsz(?:elkie|ystkie) prawa zastrzeżone", r"все права (?:защищены|сохранены)",
    r"[ув]с[іи] права (?:захищен[оіы]|застережен[оі])", r"všechna práva vyhrazena", r"všetky práva vyhradené",
    r"minden jog fenntartva", r"tüm hakları saklıdır", r"alla rättigheter (?:förbehålln?a|reserverade)", r"med ensamrätt",
    r"alle rettigheder (?:forbeholdes|forbeholdt)", r"alle rettigheter (?:forbeholdt|reservert)",
    r"kaikki oikeudet pidätetään", r"toate drepturile (?:sunt )?rezervate", r"sva prava (?:pridržana|zadržana)",
    r"сва права (?:су )?задржана", r"всички права (?:са )?запазени", r"όλα τα δικαιώματα διατηρούνται",
    r"με (?:την )?επιφύλαξη παντός δικαιώματος", r"版[权權]所有", r"保留所有[权權]利", r"無断(?:転載|複製)[・\w]*を?禁(?:じます|止)",
    r"جميع الحقوق محفوظة", r"כל הזכויות שמורות", r"모든 권리 보유", r"무단 ?전재", r"hak cipta dilindungi(?: undang-undang)?",
    r"mọi quyền được bảo lưu", r"tots els drets reservats", r"visos teisės saugomos", r"kõik õigused kaitstud",
    r"visas tiesības (?:ir )?aizsargātas", r"vse pravice pridržane",
)  # fmt: skip
"""All rights reserved. Never part of a holder's name."""

RESERVED = re.compile("|".join(f"(?:{phrase})" for phrase in RIGHTS_RESERVED), re.I)

RESERVED_STEMS = (
    "reserv", "réserv", "vorbehalt", "riservat", "voorbehouden", "zastrze", "защищ", "сохранен", "захищ", "застереж", "vyhrazen", "vyhraden",
    "fenntartva", "saklıd", "förbehåll", "ensamrätt", "forbehold", "pidätet", "rezervat", "pridržan", "zadržan", "задржан", "запазен", "διατηρ",
    "επιφύλαξη", "所有", "保留", "無断", "محفوظة", "שמורות", "보유", "무단", "dilindungi", "bảo lưu", "saugom", "kaitstud", "aizsarg",
)  # fmt: skip
"""Letters without which none of the phrases above can stand: a quick look before the slow search."""

PICTURE = re.compile(
    r"\b(?:photo(?:graph(?:s|y|ie|er)?|s|credit)?|picture|image|images|illustration|graphic|infographic|cartoon|map|video"
    r"|artwork|screenshot|cover art|foto(?:s|grafía|grafie|grafia)?|bild(?:er|quelle|nachweis)?|abbildung|grafik|titelbild"
    r"|imagen|ilustración|crédits? photo|légende|immagine|zdjęci[ae]|fot\.|grafika|ilustracja|фото(?:графия)?|рисунок"
    r"|изображени[ея]|иллюстрация|imagem|afbeelding|beeld)\b",
    re.I,
)
"""Words that make a mark a picture's."""

ORGANISATION = re.compile(
    r"\b(?:agency|agence|agentur|agencia|agencja|агентство|news|press|presse|prensa|wire|media|medien|times|post|herald"
    r"|tribune|gazette|gazeta|газета|journal|magazine|magazyn|журнал|review|revue|revista|zeitung|chronicle|observer"
    r"|standard|telegraph|monitor|bulletin|network|netzwerk|institute|institut|instituto|instytut|институт|foundation"
    r"|fundacja|fundación|fondation|stiftung|фонд|centre|center|centro|zentrum|centrum|центр|university|université"
    r"|universität|universidad|uniwersytet|университет|college|association|asociación|verein|verband|stowarzyszenie"
    r"|society|group|groupe|grupo|gruppe|grupa|company|corporation|inc|ltd|llc|llp|plc|gmbh|ag|e\.?\s?v|s\.?a\.?r\.?l"
    r"|sp\. z o\.o|o\.?o\.?o|ооо|ао|b\.?v|commission|committee|council|ministry|department|office|board|staff|editors?"
    r"|editorial|redaktion|rédaction|redacción|redakcja|редакция|redazione|newsroom|team|desk|collective|collectif"
    r"|project|service|services|union|trust|alliance|coalition|today|daily|weekly|online|radio|television|tv|books"
    r"|publishing|publishers|verlag|éditions|editorial|wydawnictwo|издательство|lantern|correspondents?)\b",
    re.I,
)
"""Words that make a name an organisation's."""

COMPANY_SUFFIX = re.compile(
    r"(?:inc|incorporated|ltd|limited|llc|llp|lp|plc|corp|co|gmbh|ag|kg|se|s\.?a\.?|s\.?r\.?l|s\.?l|b\.?v|n\.?v|pty|oy|ab"
    r"|a\.?s|sp\. z o\.?o|e\.?\s?v|s\.?p\.?a|ltda|sas|sarl)\.?",
    re.I,
)


def looks_like_organisation(name: str) -> bool:
    """By its words alone: "Meridian Wire", "The Lantern", "Harbour Review GmbH"."""
    return bool(
        ORGANISATION.search(name) or name.lower().startswith(("the ", "die ", "la ", "le ", "el ", "les "))
    )


_PERSON = re.compile(r"(?:[^\W\d_][\w'’.-]*\s+){1,3}[^\W\d_][\w'’-]+")


def looks_like_person(name: str) -> bool:
    """Two to four capitalised words, none of them an organisation's."""
    words = [word for word in name.split() if word.lower() not in ("de", "da", "van", "von", "der", "den", "la", "le",
                                                                   "del", "dos", "bin", "al", "di", "du", "ter", "y")]  # fmt: skip
    return bool(
        _PERSON.fullmatch(name)
        and words
        and all(word[0].isupper() for word in words)
        and not looks_like_organisation(name)
    )


def same_name(one: str | None, other: str | None) -> bool:
    """Equal but for case, a leading article and small words ("Centre for/of Letters")."""
    return bool(one and other) and _core(one or "") == _core(other or "")


_SMALL = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "for",
        "on",
        "and",
        "der",
        "die",
        "das",
        "la",
        "le",
        "les",
        "el",
        "los",
        "de",
        "du",
        "des",
        "für",
        "zur",
    ]
)


def _core(name: str) -> tuple[str, ...]:
    words = re.findall(r"\w+", name.lower())
    return tuple(word for word in words if word not in _SMALL) or tuple(words)
