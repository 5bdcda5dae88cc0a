import pyarrow as pa
import pyarrow.dataset as ds

from common import FOLDER, items, package

package()
for layer in ("statements", "events", "positions", "times", "places", "actors"):
    table = ds.dataset(FOLDER / layer, format="ipc", partitioning="hive").to_table()
    assert table.num_rows == len(items(layer)), layer
    table.validate(full=True)
with pa.OSFile(str(next((FOLDER / "events").rglob("*.arrow")))) as file:
    events = pa.ipc.open_file(file).read_all()
assert pa.types.is_list(events.schema.field("actors").type)
