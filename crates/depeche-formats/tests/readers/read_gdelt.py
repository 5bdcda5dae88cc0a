import duckdb

from common import FOLDER, certain, items, package

described = package()
names = [field["name"] for field in described["resources"][0]["schema"]["fields"]]
assert len(names) == 61 and names[0] == "GLOBALEVENTID" and names[26] == "EventCode" and names[60] == "SOURCEURL"
rows = (FOLDER / "events.export.tsv").read_text(encoding="utf-8").split("\n")[:-1]
assert rows and all(len(row.split("\t")) == 61 for row in rows)
columns = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in names) + "}"
db = duckdb.connect()
table = f"read_csv('{FOLDER}/events.export.tsv', delim='\t', header=false, quote='', columns={columns})"
count, ids = db.sql(f"select count(*), count(distinct GLOBALEVENTID) from {table}").fetchall()[0]
assert count == ids == len(rows)
codes = {code for (code,) in db.sql(f"select EventCode from {table}").fetchall()}
assert codes == {event["cameo"] for _, event in items("events") if certain(event)}
db.sql(f"select cast(GLOBALEVENTID as bigint), cast(QuadClass as int), strptime(nullif(SQLDATE, ''), '%Y%m%d') from {table}").fetchall()
