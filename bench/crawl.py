"""Makes a crawl to measure with: articles of a JSONL as pages of a made-up paper, in a WARC 1.1.

    python3 bench/crawl.py ARTICLES.jsonl OUT.warc MEGABYTES [KILOBYTES] [CARDS]

A page has KILOBYTES (55): the article, a menu, teasers, scripts and styles of made-up words around it, and CARDS (0),
blocks of eight elements that no tag sets apart from the article, as portals have them by the hundred. The same every time; articles come round again under other addresses and dates once all were used. OUT.warc.gz
is compressed, record by record. Then: /usr/bin/time -v depeche read --json OUT.warc > /dev/null
"""

import gzip
import html
import json
import random
import sys

DICE = random.Random(7)
WORDS = ["".join(DICE.choice("aeiou") + DICE.choice("bcdlmnprst") for _ in range(3)) for _ in range(900)]


def words(count):
    return " ".join(DICE.choices(WORDS, k=count))


def page(article, address, kilobytes, cards):
    title = html.escape(article.get("title") or article["text"][:60])
    paragraphs = [p for p in article["text"].split("\n") if p.strip()]
    body = "".join(f"<p>{html.escape(p)}</p>\n" for p in paragraphs)
    teaser = lambda: f'<li><a href="/{DICE.randrange(10**6)}"><img src="{DICE.randrange(10**6)}.jpg">{words(7)}</a></li>\n'
    card = lambda: (
        f'<div class="card"><div class="inner"><a href="/{DICE.randrange(10**6)}"><img src="x.jpg"></a><span class="tag">{words(1)}'
        f'</span><h3><a href="/{DICE.randrange(10**6)}">{words(8)}</a></h3><p>{words(9)}</p></div></div>\n'
    )
    menu = "".join(f'<li><a href="/{w}">{w}</a></li>' for w in DICE.choices(WORDS, k=25))
    head = (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="article:published_time" content="{article.get("date", "2024-01-01")}">'
        f'<link rel="canonical" href="{address}"><meta property="og:site_name" content="Le Banc">'
    )
    rest = (
        f"</head><body><nav><ul>{menu}</ul></nav><main><article><h1>{title}</h1>\n{body}</article></main>"
        f"<div class='more'>{''.join(card() for _ in range(cards))}</div>"
        f"<aside><ul>{''.join(teaser() for _ in range(40))}</ul></aside><footer>{menu}</footer></body></html>"
    )
    missing = kilobytes * 1000 - len(head) - len(rest)
    script = words(max(missing, 0) // 14)
    return f"{head}<style>.{script}{{}}</style><script>var x='{script}';</script>{rest}".encode()


def record(kind, address, block, at):
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{at:012}>\r\n"
        f"WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Target-URI: {address}\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def main(articles, out, megabytes, kilobytes="55", cards="0"):
    articles = [json.loads(line) for line in open(articles, encoding="utf-8") if line.strip()]
    written = pages = 0
    with open(out, "wb") as file:
        while written < int(megabytes) * 1_000_000:
            address = f"https://banc.example/{pages // len(articles)}/{pages}"
            content = page(articles[pages % len(articles)], address, int(kilobytes), int(cards))
            response = (
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
                b"Content-Length: %d\r\n\r\n" % len(content)
            ) + content
            one = record("response", address, response, pages)
            file.write(gzip.compress(one, 1) if out.endswith(".gz") else one)
            written, pages = written + len(one), pages + 1
    print(f"{pages} pages, {written / 1e6:.0f} MB before compression")


main(*sys.argv[1:])
