"""Two executors of their own, one of them killed in mid-run: the same answers as one machine's."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import depeche

if not os.environ.get("DEPECHE_SPARK"):
    pytest.skip("Spark takes minutes: set DEPECHE_SPARK=1 to test it", allow_module_level=True)
pytest.importorskip("pyspark")
pq = pytest.importorskip("pyarrow.parquet")
pa = pytest.importorskip("pyarrow")

DRIVER = Path(__file__).with_name("spark_driver.py")
OUTLETS = ("Agence Lémanique", "Le Courrier", "La Gazette", "L'Écho")
# One event in two articles that are no copies, and another of its kind three weeks later.
TOLD_AGAIN = [
    {"id": "m1", "date": "2023-03-08", "outlet": "Le Courrier", "text":
     "La Norvège a condamné mardi la Russie. Le texte a été lu à Oslo devant la presse, en fin de "
     "matinée, par le porte-parole du gouvernement."},
    {"id": "m2", "date": "2023-03-09", "outlet": "La Gazette", "text":
     "Mardi, la Norvège a condamné la Russie, deux jours après la panne qui a touché plusieurs "
     "ports du nord et mis à l'arrêt des centaines de navires de pêche."},
    {"id": "m3", "date": "2023-03-29", "outlet": "L'Écho", "text":
     "La Norvège a condamné lundi la Russie. Trois semaines plus tôt, Oslo avait déjà protesté "
     "dans les mêmes termes, sans recevoir la moindre réponse écrite."},
]
TOLD = ("statements", "events")
# A JVM on a busy machine takes its time.
PATIENCE = 1800


def java_home() -> str | None:
    """The folder of a Java that Spark 4 runs on: 17 or 21."""
    found = [os.environ.get("JAVA_HOME"), *map(str, sorted(Path("/usr/lib/jvm").glob("*")))]
    on_path = shutil.which("java")
    found.append(str(Path(on_path).resolve().parents[1]) if on_path else None)
    for home in found:
        java = Path(home or "/none") / "bin" / "java"
        if not java.exists():
            continue
        asked = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
        if re.search(r'version "(17|21)', asked.stderr):
            return home
    return None


pytestmark = pytest.mark.skipif(java_home() is None, reason="no Java 17 or 21 on this machine")


@pytest.fixture(scope="module")
def corpus(articles) -> list[dict]:
    """Articles, their copies in other outlets (whole, shortened, extended), and the same again,
    by date."""
    corpus = []
    for n in range(20):
        for k, article in enumerate(articles):
            paragraphs = article["text"].split("\n\n")
            keep = max(2, len(paragraphs) - n % 3)
            text = "\n\n".join(paragraphs[:keep])
            if n >= 6:
                # Another story in the same words: other names, other numbers.
                text = text.translate({ord(c): chr(0x61 + (i * (n % 7 + 2)) % 26)
                                       for i, c in enumerate("bcdfgjklmnpqrstv")})
            year, month, day = (article["date"] + "-01-01").split("-")[:3]
            date = f"{year}-{month}-{(int(day) + n // 2) % 28 + 1:02}"
            corpus.append({"id": f"{k}.{n}", "text": text, "date": date,
                           "title": article["title"], "outlet": OUTLETS[n % len(OUTLETS)]})
    corpus += [dict(corpus[5]), dict(corpus[40])]
    corpus += TOLD_AGAIN
    corpus.append({"id": "undated", "text": articles[0]["text"], "outlet": "Le Matin"})
    corpus.sort(key=lambda a: a.get("date", ""))
    for n, article in enumerate(corpus):
        article["order"] = n
    return corpus


@pytest.fixture(scope="module")
def alone(nlp, corpus) -> list[str]:
    return [record.to_json() for record in nlp.pipe(corpus, on_error="raise")]


@pytest.fixture(scope="module")
def archive(corpus, command, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    lines = folder / "articles.jsonl"
    lines.write_text("".join(json.dumps(a) + "\n" for a in corpus), encoding="utf-8")
    path = folder / "all.depeche"
    subprocess.run([command, "add", path, lines, "--lang", "fr"], check=True, capture_output=True)
    return path


def run(tmp: Path, kill: bool, *arguments: object) -> dict:
    """Runs the job without pandas, which nothing here may need."""
    (tmp / "none").mkdir(exist_ok=True)
    (tmp / "none" / "pandas.py").write_text("raise ImportError('no pandas here')\n")
    known = {key: value for key, value in os.environ.items() if not key.startswith("SPARK_")}
    environment = {
        **known,
        "JAVA_HOME": java_home() or "",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "PYTHONPATH": os.pathsep.join([str(tmp / "none"), *known.get("PYTHONPATH", "").split(os.pathsep)]),
    }
    asked = [sys.executable, str(DRIVER), "kill" if kill else "run", *map(str, arguments)]
    done = subprocess.run(
        asked, capture_output=True, text=True, timeout=PATIENCE, env=environment, cwd=tmp, check=False
    )
    # What Python says; the stack of the JVM around it is long.
    assert done.returncode == 0, done.stderr[done.stderr.rfind("Traceback") :][:6000]
    print(done.stdout)
    return json.loads(done.stdout.splitlines()[-1])


def rows(path: Path, *columns: str) -> list[tuple]:
    table = pq.read_table(path, columns=list(columns))
    return sorted(zip(*(table[c].to_pylist() for c in columns), strict=True), key=repr)


@pytest.fixture(scope="module")
def killed(corpus, tmp_path_factory) -> Path:
    """What the job wrote, of JSONL, with an executor killed in mid-run."""
    tmp = tmp_path_factory.mktemp("killed")
    (tmp / "in").mkdir()
    for part in range(16):
        lines = "".join(json.dumps(a) + "\n" for a in corpus[part::16])
        if part == 3:
            lines += '{"id": "bad", "text": \n{"id": "empty"}\n'
        (tmp / "in" / f"{part}.jsonl").write_text(lines, encoding="utf-8")
    told = run(
        tmp, True, tmp / "in", tmp / "out", "--format=jsonl", "--order=order", "--language=fr",
        "--tables", *TOLD,
    )
    done, tasks = told["tasks"]
    assert told["killed"] and done < tasks, told
    assert told["code"] == 1, "two lines are no articles"
    return tmp / "out"


def test_records_are_those_of_one_machine(killed, alone):
    written = [line for (line,) in rows(killed / "records", "record") if line]
    assert sorted(written) == sorted(alone)
    problems = [why for (why,) in rows(killed / "records", "problem") if why]
    assert problems == ["the article has no text"] * 2


def test_tables_are_those_of_one_machine(killed, alone):
    records = depeche.Records([depeche.Record.from_json(line) for line in alone])
    for name in TOLD:
        here = pa.table(records.table(name))
        there = pq.read_table(killed / name)
        assert there.num_rows == here.num_rows, name
        text = [f.name for f in here.schema if f.type == pa.string()]
        text = [c for c in text if c in there.column_names]
        keep = here.select(text).to_pylist()
        assert sorted(map(repr, there.select(text).to_pylist())) == sorted(map(repr, keep)), name
    folders = [p.relative_to(killed).as_posix() for p in (killed / "records").glob("*/*")]
    assert any(re.match(r"records/year=\d+/month=\d+", f) for f in folders)


def test_copies_are_those_of_the_archive(killed, archive):
    sql = """SELECT lower(hex(a.identity)), lower(hex(d.identity)), w.text FROM article a
             JOIN article d ON d.id = a.dispatch LEFT JOIN word w ON w.id = a.relation"""
    with sqlite3.connect(archive) as db:
        wanted = sorted(db.execute(sql), key=repr)
    found = rows(killed / "dispatches", "identity", "dispatch", "relation")
    assert len({dispatch for _, dispatch, _ in found}) < len(found) - 20, "there are copies"
    assert found == wanted




def test_parquet_gives_the_same(corpus, alone, tmp_path):
    texts = [(name, pa.string()) for name in ("id", "text", "date", "title", "outlet")]
    schema = pa.schema([*texts, ("order", pa.int64())])
    for part in range(4):
        rows_of = pa.Table.from_pylist(corpus[part::4], schema=schema)
        pq.write_table(rows_of, tmp_path / f"{part}.parquet")
    (tmp_path / "in").mkdir()
    for path in tmp_path.glob("*.parquet"):
        path.rename(tmp_path / "in" / path.name)
    out = tmp_path / "out"
    facts = [f"--{fact}={fact}" for fact in ("title", "outlet", "order")]
    run(
        tmp_path, False, tmp_path / "in", out, "--key=id", "--published=date", *facts,
        "--language=fr", "--no-joins", "--tables", "statements",
    )
    written = [line for (line,) in rows(out / "records", "record") if line]
    assert sorted(written) == sorted(alone)
