"""What somebody wants to do, in the trade's own terms. Enumerations first, then the use itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.rights.bounds import Territory


class Action(StrEnum):
    """``republish_full`` includes ``excerpt``. ``print`` is reproduction on paper."""

    REPUBLISH_FULL = "republish_full"
    EXCERPT = "excerpt"
    LINK = "link"
    TRANSLATE = "translate"
    ADAPT = "adapt"
    PRINT = "print"
    SELL = "sell"
    RECORD_AUDIO = "record_audio"
    AI_TRAIN = "ai_train"
    AI_INPUT = "ai_input"
    INDEX = "index"


class Channel(StrEnum):
    COMMUNITY_SITE = "community_site"
    NONPROFIT_SITE = "nonprofit_site"
    COMMERCIAL_SITE = "commercial_site"
    INTRANET = "intranet"
    PRINT = "print"
    BROADCAST = "broadcast"
    EMAIL = "email"
    SOCIAL = "social"
    APP = "app"
    CLASSROOM = "classroom"
    OTHER = "other"


class Purpose(StrEnum):
    EDITORIAL = "editorial"
    RESEARCH = "research"
    EDUCATION = "education"
    NEWS = "news"
    CRITICISM = "criticism"
    PROMOTION = "promotion"
    ADVERTISING = "advertising"
    RESALE = "resale"
    ARCHIVAL = "archival"
    OTHER = "other"


class RequesterType(StrEnum):
    AUTHOR = "author"
    PUBLISHER_COMMERCIAL = "publisher_commercial"
    PUBLISHER_NONPROFIT = "publisher_nonprofit"
    NEWS_MEDIA = "news_media"
    ACADEMIC_INSTITUTION = "academic_institution"
    STUDENT = "student"
    GOVERNMENT = "government"
    NONPROFIT = "nonprofit"
    COMPANY = "company"
    AGENCY = "agency"
    INDIVIDUAL = "individual"


class Portion(StrEnum):
    FULL_ARTICLE = "full_article"
    EXCERPT = "excerpt"
    QUOTATION = "quotation"
    FIGURE = "figure"
    TABLE = "table"
    CHART = "chart"
    PHOTOGRAPH = "photograph"
    ILLUSTRATION = "illustration"
    HEADLINE = "headline"
    OTHER = "other"


class ExtentUnit(StrEnum):
    WORDS = "words"
    PARAGRAPHS = "paragraphs"
    PAGES = "pages"
    PERCENT = "percent"
    ITEMS = "items"
    SECONDS = "seconds"


class QuantityUnit(StrEnum):
    COPIES = "copies"
    VIEWS = "views"
    RECIPIENTS = "recipients"


class Exclusivity(StrEnum):
    NON_EXCLUSIVE = "non_exclusive"
    EXCLUSIVE = "exclusive"


class Modification(StrEnum):
    NONE = "none"
    MINOR_EDITS = "minor_edits"
    ABRIDGE = "abridge"
    CROP = "crop"
    ADAPT = "adapt"
    TRANSLATE = "translate"


class Duration(StrEnum):
    """Each includes the ones before it in the chain one_time < current_edition < current_and_future <
    perpetual."""

    ONE_TIME = "one_time"
    CURRENT_EDITION = "current_edition"
    CURRENT_AND_FUTURE_EDITIONS = "current_and_future_editions"
    FIXED_TERM = "fixed_term"
    PERPETUAL = "perpetual"


class Product(StrEnum):
    BOOK = "book"
    TEXTBOOK = "textbook"
    ANTHOLOGY = "anthology"
    JOURNAL = "journal"
    MAGAZINE = "magazine"
    NEWSPAPER = "newspaper"
    NEWSLETTER = "newsletter"
    THESIS = "thesis"
    COURSEPACK = "coursepack"
    PROCEEDINGS = "proceedings"
    REPORT = "report"
    BROCHURE = "brochure"
    TRAINING_MATERIALS = "training_materials"
    POSTER = "poster"
    PACKAGING = "packaging"
    EXHIBITION = "exhibition"
    REPRINT = "reprint"
    PHOTOCOPY = "photocopy"
    OTHER = "other"


class Format(StrEnum):
    HARDBACK = "hardback"
    PAPERBACK = "paperback"
    PRINT = "print"
    LARGE_PRINT = "large_print"
    BRAILLE = "braille"
    EBOOK = "ebook"
    PDF = "pdf"
    WEB = "web"
    AUDIO = "audio"
    VIDEO = "video"
    OTHER = "other"


class Placement(StrEnum):
    INTERIOR = "interior"
    FRONT_COVER = "front_cover"
    BACK_COVER = "back_cover"


class DigitalChannel(StrEnum):
    """The trade's names for digital outlets, as the request form offers them."""

    PUBLIC_WEBSITE = "public_website"
    INTRANET = "intranet"
    EMAIL_NEWSLETTER = "email_newsletter"
    SOCIAL_OWNED = "social_owned"
    SOCIAL_PAID = "social_paid"
    ADVERTISEMENT = "advertisement"
    BROADCAST = "broadcast"
    STREAMING = "streaming"
    PODCAST = "podcast"
    APP = "app"
    EBOOK = "ebook"
    AUDIOBOOK = "audiobook"
    DATABASE = "database"
    PRESENTATION = "presentation"
    PRESS_KIT = "press_kit"
    SYNDICATION_FEED = "syndication_feed"
    OTHER = "other"


