"""Records as tables, over the Arrow PyCapsule interface."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, overload

from depeche._depeche import TABLES, table
from depeche._errors import Problem
from depeche._record import Record

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from depeche._depeche import ArrowTable


class Table:
    """A typed table that any Arrow library takes without copying it.

    ``pyarrow.table(t)``, ``polars.DataFrame(t)`` and ``duckdb.sql("SELECT … FROM t")`` read it as it is;
    ``to_pandas``, ``to_polars`` and ``to_arrow`` are short for that.

    >>> import depeche
    >>> records = depeche.load("fr").records(["« Non », a dit le ministre."])
    >>> records.statements
    <depeche.Table statements: 1 row>
    """

    def __init__(self, name: str, arrow: ArrowTable) -> None:
        self.name = name
        self._arrow = arrow

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._arrow.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        return self._arrow.__arrow_c_schema__()

    def __len__(self) -> int:
        return self._arrow.num_rows

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        return list(self._arrow.column_names)

    def to_arrow(self) -> pyarrow.Table:
        """As a table of pyarrow, which must be installed."""
        import pyarrow

        return pyarrow.table(self)

    def to_pandas(self) -> pandas.DataFrame:
        """As a frame of pandas; pandas and pyarrow must be installed."""
        frame: pandas.DataFrame = self.to_arrow().to_pandas()
        return frame

    def to_polars(self) -> polars.DataFrame:
        """As a frame of Polars, which must be installed."""
        import polars

        return polars.DataFrame(self)

    def __repr__(self) -> str:
        rows = len(self)
        return f"<depeche.Table {self.name}: {rows} row{'' if rows == 1 else 's'}>"


class Records(Sequence[Record]):
    """Records of many articles, in their order, and the tables made of them.

    A table has one row an item; its ``article_id`` and the item's id are the key. Made by
    :meth:`Nlp.records`, or of any records:

    >>> import depeche
    >>> nlp = depeche.load("fr")
    >>> records = depeche.Records([nlp("« Non », a dit le ministre.")])
    >>> "article_id" in records.statements.columns
    True
    """

    def __init__(self, records: Iterable[Record], problems: tuple[Problem, ...] = ()) -> None:
        self._records = list(records)
        self.problems = problems
        """Articles that have no record, and why."""

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> Records: ...

    def __getitem__(self, index: int | slice) -> Record | Records:
        if isinstance(index, slice):
            return Records(self._records[index])
        return self._records[index]

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records)

    def table(self, name: str) -> Table:
        """The table of that name: one of :data:`depeche.TABLES`."""
        if name not in TABLES:
            raise KeyError(f"no table {name!r}; there are: {', '.join(TABLES)}")
        return Table(name, table([record._core for record in self._records], name))

    @cached_property
    def articles(self) -> Table:
        """One row an article."""
        return self.table("articles")

    @cached_property
    def actors(self) -> Table:
        """One row an actor of an article."""
        return self.table("actors")

    @cached_property
    def mentions(self) -> Table:
        """One row a place where the text speaks of an actor."""
        return self.table("mentions")

    @cached_property
    def times(self) -> Table:
        """One row a time expression."""
        return self.table("times")

    @cached_property
    def places(self) -> Table:
        """One row a place."""
        return self.table("places")

    @cached_property
    def statements(self) -> Table:
        """One row a statement."""
        return self.table("statements")

    @cached_property
    def events(self) -> Table:
        """One row an event."""
        return self.table("events")

    @cached_property
    def event_actors(self) -> Table:
        """One row an actor or recipient of an event."""
        return self.table("event_actors")

    @cached_property
    def event_roles(self) -> Table:
        """One row a part in an event."""
        return self.table("event_roles")

    @cached_property
    def positions(self) -> Table:
        """One row a position."""
        return self.table("positions")

    def to_jsonl(self) -> str:
        """One record a line, as ``depeche read --json`` writes them."""
        return "".join(f"{record.to_json()}\n" for record in self._records)

    def __repr__(self) -> str:
        problems = f", {len(self.problems)} problems" if self.problems else ""
        return f"<depeche.Records: {len(self)} articles{problems}>"


