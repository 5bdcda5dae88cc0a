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
    for (x, y), (_, value) in apart(places, points):
        yield f'<text x="{x:.0f}" y="{y - 8:.0f}" fill="{colour}" text-anchor="middle">{value:g}</text>'
    yield f'<text x="{LEFT}" y="{at}" fill="{colour}">{name}</text>'


def apart(places, points, gap=44):
    """Places and points, without those whose words would lie over the ones before."""
    last = -gap
    for place, point in zip(places, points):
        if place[0] - last >= gap:
            last = place[0]
            yield place, point


def main():
    table = list(rows(sys.stdin))
    raw = [(row[0], row[1]) for row in table]
    archive = [(row[0], row[2]) for row in table]
    most = max(value for _, value in archive)
    time = [(row[0], round(row[4] + row[5], 2)) for row in table]
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">')
    print(f'<title>Size of an archive, and time of writing, by articles</title><rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>')
    print(f'<path d="M{LEFT} 50V{BOTTOM}H500" fill="none" stroke="gray"/>')
    for part in [*curve(archive, most, "#0b5cad", "archive, MB", 20), *curve(raw, most, "#8a4b00", "raw text, MB", 36),
                 *curve(time, 1.6 * max(value for _, value in time), "#3d7a1f", "making ready and writing, CPU ms an article (another scale)", 52)]:
        print(part)
    places = [(LEFT + 420 * row[0] / table[-1][0], 0) for row in table]
    for (x, _), (articles, *_) in apart(places, table):
        print(f'<text x="{x:.0f}" y="{BOTTOM + 18}" text-anchor="middle">{articles:,.0f}</text>')
    print(f'<text x="{LEFT}" y="{BOTTOM + 40}">articles</text></svg>')


main()
