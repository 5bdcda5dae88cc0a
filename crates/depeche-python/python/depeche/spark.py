"""Many machines: articles of a Spark data frame in, records and tables out.

>>> import depeche.spark                                                # doctest: +SKIP
>>> articles = spark.read.parquet("articles/")                          # doctest: +SKIP
>>> records = depeche.spark.records(articles, text="text", published="date")   # doctest: +SKIP
>>> records.write.partitionBy("year", "month").parquet("records/")      # doctest: +SKIP
>>> records = spark.read.parquet("records/")     # so that nothing is read twice; doctest: +SKIP
>>> statements = depeche.spark.table(records, "statements")             # doctest: +SKIP
>>> dispatches = depeche.spark.dispatches(records)                      # doctest: +SKIP

Articles are read in Rust, inside Spark's Python workers, a batch at a time over Arrow: pyspark and
pyarrow are needed, pandas is not. Copies are joined by Spark, and decided by the rules of an
archive: the answers are those of an archive to which the same articles were added by date. For articles
of one day ``order`` says which came first (else their identity does).

Joins of several rounds keep what they have in the checkpoint directory. Set one
(``spark.sparkContext.setCheckpointDir(…)``): without it an executor that is lost ends a job.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Union
from unittest import mock

import pyarrow as pa
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql import types as T

from depeche import _depeche
from depeche._nlp import Nlp, load

Name = Union[str, Column, None]

# A record is some ten times its article: so many rows are held at once.
_ROWS = 128

RECORDS = T.StructType(
    [
        T.StructField(name, T.StringType())
        for name in (
            "place",
            "identity",
            "article_id",
            "key",
            "lang",
            "title",
            "published",
            "outlet",
            "agency",
            "url",
            "rights",
            "record",
            "problem",
        )
    ]
    + [T.StructField(name, T.IntegerType()) for name in ("day", "year", "month")]
    + [
        T.StructField("sketch", T.BinaryType()),
        T.StructField("bands", T.ArrayType(T.LongType())),
    ]
)
"""The columns of :func:`records`."""


def records(
    articles: DataFrame,
    text: Name = "text",
    published: Name = None,
    *,
    key: Name = None,
    title: Name = None,
    outlet: Name = None,
    url: Name = None,
    rights: Name = None,
    lang: Name = None,
    order: Name = None,
    options: Mapping[str, Any] | None = None,
) -> DataFrame:
    """One row an article: its record as JSON in ``record``, or why there is none in ``problem``.

    The other arguments name the columns that hold what is known of an article; dates may be dates, time
    stamps or EDTF. ``options`` are those of :func:`depeche.load`, such as ``{"lang": "fr"}``.

    Beside the article's own fields there are ``year`` and ``month`` of publication, to partition by;
    ``identity``, which is the same for the same article come twice; ``place``, a text that sorts articles by
    date; ``sketch`` and ``bands``, by which copies are found.
    """
    given = {
        "text": text,
        "key": key,
        "title": title,
        "published": published,
        "outlet": outlet,
        "url": url,
        "rights": rights,
        "lang": lang,
        "order": order,
    }
    chosen = articles.select(
        *(_column(articles, name, given[name]) for name in given if given[name] is not None)
    )
    settings = tuple(sorted((options or {}).items()))
    _reader(settings)  # what is wrong with the options is said here, and not by a far machine

    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return _read(batches, settings)

    return _mapped(chosen, read, RECORDS)


def table(records: DataFrame, name: str) -> DataFrame:
    """A typed table of records: one of :data:`depeche.TABLES`, with ``year`` and ``month``."""
    arrow = pa.schema(_depeche.table_schema(name))
    schema = T.StructType([_field(field) for field in arrow])

    def rows(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return (pa.record_batch(_depeche.table_rows(part, name)) for part in _parts(batches))

    found = records.where(F.col("record").isNotNull())
    first, last = F.col("published_first"), F.col("published_last")
    year = F.when(F.year(first) == F.year(last), F.year(first))
    month = F.when(F.trunc(first, "month") == F.trunc(last, "month"), F.month(first))
    return _mapped(found.select("record"), rows, schema).withColumns(
        {"year": year, "month": month}
    )


def dispatches(records: DataFrame) -> DataFrame:
    """Which articles are versions of one dispatch: ``identity`` and ``place`` of each article,
    ``dispatch``, the identity of the earliest version, and ``relation``, what it is to that one:
    ``identical``, ``shortened``, ``extended``, ``altered``, or null for the earliest itself.

    An article that came twice is counted once. A text is compared with as many others as an archive
    compares it with, so time does not grow with the square of their number.
    """
    texts = (
        records.where(F.col("identity").isNotNull())
        .groupBy("identity")
        .agg(F.min("place").alias("place"), F.expr("min_by(struct(sketch, bands), place)").alias("t"))
        .select("identity", "place", "t.sketch", "t.bands")
    )
    versions = _versions(texts)
    heads = _components(versions).withColumnRenamed("root", "head")
    copies = heads.where("node <> head")
    sketch = texts.select("place", "sketch")
    compared = (
        copies.join(_renamed(sketch, place="head", sketch="one"), "head")
        .join(_renamed(sketch, place="node", sketch="other"), "node")
        .select("node", "head", "one", "other")
    )
    related = _related(compared, "node", "head").select(
        F.col("node").alias("place"),
        _identity("head").alias("dispatch"),
        # Versions of versions: each is close to the next, the ends are not.
        F.coalesce("relation", F.lit("altered")).alias("relation"),
    )
    return texts.select("identity", "place").join(related, "place", "left").select(
        "identity",
        "place",
        F.coalesce("dispatch", "identity").alias("dispatch"),
        "relation",
    )


def _column(articles: DataFrame, name: str, given: Name) -> Column:
    """A column of the articles as the engine takes it."""
    column = articles[given] if isinstance(given, str) else given
    assert column is not None
    if name == "order":
        return column.cast("long").alias(name)
    kind = articles.select(column).schema[0].dataType
    if isinstance(kind, (T.TimestampType, T.TimestampNTZType)):
        column = F.date_format(column, "yyyy-MM-dd'T'HH:mm:ss")
    return column.cast("string").alias(name)


@cache
def _reader(settings: tuple[tuple[str, Any], ...]) -> Nlp:
    return load(**dict(settings))


def _read(
    batches: Iterable[pa.RecordBatch], settings: tuple[tuple[str, Any], ...]
) -> Iterator[pa.RecordBatch]:
    reader = _reader(settings)._reader
    for part in _parts(batches):
        yield pa.record_batch(reader.read_batch(part))


def _mapped(
    rows: DataFrame,
    make: Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]],
    schema: T.StructType | str,
) -> DataFrame:
    """``mapInArrow``. It asks for pandas, though nothing on the way is of pandas: it need not be there."""
    asks = "pyspark.sql.pandas.functions.require_minimum_pandas_version"
    try:
        with mock.patch(asks, lambda: None):
            return rows.mapInArrow(make, schema)
    except AttributeError:  # another version of Spark, which may not ask
        return rows.mapInArrow(make, schema)


def _parts(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for start in range(0, batch.num_rows, _ROWS):
            yield batch.slice(start, _ROWS)


def _field(field: pa.Field) -> T.StructField:
    return T.StructField(field.name, _type(field.type), field.nullable)


def _type(kind: pa.DataType) -> T.DataType:
    """The type of Spark for one of Arrow's; ``table_rows`` gives no others."""
    if pa.types.is_struct(kind):
        return T.StructType([_field(kind.field(n)) for n in range(kind.num_fields)])
    if pa.types.is_list(kind):
        return T.ArrayType(_type(kind.value_type))
    simple: dict[pa.DataType, T.DataType] = {
        pa.string(): T.StringType(),
        pa.bool_(): T.BooleanType(),
        pa.int8(): T.ByteType(),
        pa.int16(): T.ShortType(),
        pa.int32(): T.IntegerType(),
        pa.int64(): T.LongType(),
        pa.float32(): T.FloatType(),
        pa.float64(): T.DoubleType(),
        pa.date32(): T.DateType(),
    }
    return simple[kind]


