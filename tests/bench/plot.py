#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""plot.py BENCH.json OUT.svg: the curves of growth, with logarithmic axes.

Grey lines have the slopes of n and n log n.
"""
import json
import math
import sys

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 480, 70, 190, 40, 50
COLOURS = ["#1b6ca8", "#c8553d", "#588157", "#7b4b94", "#b08900"]


def decades(values):
    return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))


class Axes:
    def __init__(self, points):
        self.x = decades([n for n, _ in points])
        self.y = decades([t for _, t in points])

    def at(self, n, t):
        x = (math.log10(n) - self.x[0]) / (self.x[1] - self.x[0])
        y = (math.log10(t) - self.y[0]) / (self.y[1] - self.y[0])
        return (LEFT + x * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - y * (HEIGHT - TOP - BOTTOM))


def text(x, y, what, anchor="middle", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>{what}</text>'


def line(points, colour, more=""):
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{way}" fill="none" stroke="{colour}" {more}/>'


def time_name(exponent):
    for base, unit in ((0, "s"), (-3, "ms"), (-6, "µs"), (-9, "ns")):
        if exponent >= base:
            return f"{10 ** (exponent - base)} {unit}"
    return f"1e{exponent} s"


def grid(axes):
    for e in range(axes.x[0], axes.x[1] + 1):
        top, bottom = axes.at(10 ** e, 10.0 ** axes.y[1]), axes.at(10 ** e, 10.0 ** axes.y[0])
        yield line([top, bottom], "#ddd")
        yield text(bottom[0], bottom[1] + 18, f"{10 ** e:,}")
    for e in range(axes.y[0], axes.y[1] + 1):
        left, right = axes.at(10 ** axes.x[0], 10.0 ** e), axes.at(10 ** axes.x[1], 10.0 ** e)
        yield line([left, right], "#ddd")
        yield text(left[0] - 8, left[1] + 4, time_name(e), "end")


def references(axes):
    """From ten on, as far as the axes go."""
    n0, t0 = 10 ** max(axes.x[0], 1), 10.0 ** axes.y[0]
    for label, law in (("n", lambda n: n), ("n log n", lambda n: n * math.log(n))):
        points = [(10 ** (i / 10), t0 * law(10 ** (i / 10)) / law(n0))
                  for i in range(10 * int(math.log10(n0)), 10 * axes.x[1] + 1)]
        points = [axes.at(n, t) for n, t in points if t <= 10.0 ** axes.y[1]]
        yield line(points, "#999", 'stroke-dasharray="4 4"')
        yield text(points[-1][0], points[-1][1] + (-8 if label != "n" else 16), label, "end",
                   'fill="#777"')


def draw(curves):
    axes = Axes([point for points in curves.values() for point in points])
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           'font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           text(LEFT, 22, "Time to compile a policy, by its size", "start", 'font-size="15"')]
    out += grid(axes)
    out += references(axes)
    for i, (name, points) in enumerate(curves.items()):
        colour = COLOURS[i % len(COLOURS)]
        placed = [axes.at(n, t) for n, t in points]
        out.append(line(placed, colour, 'stroke-width="2"'))
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in placed]
        y = TOP + 20 + 20 * i
        out.append(line([(WIDTH - RIGHT + 16, y - 4), (WIDTH - RIGHT + 36, y - 4)], colour,
                        'stroke-width="2"'))
        out.append(text(WIDTH - RIGHT + 42, y, name, "start"))
    out.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "how many"))
    out.append("</svg>")
    return "\n".join(out) + "\n"


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        growth = json.load(f)["growth"]
    curves = {}
    for name, points in growth.items():
        measured = [(p["n"], p["build_ns"] / 1e9) for p in points if p["build_ns"]]
        if measured:
            curves[name] = measured
    with open(sys.argv[2], "w", encoding="utf-8") as f:
        f.write(draw(curves))


main()
