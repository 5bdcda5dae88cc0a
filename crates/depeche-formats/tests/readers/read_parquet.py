import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from common import FOLDER, RECORDS, items, package

package()
table = ds.dataset(FOLDER / "statements", partitioning="hive").to_table()
assert table.num_rows == len(items("statements"))
span = table.schema.field("cue").type
assert [span.field(i).name for i in range(3)] == ["start", "end", "text"], span
assert pa.types.is_date32(table.schema.field("published_first").type)
assert pa.types.is_list(table.schema.field("speakers").type)
texts = {record["article"]["key"]: record["article"]["text"] for record in RECORDS}
for row in table.to_pylist():
    for part in row["content"]:
        assert texts[row["article_key"]][part["start"]:part["end"]] == part["text"]

folders = sorted(p.relative_to(FOLDER / "articles").parent.as_posix() for p in (FOLDER / "articles").rglob("*.parquet"))
assert "year=2023/month=04" in folders, folders
assert "year=2023/month=unknown" in folders and "year=unknown/month=unknown" in folders, folders

db = duckdb.connect()
for layer, name in (("events", "events"), ("positions", "positions"), ("times", "times"), ("actors", "actors")):
    count = db.sql(f"select count(*) from read_parquet('{FOLDER}/{name}/**/*.parquet', hive_partitioning=true)").fetchall()[0][0]
    assert count == len(items(layer)), name
sides = db.sql(f"""select count(*) from
    (select unnest(actor_ids) from read_parquet('{FOLDER}/events/**/*.parquet')
     union all select unnest(recipient_ids) from read_parquet('{FOLDER}/events/**/*.parquet'))""").fetchall()[0][0]
exploded = db.sql(f"select count(*) from read_parquet('{FOLDER}/event_actors/**/*.parquet')").fetchall()[0][0]
assert sides == exploded == sum(len(e["actor"]) + len(e["recipient"]) for _, e in items("events"))
compression = db.sql(f"select distinct compression from parquet_metadata('{FOLDER}/articles/**/*.parquet')").fetchall()
assert compression == [("ZSTD",)], compression
