"""What the demonstration is about: invented people, uses and prices. The pages lie in ``demo_pages``."""

from pathlib import Path
from typing import Any

PAGES = Path(__file__).with_name("demo_pages")
SITE = "https://www.harbour-review.example"
STAFF = (
    ("bob", "Bob Lind", ("officer", "admin"), "decides, as permissions officer"),
    ("edith", "Edith Amsel", ("editor",), "registers pieces, as editor"),
)
CROSS_POST: dict[str, Any] = {"action": "republish_full", "channel": "community_site", "is_commercial": False}
PRINT: dict[str, Any] = {
    "portion": "full_article",
    "product": "anthology",
    "title": "Waiting at the Narrows",
    "publisher": "Fenwick Books",
    "formats": [{"format": "hardback", "print_run": 1500, "price": 2400, "currency": "CAD"}],
    "purpose": "editorial",
    "is_commercial": True,
    "territory": "world",
    "language": "en",
    "duration": "current_edition",
    "modification": "none",
    "requester_type": "publisher_commercial",
}
COMMERCIAL: dict[str, Any] = {
    "portion": "full_article",
    "channel": "commercial_site",
    "channels": ["public_website"],
    "urls": ["https://shipwatch.example/reading"],
    "purpose": "news",
    "is_commercial": True,
    "territory": "CA",
    "language": "en",
    "start": "2026-12-01",
    "end": "2027-11-30",
    "duration": "fixed_term",
    "modification": "none",
    "requester_type": "company",
}
TARIFF: dict[str, Any] = {
    "id": "harbour-print",
    "version": 1,
    "currency": "CAD",
    "valid_from": "2026-01-01",
    "prices": [
        {
            "code": "print",
            "label": "Reprint of an article, by copies",
            "measure": "copies",
            "bands": [
                {"up_to": 500, "flat": 6000},
                {"up_to": 5000, "flat": 12000},
                {"up_to": None, "flat": 12000, "per_unit_milli": 2000},
            ],
            "match": [["product", "anthology"]],
        }
    ],
    "factors": [
        {
            "code": "commercial",
            "label": "Commercial publisher",
            "percent": 150,
            "match": [["is_commercial", "true"]],
        }
    ],
    "round_to": 100,
}
