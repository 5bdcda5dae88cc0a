"""Many machines: articles of a Spark data frame in, records and tables out.

>>> import depeche.spark                                                # doctest: +SKIP
>>> articles = spark.read.parquet("articles/")                          # doctest: +SKIP
>>> records = depeche.spark.records(articles, text="text", published="date")   # doctest: +SKIP
>>> records.write.partitionBy("year", "month").parquet("records/")      # doctest: +SKIP
>>> records = spark.read.parquet("records/")     # so that nothing is read twice; doctest: +SKIP
>>> statements = depeche.spark.table(records, "statements")             # doctest: +SKIP
>>> dispatches = depeche.spark.dispatches(records)                      # doctest: +SKIP
>>> happenings = depeche.spark.happenings(records, dispatches)          # doctest: +SKIP

Articles are read in Rust, inside Spark's Python workers, a batch at a time over Arrow: pyspark and
pyarrow are needed, pandas is not. Copies and events are joined by Spark, and decided by the rules of an
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
import pyarrow.compute as pc
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


def happenings(records: DataFrame, dispatches: DataFrame) -> DataFrame:
    """Which events of different articles are one: for each report its ``identity`` and ``event`` (``e3``), its
    ``dispatch``, and ``happening``, which is the same for reports of one event.

    What copies of a dispatch say again is left out, so ``count(distinct dispatch)`` of a happening says
    how many know of it independently. (An archive compares the first 200 copies of a dispatch; here
    all are.)
    """
    known = dispatches.select("place", "dispatch")
    articles = (
        records.select("place", "day", "record")
        .join(known, "place", "left_semi")
        .dropDuplicates(["place"])
    )
    events = _events(articles)
    found = (
        events.drop("actors", "recipients")
        .join(_who(articles, events), ["place", "n"], "left")
        .withColumns({part: F.coalesce(part, F.array()) for part in ("actors", "recipients")})
        .join(known, "place")
    )
    same = Window.partitionBy("dispatch", "kind", "words", "actors", "recipients")
    first = F.min("place").over(same)
    reports = found.withColumn("told_first", first).where("told_first = place")
    reports = reports.withColumn("name", _name("place", "n"))
    together = _grouped(
        reports.join(_spells(reports), "name", "left")
        .withColumn("component", F.coalesce("component", "name"))
        .select(*_REPORT),
        [F.desc("place"), F.desc("n")],
        _depeche.group_reports,
        "name",
        "happening",
    )
    return together.join(reports.select("name", "place", "n", "dispatch"), "name").select(
        _identity("place").alias("identity"),
        F.concat(F.lit("e"), "n").alias("event"),
        "dispatch",
        "happening",
    )


_REPORT = (
    "component",
    "name",
    "place",
    "n",
    "kind",
    "actors",
    "recipients",
    "first",
    "last",
    "published",
    "site",
    "country",
    "negative",
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


def _who(articles: DataFrame, events: DataFrame) -> DataFrame:
    """The actors and recipients of each event, as entities in their order."""
    schema = (
        "place string, n int, kind string, fold string, country string, qid string, "
        "identified boolean, blocks array<string>"
    )
    actors = _in_rust(articles.select("place", "record"), _depeche.actor_rows, schema)
    none = F.lit("\x00")
    alike = F.concat_ws(
        "\x1f",
        "kind",
        "fold",
        F.coalesce("country", none),
        F.coalesce("qid", none),
        F.col("identified").cast("string"),
    )
    actors = actors.withColumn("alike", alike)
    descriptions = (
        actors.groupBy("alike")
        .agg(
            F.min(_name("place", "n")).alias("name"),
            *(F.first(c).alias(c) for c in ("kind", "fold", "country", "qid", "identified", "blocks")),
        )
    )
    blocks = descriptions.select("name", F.explode("blocks").alias("block"))
    leaders = blocks.groupBy("block").agg(F.min("name").alias("one"))
    edges = blocks.join(leaders, "block").where("one <> name")
    parts = _components(edges.select("one", F.col("name").alias("other")))
    described = descriptions.join(parts, descriptions["name"] == parts["node"], "left").select(
        F.coalesce("root", "name").alias("component"),
        "name",
        "kind",
        "fold",
        "country",
        "qid",
        "identified",
    )
    entities = _grouped(described, ["name"], _depeche.resolve_actors, "name", "entity")
    entities = descriptions.select("alike", "name").join(entities, "name")
    who = actors.select("place", F.col("n").alias("actor"), "alike").join(entities, "alike")
    told = [
        events.select("place", "n", F.lit(role).alias("role"), F.explode(role).alias("actor"))
        for role in ("actors", "recipients")
    ]
    parts = told[0].unionByName(told[1]).join(who, ["place", "actor"])
    return parts.groupBy("place", "n").agg(
        *(
            F.sort_array(F.collect_set(F.when(F.col("role") == role, F.col("entity")))).alias(role)
            for role in ("actors", "recipients")
        )
    )


def _events(articles: DataFrame) -> DataFrame:
    """The events of articles, one a row, with what tells them apart."""
    schema = (
        "place string, n int, kind string, words string, actors array<int>, "
        "recipients array<int>, first long, last long, published long, since long, until long, "
        "site string, country string, negative boolean"
    )
    return _in_rust(articles.select("place", "day", "record"), _depeche.event_rows, schema)


def _spells(reports: DataFrame) -> DataFrame:
    """Reports that may tell of one event, or of one that a third may also tell of, have one
    ``component``: their types and an actor are the same, and their days are not far apart."""
    told = reports.where(F.col("since").isNotNull()).select(
        "name", "kind", F.explode("actors").alias("actor"), "since", "until"
    )
    by_day = Window.partitionBy("kind", "actor").orderBy("since", "name")
    before = by_day.rowsBetween(Window.unboundedPreceding, -1)
    begins = F.coalesce(F.col("since") > F.max("until").over(before), F.lit(True))
    spells = told.withColumn("begins", begins.cast("int")).select(
        "name",
        F.concat_ws(
            "|", "kind", "actor", F.sum("begins").over(by_day).cast("string")
        ).alias("spell"),
    )
    leaders = spells.groupBy("name").agg(F.min("spell").alias("one"))
    edges = spells.join(leaders, "name").where("one <> spell")
    parts = _components(edges.select("one", F.col("spell").alias("other")))
    return leaders.join(parts, leaders["one"] == parts["node"], "left").select(
        "name", F.coalesce("root", "one").alias("component")
    )


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


def _grouped(
    rows: DataFrame,
    order: list[Any],
    decide: Callable[[Any], Any],
    name: str,
    found: str,
) -> DataFrame:
    """Decides about all rows of a component together, in an order: the ``name`` of each row, and as
    ``found`` the name of the one that it belongs to."""

    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in _whole(batches):
            leaders = pa.record_batch(decide(batch)).column(0)
            names = batch.column(name)
            yield pa.RecordBatch.from_arrays([names, names.take(leaders)], [name, found])

    together = rows.repartition("component").sortWithinPartitions("component", *order)
    return _mapped(together, read, f"`{name}` string, `{found}` string")


def _whole(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Batches of sorted rows, cut anew so that no component lies in two."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        if batch.num_rows == 0:
            continue
        components = batch.column("component")
        last = components[-1]
        if held and held[-1].column("component")[-1] != components[0]:
            yield _one(held)
            held = []
        cut = pc.index(components, last).as_py()
        if cut > 0:
            yield _one([*held, batch.slice(0, cut)])
            held = []
        held.append(batch.slice(cut))
    if held:
        yield _one(held)


def _one(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return pa.Table.from_batches(batches).combine_chunks().to_batches()[0]


def _in_rust(rows: DataFrame, make: Callable[[Any], Any], schema: str) -> DataFrame:
    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return (pa.record_batch(make(part)) for part in _parts(batches))

    return _mapped(rows, read, schema)


def _name(place: str, n: str) -> Column:
    """The name of an item of an article: it sorts by place, then by number."""
    return F.concat_ws("-", place, F.lpad(F.col(n).cast("string"), 5, "0"))


def _identity(place: str) -> Column:
    """The identity of the article at a place."""
    return F.substring_index(place, "-", -1)


def _renamed(rows: DataFrame, **names: str) -> DataFrame:
    return rows.select(*(F.col(old).alias(new) for old, new in names.items()))
