"""Against the fields of the chapter « JSON Data Fields » of the PLOVER manual."""
import json

from jsonschema import Draft202012Validator

from common import FOLDER, items, package

DAY = {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}-\d{2}$"}
ACTORS = {"type": "array", "items": {"type": "object", "required": ["code", "sector", "actor_text", "identifier_id", "identifier_text"]}}
EVENT = {
    "type": "object",
    "required": ["id", "date", "actor", "recipient", "event", "quad_code", "mode", "context", "event_text", "text_info", "cite_info"],
    "properties": {
        "date": DAY, "enddate": DAY, "actor": ACTORS, "recipient": ACTORS,
        "event": {"type": "array", "items": {"enum": [
            "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
            "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"]}},
        "quad_code": {"enum": [1, 2, 3, 4]},
    },
}
package()
with open(FOLDER / "events.plover.jsonl", encoding="utf-8") as file:
    events = [json.loads(line) for line in file]
for event in events:
    Draft202012Validator(EVENT).validate(event)
assert len({event["id"] for event in events}) == len(events) == len(items("events"))
assert [e["event_text"][0] for e in events] == [e["mentions"][0]["text"] for _, e in items("events")]