def _versions(texts: DataFrame) -> DataFrame:
    """Pairs of an article and an earlier one of which it is a version: ``one``, ``other``."""
    crowd = _depeche.CROWD
    bands = texts.select("place", F.explode("bands").alias("band"))
    by_date = Window.partitionBy("band").orderBy("place")
    bands = bands.withColumn("rank", F.row_number().over(by_date)).withColumn(
        "part", F.floor(F.col("rank") / crowd)
    )
    # Of those before it the nearest: they lie in its own part of the crowd or in the one before.
    later = bands.select(
        "band",
        F.col("place").alias("node"),
        F.col("rank").alias("node_rank"),
        F.explode(F.array("part", F.col("part") - 1)).alias("part"),
    )
    before = F.col("node_rank") - F.col("rank")
    met = later.join(bands, ["band", "part"]).where((before >= 1) & (before <= crowd))
    likely = met.groupBy("node", F.col("place").alias("earlier")).agg(F.count("*").alias("shared"))
    most_first = Window.partitionBy("node").orderBy(F.desc("shared"), "earlier")
    likely = likely.withColumn("n", F.row_number().over(most_first))
    likely = likely.where(F.col("n") <= _depeche.CANDIDATES)
    sketch = texts.select("place", "sketch")
    pairs = (
        likely.join(_renamed(sketch, place="earlier", sketch="one"), "earlier")
        .join(_renamed(sketch, place="node", sketch="other"), "node")
        .select("node", "earlier", "one", "other")
    )
    related = _related(pairs, "node", "earlier").where("relation IS NOT NULL")
    return related.select(F.col("earlier").alias("one"), F.col("node").alias("other"))


