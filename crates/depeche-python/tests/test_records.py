"""Records from Python: the same as the command line's, typed, in order, whatever comes in."""

import dataclasses
import datetime
import json
import multiprocessing
import pickle
import subprocess
import threading
import time

import pytest

import depeche


def test_the_bytes_are_those_of_the_command_line(nlp, articles, command, tmp_path):
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(a) + "\n" for a in articles), encoding="utf-8")
    asked = [command, "read", "--json", "--lang", "fr", str(path)]
    written = subprocess.run(asked, capture_output=True, check=True).stdout
    assert nlp.records(articles).to_jsonl().encode() == written
    # Threads change nothing, nor does reading one by one.
    assert nlp.records(articles, n_threads=1).to_jsonl().encode() == written
    a = articles[0]
    one = nlp(a["text"], key=a["id"], published=a["date"], title=a["title"], outlet=a["outlet"])
    assert one.to_json().encode() == written.splitlines()[0]


def test_options_are_those_of_the_command_line(articles, command, tmp_path):
    path = tmp_path / "article.txt"
    path.write_text(articles[0]["text"], encoding="utf-8")
    asked = [command, "read", "--json", "--date", "2022-11", "--outlet", "L'« Aube »", str(path)]
    written = subprocess.run(asked, capture_output=True, check=True).stdout
    nlp = depeche.load(published="2022-11", outlet="L'« Aube »")
    assert nlp(articles[0]["text"]).to_json().encode() + b"\n" == written


def test_types_are_those_of_the_schema():
    schema = json.loads(depeche.SCHEMA)
    for name, form in [*schema["$defs"].items(), ("Record", schema)]:
        if "properties" not in form:
            continue
        cls = getattr(depeche, name)
        wanted = set(form["properties"])
        if name == "Record":
            assert wanted <= set(dir(cls)), name
            continue
        fields = {f.name.rstrip("_") for f in dataclasses.fields(cls)}
        assert fields == wanted, name


def test_every_span_slices_the_text(nlp, articles):
    for record in nlp.records(articles):
        for layer in (record.statements, record.events, record.positions, record.times):
            for item in layer:
                start, end = item.span
                assert 0 <= start < end <= len(record.text)
        for said in record.statements:
            for part in (*said.content, said.cue, said.speaker):
                assert part is None or record.text[slice(*part.span)] == part.text
        assert json.loads(record.to_json()) == record.to_dict()
        for said, plain in zip(record.statements, record.to_dict()["statements"], strict=True):
            assert json.dumps(said.to_dict()) == json.dumps(plain)


def test_items_lead_to_one_another(nlp, articles):
    record = nlp(articles[0]["text"], published=articles[0]["date"])
    said = next(s for s in record.statements if s.speaker and s.speaker.actor)
    assert said.speaker.who is record[said.speaker.actor]
    assert said.speaker.name == said.speaker.who.name
    event = next(e for e in record.events if e.actor)
    assert [a.id for a in event.actors] == list(event.actor)
    assert event.plover["event_type"] == event.type
    with pytest.raises(KeyError, match="ids are such as a1"):
        record["x9"]
    alone = pickle.loads(pickle.dumps(said))
    assert alone == said
    with pytest.raises(LookupError, match="pickle the record"):
        alone.who


def test_records_survive_pickle_and_json(nlp, articles):
    record = nlp(articles[1]["text"])
    assert pickle.loads(pickle.dumps(record)) == record
    assert depeche.Record.from_json(record.to_json()).to_json() == record.to_json()
    with pytest.raises(depeche.RecordError, match="depeche read --json"):
        depeche.Record.from_json('{"schema": 1}')


def test_bad_articles_are_reported_in_their_place(nlp):
    given = [
        "Il pleut.",
        {"id": 3, "body": "?"},
        {"text": ["Il", "pleut."]},
        {"text": "Il neige.", "date": 2.5},
        b"Il g\xe8le.",
        "\ud800",
        None,
        {"text": b"Il vente.", "id": 9, "date": datetime.date(2025, 2, 18), "title": None},
    ]
    found = list(nlp.pipe(given))
    assert [isinstance(f, depeche.Record) for f in found] == [True] + [False] * 6 + [True]
    assert found[-1].article.published == "2025-02-18"
    assert [f.index for f in found if isinstance(f, depeche.Problem)] == [1, 2, 3, 4, 5, 6]
    said = [str(f) for f in found if not f and isinstance(f, depeche.Problem)]
    assert said[0] == "article 1 (id 3): no field `text` beside id, body"
    assert said[1] == "article 2: `text` should be a text, and is ['Il', 'pleut.']"
    assert said[2] == "article 3: `date` should be a text, and is 2.5"
    assert "not UTF-8 at byte 4 (0xe8); convert it first" in said[3]
    assert "surrogates not allowed; decode it with" in said[4]
    assert "and not None" in said[5]
    with pytest.raises(depeche.ArticleError, match="article 1 "):
        list(nlp.pipe(given, on_error="raise"))
    with pytest.warns(UserWarning) as warned:
        assert len(list(nlp.pipe(given, on_error="skip"))) == 2
    assert [str(w.message) for w in warned] == said


def test_errors_say_what_next(nlp, tmp_path):
    with pytest.raises(depeche.DepecheError, match="no language 'xx' is built in; there are: "):
        depeche.load("xx")
    with pytest.raises(depeche.ArticleError, match="split it at byte"):
        nlp("a" * (17 << 20))
    with pytest.raises(depeche.ArticleError, match="nlp.pipe"):
        nlp(["Il pleut."])
    with pytest.raises(TypeError, match="for one there is"):
        nlp.pipe("Il pleut.")
    with pytest.raises(ValueError, match="1 or more"):
        nlp.pipe(["Il pleut."], n_threads=0)
    (tmp_path / "time").mkdir()
    (tmp_path / "time" / "dates.toml").write_text("[[rule]]\nid = 3\n")
    with pytest.raises(depeche.RulesError, match="time/dates.toml:"):
        depeche.load("fr", rules=tmp_path)
    with pytest.raises(depeche.RulesError, match="no folder"):
        depeche.load("fr", rules=tmp_path / "none")


def test_articles_are_drawn_as_they_are_needed(nlp):
    drawn = 0

    def source():
        nonlocal drawn
        for _ in range(10_000):
            drawn += 1
            yield "Il pleut sur la ville. " * 500
        raise AssertionError("nobody needs them all")

    found = nlp.pipe(source(), n_threads=2)
    assert next(found).text.startswith("Il pleut")
    assert drawn < 400
    found.close()


def test_what_was_drawn_before_an_error_is_read(nlp):
    def source():
        yield "Il pleut."
        raise OSError("the disk is gone")

    found = nlp.pipe(source())
    assert next(found).text == "Il pleut."
    with pytest.raises(OSError, match="the disk is gone"):
        next(found)


def test_other_threads_run_meanwhile(nlp, articles):
    text = "\n\n".join(a["text"] for a in articles) * 4
    ticks = []
    done = threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    ticker = threading.Thread(target=tick)
    ticker.start()
    begun = time.perf_counter()
    nlp(text)
    ended = time.perf_counter()
    done.set()
    ticker.join()
    within = [t for t in ticks if begun < t < ended]
    # With Python's lock held there would be none at all.
    assert len(within) >= 3


def _read_in_child(text):
    return next(iter(depeche.load("fr").pipe([text] * 3, n_threads=2))).to_json()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_reads_too(nlp, articles):
    text = articles[0]["text"]
    here = next(iter(nlp.pipe([text] * 3, n_threads=2))).to_json()
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply_async(_read_in_child, (text,)).get(timeout=60) == here
