"""Refusals: a rule said no, in words for the person who asked. No status codes of the web live here."""


class Refused(Exception):
    """The action is not possible now; ``sentence`` says why, in plain words for the person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotNow(Refused):
    """The thing is in a state that does not allow it (web: 409)."""


class NotYours(Refused):
    """It belongs to somebody else (web: 403)."""


class NotUnderstood(Refused):
    """What was sent cannot be used as it is (web: 422)."""


class NotFound(Refused):
    """Unknown, or foreign: the same sentence for both (web: 404)."""


class TooMany(Refused):
    """Too many tries; ``retry_after`` in seconds (web: 429)."""

    def __init__(self, sentence: str, retry_after: int = 60) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
