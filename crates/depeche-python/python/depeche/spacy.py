"""depeche in a pipeline of spaCy.

``nlp.add_pipe("depeche")`` puts the record of a text on its ``Doc``: ``doc._.depeche`` is the
:class:`depeche.Record`, and ``doc._.statements``, ``doc._.events`` and ``doc._.positions`` are its parts.
Spans count characters of ``doc.text``, so ``doc.char_span(*statement.span, alignment_mode="expand")`` is
the span of spaCy. What is known about an article stands in ``doc.user_data`` under the names that
``depeche.load("fr")(text, …)`` takes: ``published``, ``outlet``, ``title``, ``key``, ``url``, ``rights``, ``lang``.

The component needs nothing of the pipeline before it. It is found by spaCy without being imported.
"""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from depeche._nlp import load

_FACTS = ("published", "outlet", "title", "key", "url", "rights", "lang")
_PARTS = ("statements", "events", "positions", "actors", "times", "places")


def component(
    nlp: Language, name: str, lang: str | None, published: str | None, outlet: str | None
) -> Component:
    """Makes the component; its settings are those of :func:`depeche.load`."""
    return Component(lang, published, outlet)


Language.factory(
    "depeche",
    default_config={"lang": "fr", "published": None, "outlet": None},
    func=component,
)


class Component:
    """Reads each ``Doc`` that passes."""

    def __init__(self, lang: str | None, published: str | None, outlet: str | None) -> None:
        self._nlp = load(lang, published=published, outlet=outlet)
        if not Doc.has_extension("depeche"):
            Doc.set_extension("depeche", default=None)
        for part in _PARTS:
            if not Doc.has_extension(part):
                Doc.set_extension(part, getter=_part(part))

    def __call__(self, doc: Doc) -> Doc:
        known = {fact: doc.user_data[fact] for fact in _FACTS if fact in doc.user_data}
        doc._.depeche = self._nlp(doc.text, **known)
        return doc


def _part(part: str) -> Any:
    def get(doc: Doc) -> tuple[Any, ...]:
        record = doc._.depeche
        return () if record is None else tuple(getattr(record, part))

    return get
