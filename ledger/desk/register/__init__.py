"""Bringing pieces into the register and keeping their title right: records, claims, terms, assessments."""
