"""The record of an article, as typed objects.

Classes and fields are those of the record (``depeche schema`` prints its JSON Schema): spans count
Unicode code points of ``article.text``, as Python's strings do, so ``text[span.start:span.end] ==
span.text``. What the text does not say is ``None``.

An item refers to others by their ids (``"a1"``), as the JSON does; properties such as
:attr:`Speaker.who` and :attr:`Event.actors` lead to the items themselves.
"""

from __future__ import annotations

import copy
import dataclasses
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeVar, get_args, get_type_hints

from depeche import _html
from depeche._depeche import Core
from depeche._errors import RecordError

BlockKind = Literal["dateline", "title", "lede", "heading", "paragraph"]
ActorKind = Literal[
    "person", "state", "government", "organisation", "group", "media", "unknown"
]
MentionForm = Literal["name", "title", "metonym", "nominal", "pronoun"]
TimeKind = Literal["DATE", "TIME", "DURATION", "SET"]
PlaceKind = Literal["country", "region", "city", "water", "site"]
StatementKind = Literal["direct", "indirect", "mixed", "attributed", "scare"]
CueClass = Literal[
    "say",
    "assert",
    "claim",
    "concede",
    "doubt",
    "deny",
    "accuse",
    "demand",
    "promise",
    "announce",
    "ask",
    "judge",
    "quote",
]
RoleKind = Literal["actor", "recipient", "place", "time", "instrument", "topic"]
Factuality = Literal["CT+", "PR+", "PS+", "CT-", "PR-", "PS-", "CTu", "Uu"]
Stance = Literal[
    "oppose",
    "support",
    "demand",
    "offer",
    "accept",
    "refuse",
    "doubt",
    "deny",
    "open",
    "condition",
]


class _Item:
    """A part of a record, which knows the record that it is a part of."""

    __slots__ = ("_given", "_record")
    _given: dict[str, Any]
    _record: Record

    def to_dict(self) -> dict[str, Any]:
        """The part as plain dictionaries and lists, as its JSON has it."""
        self._must_be_whole()
        return copy.deepcopy(self._given)

    def _must_be_whole(self) -> None:
        if not hasattr(self, "_record"):
            raise LookupError(
                "this part was taken out of its record, for instance by pickling it alone: "
                "pickle the record, and take the part from it"
            )

    def _find(self, item: str | None) -> Any:
        if item is None:
            return None
        self._must_be_whole()
        return self._record[item]

    def _find_all(self, items: tuple[str, ...]) -> tuple[Any, ...]:
        return tuple(self._find(item) for item in items)


class _Spanned(_Item):
    """A part that stands at one place of the text."""

    __slots__ = ()
    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands: the first code point, and the first after it."""
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Span(_Spanned):
    """A stretch of the text, half-open, with the slice itself."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Run(_Item):
    """What made a record: the same input and the same run give the same bytes."""

    tool: str
    engine: str
    options: str