class Access(StrEnum):
    OPEN = "open"
    REGISTERED = "registered"
    PAYWALLED = "paywalled"


class Display(StrEnum):
    FULL_TEXT = "full_text"
    EXCERPT_LINK = "excerpt_link"
    PDF = "pdf"
    EMBED = "embed"


class Indexing(StrEnum):
    NOINDEX = "noindex"
    CANONICAL_TO_SOURCE = "canonical_to_source"
    NONE = "none"


class Monetisation(StrEnum):
    NONE = "none"
    ADJACENT_ADS = "adjacent_ads"
    SOLD_AGAINST = "sold_against"
    SUBSCRIPTION = "subscription"
    RESALE = "resale"


class AiUse(StrEnum):
    NONE = "none"
    TRAINING = "training"
    RETRIEVAL = "retrieval"
    INTERNAL_SUMMARY = "internal_summary"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatRun:
    """One format of a print product. Price is in minor units of ``currency`` (ISO 4217)."""

    format: Format
    print_run: int | None = None
    price: int | None = None
    currency: str | None = None
    free_distribution: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """A fact that follows by definition from a stated one, kept so that it can be shown."""

    fact: str
    value: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedUse:
    """What somebody wants to do. Everything not stated is ``None`` (or empty) and stays unknown.

    ``actions`` and ``channels`` hold all that the use needs, those that follow by definition included;
    ``derived`` says
    which. ``territory`` None is unknown, not the world. ``licensee`` is a party id.
    """

    actions: tuple[Action, ...] = ()
    channels: tuple[Channel, ...] = ()
    digital_channels: tuple[DigitalChannel, ...] = ()
    components: tuple[str, ...] = ()  # ids; empty: whatever the portion touches
    purpose: Purpose | None = None
    is_commercial: bool | None = None
    requester_type: RequesterType | None = None
    licensee: str | None = None
    portion: Portion | None = None
    quantity: int | None = None
    unit: ExtentUnit | None = None
    locator: str | None = None
    product: Product | None = None
    formats: tuple[FormatRun, ...] = ()
    territory: Territory | None = None
    language: str | None = None
    translated: bool | None = None
    modification: Modification | None = None
    duration: Duration | None = None
    start: date | None = None
    end: date | None = None
    edition: str | None = None
    placement: Placement | None = None
    colour: bool | None = None
    size: str | None = None
    access: Access | None = None
    audience: int | None = None
    audience_unit: QuantityUnit | None = None
    display: Display | None = None
    indexing: Indexing | None = None
    monetisation: Monetisation | None = None
    sublicensing: bool | None = None
    ai_use: AiUse | None = None
    exclusivity: Exclusivity | None = None
    accessible_copies: bool | None = None
    incidental_promotion: bool | None = None
    archive_after_end: bool | None = None
    urls: tuple[str, ...] = ()
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    identifier: str | None = None  # ISBN or ISSN
    pages: int | None = None
    end_client: str | None = None
    project: str | None = None
    context: str | None = None
    proposed_credit: str | None = None
    needed_by: date | None = None
    publication_date: date | None = None
    derived: tuple[Derivation, ...] = ()


class BadUse(ValueError):
    """A use that cannot be read. ``errors`` maps each field to one line: what is wrong and what to do."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__("; ".join(f"{field}: {message}" for field, message in self.errors.items()))
