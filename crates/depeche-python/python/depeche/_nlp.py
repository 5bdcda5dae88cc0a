"""Articles in, records out."""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from os import PathLike
from pathlib import Path
from typing import Any, Literal, Union, overload

from depeche._depeche import LANGUAGES, Core, Reader
from depeche._errors import ArticleError, DepecheError, Problem, RulesError
from depeche._record import Record
from depeche._tables import Records

Article = Union[str, bytes, Mapping[str, Any]]
Date = Union[str, datetime.date, None]

# The names that a field of an article may have, as in the lines of a JSONL file.
_FACTS = (
    ("id", "key"),
    ("title",),
    ("date", "published", "dct"),
    ("outlet",),
    ("url",),
    ("rights", "licence", "license"),
    ("lang",),
)
# So many characters are read ahead for each thread.
_AHEAD = 1 << 18

_Given = tuple[Union[str, bytes], tuple[Union[str, None], ...]]


def load(
    lang: str | None = None,
    *,
    published: Date = None,
    outlet: str | None = None,
    rules: str | PathLike[str] | None = None,
) -> Nlp:
    """A reader of articles.

    ``lang`` is the language of articles that do not name theirs (``"fr"``); without it, it is told from
    each text. ``published`` and ``outlet`` hold for articles that do not say. ``rules`` is a folder of
    rules of your own, written as those of a language folder. They are the options ``--lang``,
    ``--date``, ``--outlet`` and ``--rules`` of the command line, and give the same records.

    >>> import depeche
    >>> nlp = depeche.load("fr", outlet="Le Courrier")
    >>> nlp("La grève continue.").article.outlet
    'Le Courrier'
    """
    if lang is not None and lang.replace("_", "-").split("-")[0].lower() not in LANGUAGES:
        raise DepecheError(
            f"no language {lang!r} is built in; there are: {', '.join(LANGUAGES)}. "
            "Without a language, depeche tells it from each text"
        )
    try:
        return Nlp(Reader(lang, _date(published), outlet, _files(rules)))
    except ValueError as error:
        raise RulesError(str(error)) from None


