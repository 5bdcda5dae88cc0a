#!/usr/bin/env python3
"""A labelled set of copies, made from a corpus: versions of an article share a `group`.

    bench/copies.py ARTICLES.jsonl [ARTICLES.jsonl …] > pairs.jsonl

Of every second article one to four versions are made, as newsrooms make them: shortened (its first
40 to 90 %), with another head, updated (sentences of other articles put in, figures changed),
reworked (every twelfth word another), or the same with other marks. Articles stand in chance order,
versions some days apart. Other articles of the corpus, those on the same story among them, are what
a version must be told from. The same seed gives the same set.
"""

import json
import random
import re
import sys

SEED = 20251123
FEWEST_WORDS = 60


def sentences(text):
    return re.split(r"(?<=[.!?»])\s+", text)


def shortened(text, draw, _):
    parts = sentences(text)
    keep = max(1, round(len(parts) * draw.uniform(0.4, 0.9)))
    return " ".join(parts[:keep])


def new_head(text, draw, others):
    head = sentences(draw.choice(others))[0]
    parts = sentences(text)
    return head + "\n\n" + " ".join(parts[draw.randint(0, 1):])


def updated(text, draw, others):
    parts = sentences(text)
    for _ in range(draw.randint(1, max(1, len(parts) // 4))):
        parts.insert(draw.randint(0, len(parts)), draw.choice(sentences(draw.choice(others))))
    return re.sub(r"\b\d+\b", lambda m: str(int(m[0]) + 1) if len(m[0]) < 4 else m[0], " ".join(parts))


def reworked(text, draw, others):
    words = text.split(" ")
    vocabulary = draw.choice(others).split()
    for n in range(draw.randint(0, 11), len(words), 12):
        words[n] = draw.choice(vocabulary)
    return " ".join(words)


def other_marks(text, _, __):
    return text.replace("«", "“").replace("»", "”").replace("’", "'").replace("\n\n", "\n").upper()


CHANGES = [shortened, shortened, new_head, updated, updated, reworked, other_marks]


def date(draw):
    return f"2024-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"


def main():
    draw = random.Random(SEED)
    articles = [json.loads(line) for path in sys.argv[1:] for line in open(path, encoding="utf-8")]
    articles = [a for a in articles if len(a["text"].split()) >= FEWEST_WORDS]
    texts = [a["text"] for a in articles]
    out = []
    for n, article in enumerate(articles):
        group = article["id"]
        out.append({"id": group, "group": group, "change": "none", "text": article["text"]})
        if n % 2:
            continue
        for copy in range(draw.randint(1, 4)):
            change = draw.choice(CHANGES)
            text = change(article["text"], draw, texts)
            if len(text.split()) < FEWEST_WORDS / 2 or text in (o["text"] for o in out[-5:]):
                continue
            out.append({"id": f"{group}+{copy}", "group": group, "change": change.__name__, "text": text})
    draw.shuffle(out)
    for article in out:
        print(json.dumps({**article, "date": date(draw)}, ensure_ascii=False))


main()
