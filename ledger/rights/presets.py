"""Ready-made terms and statuses, gathered under one name."""

from ledger.rights.licences import Licence, LicenceCode, licence_from_text

__all__ = ["Licence", "LicenceCode", "licence_from_text"]