def _related(pairs: DataFrame, *keys: str) -> DataFrame:
    """The relation of each pair of sketches ``one`` and ``other``."""

    def relate(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            relation = pa.record_batch(_depeche.relations(batch)).column(0)
            columns = [*(batch.column(key) for key in keys), relation]
            yield pa.RecordBatch.from_arrays(columns, [*keys, "relation"])

    schema = ", ".join(f"`{name}` string" for name in (*keys, "relation"))
    return _mapped(pairs, relate, schema)


def _components(edges: DataFrame) -> DataFrame:
    """What is joined by edges ``one``, ``other``: each ``node`` with its ``root``, the smallest of its part.

    Each round hands the smallest name on to neighbours, and then jumps to the name of that name, so a
    chain of any length takes few rounds.
    """
    edges = edges.distinct()
    both = _kept(edges.select("one", "other").union(edges.select("other", "one")))
    roots = _kept(
        both.groupBy(F.col("one").alias("node"))
        .agg(F.min("other").alias("near"))
        .select("node", F.least("node", "near").alias("root"))
    )
    while True:
        near = (
            both.join(_renamed(roots, node="other", root="near"), "other")
            .groupBy(F.col("one").alias("node"))
            .agg(F.min("near").alias("near"))
        )
        handed = roots.join(near, "node").select(
            "node", F.col("root").alias("was"), F.least("root", "near").alias("via")
        )
        jump = _renamed(handed.select("node", "via"), node="via", via="root")
        jumped = _kept(handed.join(jump, "via").select("node", "root", "was"))
        roots = jumped.select("node", "root")
        if jumped.where("root <> was").isEmpty():
            return roots


def _kept(found: DataFrame) -> DataFrame:
    """The rows, made once and kept, so that a plan does not grow from round to round."""
    context = found.sparkSession.sparkContext
    return found.checkpoint() if context.getCheckpointDir() else found.localCheckpoint()


def _identity(place: str) -> Column:
    """The identity of the article at a place."""
    return F.substring_index(place, "-", -1)


def _renamed(rows: DataFrame, **names: str) -> DataFrame:
    return rows.select(*(F.col(old).alias(new) for old, new in names.items()))