@dataclass(frozen=True, slots=True)
class Block(_Spanned):
    """A part of the article."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Wire(_Item):
    """How a wire service marks a story."""

    slug: str | None = None
    version: str | None = None
    versioned: str | None = None
    urgency: str | None = None
    status: str | None = None
    embargo: str | None = None
    dateline: str | None = None
    editorial: str | None = None


@dataclass(frozen=True, slots=True)
class Article(_Item):
    """The article as it came, and what its input said about it."""

    id: str
    key: str | None
    lang: str
    title: str | None
    published: str | None
    outlet: str | None
    agency: str | None
    url: str | None
    rights: str | None
    text: str
    blocks: tuple[Block, ...]
    byline: str | None = None
    wire: Wire | None = None


@dataclass(frozen=True, slots=True)
class Mention(_Spanned):
    """Where the text speaks of an actor."""

    start: int
    end: int
    text: str
    form: MentionForm


@dataclass(frozen=True, slots=True)
class Actor(_Item):
    """Somebody or some body that the article names."""

    id: str
    name: str
    kind: ActorKind
    country: str | None
    sector: str | None
    office: str | None
    qid: str | None
    why: str
    mentions: tuple[Mention, ...]

    @property
    def span(self) -> tuple[int, int] | None:
        """Where the text first speaks of it."""
        return self.mentions[0].span if self.mentions else None


@dataclass(frozen=True, slots=True)
class Time(_Spanned):
    """A time expression, as TIMEX3 and EDTF."""

    id: str
    start: int
    end: int
    text: str
    type: TimeKind
    value: str
    edtf: str | None
    earliest: str | None
    latest: str | None
    anchor: str
    why: str
    rule: str
    mod: str | None = None
    quant: str | None = None
    freq: str | None = None


@dataclass(frozen=True, slots=True)
class Place(_Spanned):
    """A place, where the text speaks of it."""

    id: str
    start: int
    end: int
    text: str
    name: str
    kind: PlaceKind | None
    country: str | None
    disputed: bool
    geonames: int | None
    lat: float | None
    lon: float | None
    why: str


@dataclass(frozen=True, slots=True)
class Cue(_Spanned):
    """What introduces a statement."""

    start: int
    end: int
    text: str
    lemma: str
    # `class` is a word of Python's own.
    class_: CueClass
    rule: str


@dataclass(frozen=True, slots=True)
class Speaker(_Spanned):
    """Who said it, where the text says so."""

    start: int
    end: int
    text: str
    actor: str | None
    via: str | None
    candidates: tuple[str, ...] = ()
    behalf: tuple[str, ...] = ()

    @property
    def who(self) -> Actor | None:
        """The actor that these words mean; ``None`` when unknown."""
        found: Actor | None = self._find(self.actor)
        return found

    @property
    def name(self) -> str | None:
        """The name of that actor."""
        return self.who.name if self.who else None

    @property
    def qid(self) -> str | None:
        """Its Wikidata id."""
        return self.who.qid if self.who else None


@dataclass(frozen=True, slots=True)
class Statement(_Item):
    """Who said what."""

    id: str
    kind: StatementKind
    content: tuple[Span, ...]
    cue: Cue | None
    speaker: Speaker | None
    speakers: tuple[str, ...]
    addressee: tuple[str, ...]
    about: tuple[str, ...]
    said_at: str | None
    venue: str | None
    nested_in: str | None
    block: int | None
    confidence: float
    rule: str

    @property
    def text(self) -> str:
        """What was said; where the cue splits the words, with a mark of omission."""
        return " … ".join(span.text for span in self.content)

    @property
    def span(self) -> tuple[int, int]:
        """From the first of the words to the last."""
        return min(s.start for s in self.content), max(s.end for s in self.content)

    @property
    def who(self) -> tuple[Actor, ...]:
        """Every actor that vouches for it."""
        return self._find_all(self.speakers)

    @property
    def time(self) -> Time | None:
        """When it was said."""
        found: Time | None = self._find(self.said_at)
        return found


@dataclass(frozen=True, slots=True)
class Role(_Spanned):
    """A part that someone or something has in an event."""

    role: RoleKind
    ref: str | None
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Event(_Item):
    """Who did what to whom, and whether it happened."""

    id: str
    type: str
    mode: str | None
    contexts: tuple[str, ...]
    cameo: str | None
    quad: int
    mentions: tuple[Span, ...]
    actor: tuple[str, ...]
    recipient: tuple[str, ...]
    reciprocal: bool
    roles: tuple[Role, ...]
    when: str | None
    edtf: str | None
    where: str | None
    where_why: str
    factuality: Factuality
    aux: tuple[str, ...]
    source_statement: str | None
    confidence: float
    rule: str

    @property
    def text(self) -> str:
        """The words that denote it."""
        return ", ".join(span.text for span in self.mentions)

    @property
    def span(self) -> tuple[int, int]:
        """Where the text first speaks of it."""
        return self.mentions[0].span

    @property
    def actors(self) -> tuple[Actor, ...]:
        """Who did it."""
        return self._find_all(self.actor)

    @property
    def recipients(self) -> tuple[Actor, ...]:
        """To whom."""
        return self._find_all(self.recipient)

    @property
    def place(self) -> Place | None:
        """Where."""
        found: Place | None = self._find(self.where)
        return found

    @property
    def plover(self) -> dict[str, Any]:
        """The event in the names of PLOVER 2.0."""
        return {
            "event_type": self.type,
            "event_mode": self.mode,
            "event_context": list(self.contexts),
            "actor": [_of_plover(actor) for actor in self.actors],
            "recipient": [_of_plover(actor) for actor in self.recipients],
            "event_date": self.edtf,
            "event_location": self.place.name if self.place else None,
        }


def _of_plover(actor: Actor) -> dict[str, str | None]:
    return {"name": actor.name, "country": actor.country, "sector": actor.sector}


@dataclass(frozen=True, slots=True)
class Position(_Item):
    """Where an actor stands on something."""

    id: str
    actor: str
    stance: Stance
    object: Span
    object_event: str | None
    issue: str | None
    statement: str | None
    evidence: tuple[Span, ...]
    strength: tuple[Span, ...]
    confidence: float
    rule: str

    @property
    def text(self) -> str:
        """The object, in the words of the article."""
        return self.object.text

    @property
    def span(self) -> tuple[int, int]:
        """Where the object stands."""
        return self.object.span

    @property
    def who(self) -> Actor:
        """The actor who holds it."""
        found: Actor = self._find(self.actor)
        return found


@dataclass(frozen=True, slots=True)
class Warning(_Item):
    """What the reader of a record should know."""

    code: str
    text: str


class Record:
    """What depeche found in one article.

    >>> import depeche
    >>> nlp = depeche.load("fr")
    >>> record = nlp("« Le port rouvrira lundi », a déclaré la ministre des Transports.")
    >>> said = record.statements[0]
    >>> said.text
    'Le port rouvrira lundi'
    >>> said.speaker.text, said.cue.lemma, said.kind
    ('la ministre des Transports', 'déclarer', 'direct')
    >>> record.text[slice(*said.span)] == said.text
    True
    """

    def __init__(self, core: Core) -> None:
        self._core = core

    @classmethod
    def from_json(cls, line: str) -> Record:
        """The record of a line that ``depeche read --json`` or :meth:`to_json` wrote.

        >>> import depeche
        >>> record = depeche.load("fr")("Rien à signaler.")
        >>> depeche.Record.from_json(record.to_json()) == record
        True
        """
        try:
            return cls(Core.from_json(line))
        except ValueError as error:
            raise RecordError(str(error)) from None

    def to_json(self) -> str:
        """One line of JSON: the same bytes as ``depeche read --json`` writes."""
        return self._core.to_json()

    def to_dict(self) -> dict[str, Any]:
        """The record as plain dictionaries and lists, as its JSON has them."""
        data: dict[str, Any] = json.loads(self._core.to_json())
        return data

    @cached_property
    def _data(self) -> dict[str, Any]:
        return self.to_dict()

    @cached_property
    def schema(self) -> str:
        """``depeche.record/1``."""
        name: str = self._data["schema"]
        return name

    @cached_property
    def run(self) -> Run:
        """What made the record."""
        return _build(Run, self._data["run"], self)

    @cached_property
    def article(self) -> Article:
        """The article."""
        return _build(Article, self._data["article"], self)

    @property
    def text(self) -> str:
        """The text of the article, in which every span counts."""
        return self.article.text

    @cached_property
    def actors(self) -> tuple[Actor, ...]:
        """Who occurs in it."""
        return _all(Actor, self._data["actors"], self)

    @cached_property
    def times(self) -> tuple[Time, ...]:
        """When: every time expression."""
        return _all(Time, self._data["times"], self)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Where."""
        return _all(Place, self._data["places"], self)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Who said what."""
        return _all(Statement, self._data["statements"], self)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Who did what to whom."""
        return _all(Event, self._data["events"], self)

    @cached_property
    def positions(self) -> tuple[Position, ...]:
        """Who stands where."""
        return _all(Position, self._data["positions"], self)

    @cached_property
    def warnings(self) -> tuple[Warning, ...]:
        """What the reader of the record should know about it."""
        return _all(Warning, self._data["warnings"], self)

    @cached_property
    def _items(self) -> dict[str, Any]:
        layers = (
            self.actors,
            self.times,
            self.places,
            self.statements,
            self.events,
            self.positions,
        )
        return {item.id: item for layer in layers for item in layer}

    def __getitem__(self, item: str) -> Any:
        """The item of an id: ``record["s1"]``."""
        try:
            return self._items[item]
        except KeyError:
            raise KeyError(
                f"no item {item!r} in this record; ids are such as a1, t1, p1, s1, e1 and q1"
            ) from None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.article.id)

    def __reduce__(self) -> tuple[Any, ...]:
        return Record.from_json, (self.to_json(),)

    def __repr__(self) -> str:
        return (
            f"<depeche.Record {self.article.key or self.article.id[:19]}: "
            f"{len(self.statements)} statements, {len(self.events)} events, "
            f"{len(self.positions)} positions>"
        )

    def _repr_html_(self) -> str:
        """The article with its evidence lit, for notebooks."""
        return _html.of_record(self)


