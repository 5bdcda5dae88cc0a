#!/usr/bin/env python3
"""Draws how an archive grows: bench/growth.py < LOG of the example `scale` > docs/growth.svg"""

import sys

WIDTH, HEIGHT, LEFT, BOTTOM = 560, 300, 60, 250


def rows(lines):
    for line in lines:
        fields = line.split()
        if len(fields) == 7 and fields[0].isdigit():
            yield [float(field) for field in fields]


def curve(points, most, colour, name, at):
    x_most = max(x for x, _ in points)
    place = lambda x, y: (LEFT + 420 * x / x_most, BOTTOM - 200 * y / most)
    places = [place(x, y) for x, y in points]
    line = " ".join(f"{x:.0f},{y:.0f}" for x, y in places)
    yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for (x, y), (_, value) in zip(places, points):
        yield f'<text x="{x:.0f}" y="{y - 8:.0f}" fill="{colour}" text-anchor="middle">{value:g}</text>'
    yield f'<text x="{LEFT}" y="{at}" fill="{colour}">{name}</text>'


def main():
    table = list(rows(sys.stdin))
    raw = [(row[0], row[1]) for row in table]
    archive = [(row[0], row[2]) for row in table]
    most = max(value for _, value in archive)
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">')
    print(f'<title>Size of an archive by articles</title><rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>')
    print(f'<path d="M{LEFT} 50V{BOTTOM}H500" fill="none" stroke="gray"/>')
    for part in [*curve(archive, most, "#0b5cad", "archive, MB", 20), *curve(raw, most, "#8a4b00", "raw text, MB", 36)]:
        print(part)
    for articles, *_ in table:
        x = LEFT + 420 * articles / table[-1][0]
        print(f'<text x="{x:.0f}" y="{BOTTOM + 18}" text-anchor="middle">{articles:,.0f}</text>')
    print(f'<text x="{LEFT}" y="{BOTTOM + 40}">articles</text></svg>')


main()
