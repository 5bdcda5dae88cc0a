"""An article with its evidence lit, for notebooks.

The text comes from anywhere, so everything that is shown is escaped, and nothing of it is ever
part of a tag but in quoted, escaped attributes.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from depeche._record import Record

# Told apart by line as well as by colour. Colours hold on white and on dark grounds.
_STYLES = {
    "words": "background:rgba(56,142,60,.18);border-bottom:2px solid #388e3c",
    "cue": "border-bottom:2px dotted #e65100",
    "speaker": "background:rgba(21,101,192,.15);border-bottom:2px double #1565c0",
    "event": "border-bottom:2px dashed #8e24aa",
}
_CELL = "text-align:left;vertical-align:top;padding:.15em .6em;white-space:pre-wrap"


def of_record(record: Record) -> str:
    """The text, and tables of what was said and done."""
    legend = " · ".join(f'<span style="{style}">{name}</span>' for name, style in _STYLES.items())
    parts = [
        f'<div style="font-size:.85em;margin:.4em 0">{legend}</div>',
        f'<div style="white-space:pre-wrap;line-height:1.7">{_lit(record)}</div>',
        _table(
            ("", "who", "how", "said"),
            [
                (
                    s.id,
                    ", ".join(a.name for a in s.who) or (s.speaker.text if s.speaker else ""),
                    f"{s.kind} · {s.cue.lemma}" if s.cue else s.kind,
                    s.text,
                )
                for s in record.statements
            ],
        ),
        _table(
            ("", "who", "does what", "to whom", "when", "where", "certain"),
            [
                (
                    e.id,
                    ", ".join(a.name for a in e.actors),
                    f"{e.type} · {e.text}",
                    ", ".join(a.name for a in e.recipients),
                    e.edtf or "",
                    e.place.name if e.place else "",
                    e.factuality,
                )
                for e in record.events
            ],
        ),
        _table(
            ("", "who", "stance", "on what"),
            [(p.id, p.who.name, p.stance, p.text) for p in record.positions],
        ),
    ]
    return f'<div lang="{escape(record.article.lang)}">{"".join(parts)}</div>'


def _lit(record: Record) -> str:
    marks: list[tuple[int, int, str, str]] = []
    for said in record.statements:
        marks += [(*span.span, "words", said.id) for span in said.content]
        if said.cue:
            marks.append((*said.cue.span, "cue", said.id))
        if said.speaker:
            marks.append((*said.speaker.span, "speaker", said.id))
    for event in record.events:
        marks += [(*span.span, "event", event.id) for span in event.mentions]
    return _segments(record.text, marks)


def _segments(text: str, marks: list[tuple[int, int, str, str]]) -> str:
    """The text, cut wherever a mark begins or ends: marks overlap, tags may not."""
    begin: dict[int, list[int]] = {}
    end: dict[int, list[int]] = {}
    for n, (first, last, _, _) in enumerate(marks):
        begin.setdefault(first, []).append(n)
        end.setdefault(last, []).append(n)
    out = []
    open_marks: dict[int, None] = {}
    at = 0
    for cut in sorted({*begin, *end, len(text)}):
        piece = escape(text[at:cut])
        if open_marks and piece:
            lit = [marks[n] for n in open_marks]
            style = ";".join(dict.fromkeys(_STYLES[kind] for _, _, kind, _ in lit))
            title = ", ".join(f"{name} {kind}" for _, _, kind, name in lit)
            piece = f'<span style="{style}" title="{escape(title)}">{piece}</span>'
        out.append(piece)
        for n in end.get(cut, ()):
            open_marks.pop(n, None)
        for n in begin.get(cut, ()):
            open_marks[n] = None
        at = cut
    return "".join(out)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    top = "".join(f'<th scope="col" style="{_CELL}">{escape(name)}</th>' for name in head)
    lines = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{escape(cell)}</td>' for cell in row) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"
