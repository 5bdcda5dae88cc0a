"""Tables over Arrow: whatever library takes them sees the same rows."""

import pytest

import depeche


@pytest.fixture(scope="module")
def records(nlp, articles):
    return nlp.records(articles)


def test_there_is_a_row_an_item(records):
    for name in ("actors", "times", "places", "statements", "events", "positions"):
        items = sum(len(getattr(record, name)) for record in records)
        assert len(getattr(records, name)) == items > 0, name
    assert len(records.articles) == len(records)
    assert len(records.mentions) == sum(len(a.mentions) for r in records for a in r.actors)
    assert len(records.event_roles) == sum(len(e.roles) for r in records for e in r.events)
    with pytest.raises(KeyError, match="there are: articles"):
        records.table("nouns")


def test_pyarrow_reads_what_the_records_say(records):
    pa = pytest.importorskip("pyarrow")
    for name in depeche.TABLES:
        table = pa.table(records.table(name))
        table.validate(full=True)
        assert table.num_rows == len(records.table(name))
    rows = records.statements.to_arrow().to_pylist()
    said = [s for record in records for s in record.statements]
    ids = [r.article.id for r in records for _ in r.statements]
    assert [row["article_id"] for row in rows] == ids
    assert [row["kind"] for row in rows] == [s.kind for s in said]


def test_nothing_is_copied_on_the_way(records):
    pa = pytest.importorskip("pyarrow")
    table = records.statements

    def address():
        column = pa.table(table).column("article_id").chunk(0)
        return [b.address for b in column.buffers() if b is not None]

    assert address() == address()


def test_polars_pandas_and_duckdb_agree(records):
    pytest.importorskip("pyarrow")
    wanted = records.statements.to_arrow().column("article_id").to_pylist()
    polars = pytest.importorskip("polars")
    assert polars.DataFrame(records.statements)["article_id"].to_list() == wanted
    assert records.statements.to_polars().height == len(wanted)
    duckdb = pytest.importorskip("duckdb")
    statements = records.statements
    assert len(statements)
    counted = duckdb.sql("SELECT count(*), count(DISTINCT article_id) FROM statements").fetchall()[0]
    assert counted == (len(wanted), len(set(wanted)))


def test_pandas(records):
    pytest.importorskip("pyarrow")
    pytest.importorskip("pandas")
    frame = records.statements.to_pandas()
    assert list(frame["article_id"]) == records.statements.to_arrow()["article_id"].to_pylist()


def test_no_records_make_empty_tables():
    pa = pytest.importorskip("pyarrow")
    for name in depeche.TABLES:
        table = pa.table(depeche.Records([]).table(name))
        assert table.num_rows == 0 and table.num_columns > 1