T = TypeVar("T", bound=_Item)


def _all(cls: type[T], values: list[dict[str, Any]], record: Record) -> tuple[T, ...]:
    return tuple(_build(cls, value, record) for value in values)


def _build(cls: type[T], value: dict[str, Any], record: Record) -> T:
    """An item from its JSON."""
    parts = _parts(cls)
    fields: dict[str, Any] = {}
    for name, given in value.items():
        part = parts.get(name)
        if name == "class":
            name = "class_"
        if part and isinstance(given, dict):
            given = _build(part, given, record)
        elif isinstance(given, list):
            given = _all(part, given, record) if part else tuple(given)
        fields[name] = given
    item = cls(**fields)
    object.__setattr__(item, "_given", value)
    object.__setattr__(item, "_record", record)
    return item


_PARTS: dict[type[_Item], dict[str, type[_Item]]] = {}


def _parts(cls: type[_Item]) -> dict[str, type[_Item]]:
    """The fields of a class that are items themselves, or hold some."""
    if cls not in _PARTS:
        hints = get_type_hints(cls)
        parts = {
            name: part
            for name in (field.name for field in dataclasses.fields(cls))  # type: ignore[arg-type]
            for part in (hints[name], *get_args(hints[name]))
            if isinstance(part, type) and issubclass(part, _Item)
        }
        _PARTS[cls] = parts
    return _PARTS[cls]
