"""Against the fields of the JSON format of TimelineJS 3: https://timeline.knightlab.com/docs/json-format.html"""
import json

from jsonschema import Draft202012Validator

from common import FOLDER, certain, items, package

DATE = {"type": "object", "required": ["year"], "additionalProperties": False, "properties": {
    "year": {"type": "integer"}, "month": {"type": "integer", "minimum": 1, "maximum": 12},
    "day": {"type": "integer", "minimum": 1, "maximum": 31}, "display_date": {"type": "string"}}}
TIMELINE = {"type": "object", "required": ["events"], "properties": {"events": {"type": "array", "items": {
    "type": "object", "required": ["start_date", "text", "unique_id"], "additionalProperties": False,
    "properties": {
        "start_date": DATE, "end_date": DATE, "group": {"type": "string"}, "unique_id": {"type": "string"},
        "media": {"type": "object", "required": ["url"]},
        "text": {"type": "object", "required": ["headline", "text"], "additionalProperties": False,
                 "properties": {"headline": {"type": "string"}, "text": {"type": "string"}}}}}}}}
package()
timeline = json.loads((FOLDER / "timeline.json").read_text(encoding="utf-8"))
Draft202012Validator(TIMELINE).validate(timeline)
dated = [event for _, event in items("events") if certain(event) and event["edtf"]]
assert 0 < len(timeline["events"]) <= len(dated)
assert len({event["unique_id"] for event in timeline["events"]}) == len(timeline["events"])
