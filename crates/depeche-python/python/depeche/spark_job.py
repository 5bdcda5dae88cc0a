"""Articles in, tables out, on a cluster: a script for ``spark-submit``.

::

    spark-submit "$(python -c 'import depeche.spark_job as job; print(job.__file__)')" \\
        articles/ out/ --text text --published date --lang fr

``articles`` is a folder of Parquet, or of JSONL (gz and bz2 too). Below ``out`` come ``records`` (one JSON
record an article), the typed tables and ``dispatches`` (which articles are copies): Parquet with zstd, by year and month where there are any. A run
that is repeated writes the same rows.
"""

from __future__ import annotations

import argparse
import sys

from pyspark.sql import DataFrame, SparkSession

import depeche
import depeche.spark

_FACTS = ("key", "title", "published", "outlet", "url", "rights", "lang", "order")
# How a line of JSONL calls what is known of its article.
_LINE = {"key": "id", "published": "date", **{f: f for f in ("title", "outlet", "url", "rights", "lang")}}


def main(arguments: list[str] | None = None) -> int:
    """Runs the job; 1 when some articles could not be read, which ``records.problem`` tells."""
    asked = _asked(arguments)
    spark = SparkSession.builder.appName("depeche").getOrCreate()
    spark.sparkContext.setCheckpointDir(f"{asked.out}/_work")
    articles = _articles(spark, asked)
    columns = {fact: getattr(asked, fact) for fact in _FACTS}
    if asked.format == "jsonl":
        columns = {fact: column or _LINE.get(fact) for fact, column in columns.items()}
    options = {"lang": asked.language} if asked.language else {}
    read = depeche.spark.records(articles, asked.text, options=options, **columns)
    _write(read, f"{asked.out}/records")
    records = spark.read.parquet(f"{asked.out}/records")
    for name in asked.tables:
        _write(depeche.spark.table(records, name), f"{asked.out}/{name}")
    if not asked.no_joins:
        _write(depeche.spark.dispatches(records), f"{asked.out}/dispatches")
        dispatches = spark.read.parquet(f"{asked.out}/dispatches")
    bad = records.where("problem IS NOT NULL").count()
    print(f"{records.count()} articles, {bad} with problems", file=sys.stderr)
    spark.stop()
    return 1 if bad else 0


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="spark_job.py", description=__doc__.split("\n")[0])
    parser.add_argument("articles", help="folder or file of articles")
    parser.add_argument("out", help="folder for what is written")
    parser.add_argument("--format", choices=("parquet", "jsonl"), help="told from the name otherwise")
    parser.add_argument("--text", default="text", help="the column of the text")
    for fact in _FACTS:
        parser.add_argument(f"--{fact}", metavar="COLUMN", help=f"the column of the {fact}")
    parser.add_argument("--language", help="of articles that do not name theirs: fr")
    parser.add_argument(
        "--tables", nargs="*", choices=depeche.TABLES, default=depeche.TABLES, help="all otherwise"
    )
    parser.add_argument("--no-joins", action="store_true", help="no copies")
    asked = parser.parse_args(arguments)
    if asked.format is None:
        asked.format = "jsonl" if ".json" in asked.articles or ".ndjson" in asked.articles else "parquet"
    return asked


def _articles(spark: SparkSession, asked: argparse.Namespace) -> DataFrame:
    if asked.format == "parquet":
        return spark.read.parquet(asked.articles)
    given = {asked.text, *_LINE.values(), *(getattr(asked, fact) for fact in _FACTS)}
    schema = ", ".join(f"`{name}` string" for name in sorted(given - {None}))
    return spark.read.schema(schema).json(asked.articles)


def _write(rows: DataFrame, path: str) -> None:
    dated = {"year", "month"} <= set(rows.columns)
    writer = rows.write.mode("overwrite").option("compression", "zstd")
    (writer.partitionBy("year", "month") if dated else writer).parquet(path)


if __name__ == "__main__":
    sys.exit(main())