class Nlp:
    """Reads articles into records; made by :func:`load`. Any number of threads may share one."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def __call__(
        self,
        text: str | bytes,
        *,
        published: Date = None,
        outlet: str | None = None,
        title: str | None = None,
        key: str | None = None,
        url: str | None = None,
        rights: str | None = None,
        lang: str | None = None,
    ) -> Record:
        """The record of one article: its text (``bytes`` are UTF-8), and what is known about it.

        ``published`` is EDTF, as precise as you know it: ``"2025-02-18"``, ``"2025-02"``, or a ``date``.

        >>> import depeche
        >>> nlp = depeche.load("fr")
        >>> record = nlp("Le préfet a démissionné mardi.", published="2024-05-16")
        >>> record.times[0].value, record.events[0].type
        ('2024-05-14', 'RETREAT')
        """
        facts = (key, title, _date(published), outlet, url, rights, lang)
        if not isinstance(text, (str, bytes)):
            raise ArticleError(
                f"the text is of type {type(text).__name__}, and should be str, or bytes in UTF-8; "
                "for many articles there is nlp.pipe(articles)"
            )
        found = self._reader.read([(text, facts)], 1)[0]
        if isinstance(found, str):
            raise ArticleError(found)
        return Record(found)

    @overload
    def pipe(
        self,
        articles: Iterable[Article],
        *,
        n_threads: int | None = None,
        on_error: Literal["report"] = "report",
    ) -> Iterator[Record | Problem]: ...

    @overload
    def pipe(
        self,
        articles: Iterable[Article],
        *,
        n_threads: int | None = None,
        on_error: Literal["raise", "skip"],
    ) -> Iterator[Record]: ...

    def pipe(
        self,
        articles: Iterable[Article],
        *,
        n_threads: int | None = None,
        on_error: Literal["report", "raise", "skip"] = "report",
    ) -> Iterator[Record | Problem]:
        """The records of many articles, in their order, read side by side without Python's lock.

        An article is a text, or a mapping as a line of a JSONL file: ``text``, and as far as known ``id``,
        ``date``, ``title``, ``outlet``, ``url``, ``rights``, ``lang``. ``n_threads`` is one a core when nobody
        says. Articles are drawn as they are needed, some hundred kilobytes ahead.

        A bad article never ends the run: by default a :class:`Problem` stands in its place.
        ``on_error="skip"`` leaves it out with a warning, ``"raise"`` raises :class:`ArticleError`.

        >>> import depeche
        >>> nlp = depeche.load("fr")
        >>> articles = [{"id": 7, "text": "Le pont est fermé.", "date": "2024-05"}, {"id": 8}]
        >>> for found in nlp.pipe(articles):
        ...     print(found if isinstance(found, depeche.Problem) else found.article.key)
        7
        article 1 (id 8): no field `text` beside id
        """
        if on_error not in ("report", "raise", "skip"):
            raise ValueError(f"on_error is {on_error!r}; it may be 'report', 'raise' or 'skip'")
        if isinstance(articles, (str, bytes, Mapping)):
            raise TypeError("pipe takes many articles; for one there is nlp(text)")
        if n_threads is not None and n_threads < 1:
            raise ValueError(f"n_threads is {n_threads}; it may be 1 or more, or None")
        return self._pipe(articles, n_threads or 0, on_error)

    def _pipe(
        self, articles: Iterable[Article], threads: int, on_error: str
    ) -> Iterator[Record | Problem]:
        source = _Source(articles, _AHEAD * (threads or 2))
        with ThreadPoolExecutor(1) as aside:
            batch = source.batch()
            while batch:
                reading = aside.submit(self._reader.read, [g for _, g in batch if g], threads)
                # Meanwhile the next articles are drawn, on this thread: whoever makes them may mind.
                following = source.batch()
                found = iter(reading.result())
                for problem, given in batch:
                    core = next(found) if given else None
                    if isinstance(core, Core):
                        source.passed += 1
                        yield Record(core)
                        continue
                    reason = problem if core is None else core
                    key = given[1][0] if given else source.key_of(problem)
                    trouble = Problem(source.passed, key, str(reason))
                    source.passed += 1
                    if on_error == "raise":
                        raise ArticleError(str(trouble))
                    if on_error == "skip":
                        warnings.warn(str(trouble), stacklevel=2)
                    else:
                        yield trouble
                batch = following
        if source.error is not None:
            raise source.error

    def records(self, articles: Iterable[Article], *, n_threads: int | None = None) -> Records:
        """The records of many articles, held together so that tables can be made of them.

        >>> import depeche
        >>> nlp = depeche.load("fr")
        >>> records = nlp.records(["« Non », a dit le ministre.", "Il pleut."])
        >>> len(records), len(records.statements), records.problems
        (2, 1, ())
        """
        found = list(self.pipe(articles, n_threads=n_threads))
        return Records(
            [f for f in found if isinstance(f, Record)],
            tuple(f for f in found if isinstance(f, Problem)),
        )


class _Bad(str):
    """Why an article cannot even be handed to the engine, with its id."""

    key: str | None = None


class _Source:
    """Draws articles, some at a time."""

    def __init__(self, articles: Iterable[Article], room: int) -> None:
        self._articles = iter(articles)
        self._room = room
        self.passed = 0
        self.error: BaseException | None = None

    def batch(self) -> list[tuple[_Bad | None, _Given | None]]:
        """The next articles; none when there are no more, or drawing one failed."""
        batch: list[tuple[_Bad | None, _Given | None]] = []
        room = self._room
        while room > 0 and self.error is None:
            try:
                article = next(self._articles)
            except StopIteration:
                break
            except Exception as error:  # what was drawn before it is still read
                self.error = error
                break
            given = _given(article)
            if isinstance(given, _Bad):
                batch.append((given, None))
                room -= 64
            else:
                batch.append((None, given))
                room -= max(len(given[0]), 64)
        return batch

    @staticmethod
    def key_of(problem: _Bad | None) -> str | None:
        return problem.key if problem else None


def _given(article: object) -> _Given | _Bad:
    """An article as the engine takes it."""
    if isinstance(article, (str, bytes)):
        return article, (None,) * len(_FACTS)
    if not isinstance(article, Mapping):
        return _Bad(f"an article is a text or a mapping with `text`, and not {_shown(article)}")
    facts = []
    bad = None
    for names in _FACTS:
        fact = next((article[n] for n in names if article.get(n) is not None), None)
        if isinstance(fact, datetime.date):
            fact = _date(fact)
        if isinstance(fact, int) and not isinstance(fact, bool):
            fact = str(fact)
        if fact is not None and not isinstance(fact, str):
            bad = bad or f"`{names[0]}` should be a text, and is {_shown(fact)}"
            fact = None
        facts.append(fact)
    text = article.get("text")
    if text is None:
        bad = f"no field `text` beside {', '.join(map(str, list(article)[:8]))}"
    elif not isinstance(text, (str, bytes)):
        bad = f"`text` should be a text, and is {_shown(text)}"
    if bad is None:
        return text, tuple(facts)  # type: ignore[return-value]
    problem = _Bad(bad)
    problem.key = facts[0]
    return problem


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def _date(date: Date) -> str | None:
    if isinstance(date, datetime.datetime):
        return date.strftime("%Y-%m-%dT%H:%M:%S")
    return date.isoformat() if isinstance(date, datetime.date) else date


def _files(folder: str | PathLike[str] | None) -> list[tuple[str, str]]:
    if folder is None:
        return []
    root = Path(folder)
    if not root.is_dir():
        raise RulesError(f"{root} is no folder; rules are files such as time/dates.toml in one")
    return [
        (path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(root.rglob("*.toml"))
    ]
