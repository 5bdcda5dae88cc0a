from collections.abc import Sequence
from typing import Any

VERSION: str
SCHEMA: str
LANGUAGES: list[str]
TABLES: list[str]
CROWD: int
CANDIDATES: int

class Core:
    @staticmethod
    def from_json(json: str) -> Core: ...
    def to_json(self) -> str: ...

class Reader:
    def __init__(
        self,
        lang: str | None,
        published: str | None,
        outlet: str | None,
        rules: list[tuple[str, str]],
    ) -> None: ...
    def read(
        self,
        articles: Sequence[tuple[str | bytes, tuple[str | None, ...]]],
        threads: int,
    ) -> list[Core | str]: ...
    def read_batch(self, batch: Any) -> ArrowBatch: ...

class ArrowBatch:
    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]: ...

class ArrowTable:
    num_rows: int
    column_names: list[str]
    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...
    def __arrow_c_schema__(self) -> object: ...

def table(records: list[Core], name: str) -> ArrowTable: ...
def table_schema(name: str) -> Any: ...
def table_rows(batch: Any, name: str) -> ArrowBatch: ...
def relations(batch: Any) -> ArrowBatch: ...
