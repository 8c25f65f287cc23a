"""Evaluate a proposed use against what is recorded about a piece."""

from ledger.rights.answers import Answer, Ask, AskReason, Ground, Outcome, PieceAnswer, Reason, ReasonCode

__all__ = ["Answer", "Ask", "AskReason", "Ground", "Outcome", "PieceAnswer", "Reason", "ReasonCode"]
