"""What can go wrong, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass


class DepecheError(Exception):
    """Every error of depeche. Its text says what is wrong, and what to do next."""


class ArticleError(DepecheError, ValueError):
    """An article that cannot be read."""


class RulesError(DepecheError, ValueError):
    """Rules of one's own with faults: every one of them, with file and line."""


class RecordError(DepecheError, ValueError):
    """Something that was taken for a record and is none."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an article has no record. It stands in the place of the record, and is false.

    >>> import depeche
    >>> [bool(found) for found in depeche.load("fr").pipe(["Rien.", {"body": "?"}])]
    [True, False]
    """

    index: int
    """The place of the article among those that were given, from 0."""
    key: str | None
    """The id that its input gave it."""
    message: str
    """What is wrong, and what to do next."""

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        name = f" (id {self.key})" if self.key else ""
        return f"article {self.index}{name}: {self.message}"
