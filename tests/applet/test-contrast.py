#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every window for people who see little: what is written and drawn in it has enough contrast, measured on the screen, in
GTK's themes."""

import collections
import contextlib
import functools
import subprocess
import sys

import all_windows
import desk
import pictures
import screen_reader
import tap
import tray as tray_module
from all_windows import is_inside, is_of_gtk, list_parents

LEAST_CONTRAST = 4.5  # WCAG 2.1, 1.4.3
SEEN = ("welcome", "ports", "found", "editor", "doctor", "shortcut", "vm", "preview", "countdown")


class Picture:
    """The screen as it is."""

    def __init__(self, tray):
        size = tray.desktop.run("xdotool", "getdisplaygeometry").stdout.split()
        self.width, self.height = int(size[0]), int(size[1])
        command = [f"{desk.FOLDER}/as-user", tray.desktop.user, "import", "-window", "root", "-depth", "8", "rgb:-"]
        self.pixels = subprocess.run(command, capture_output=True, check=True).stdout

    def count_colours(self, x, y, width, height):
        left, right = 3 * max(x, 0), 3 * min(x + width, self.width)
        colours = collections.Counter()
        for row in range(max(y, 0), min(y + height, self.height)):
            line = self.pixels[3 * self.width * row + left : 3 * self.width * row + right]
            colours.update(zip(line[0::3], line[1::3], line[2::3]))
        return colours


def get_luminance(colour):
    channels = [value / 255 for value in colour]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def measure_contrast(colours):
    """Between the paper, which is most of what is seen, and what differs most from it: the middle of the strokes."""
    paper = get_luminance(colours.most_common(1)[0][0]) + 0.05
    ink = [get_luminance(colour) + 0.05 for colour in colours]
    return max(max(value, paper) / min(value, paper) for value in ink)


def list_ink(window):
    """(node, the scrolled part that it is in) of what of us is written or drawn in a window. Buttons and fields are as
    their theme has them."""
    for node, parents in list_parents(window):
        own = node.role in ("label", "icon", "drawing area") and not is_of_gtk(node, parents)
        if own and all(place.has_noted(screen_reader.SENSITIVE) for place in (node, *parents)):
            ports = [parent for parent in parents if parent.role == "scroll pane"]
            yield node, (ports or [window])[-1]


def check_contrast(tray, window):
    window.look()
    desk.pause(0.3)  # whatever is drawn last
    picture = Picture(tray)
    places = {}
    n_measured = 0
    for node, outer in list_ink(window):
        for part in (node, outer):
            if part not in places:
                places[part] = part.get_extents()
        if not is_inside(places[node], places[outer]) or not (node.name.strip() or node.role != "label"):
            continue
        n_measured += 1
        contrast = measure_contrast(picture.count_colours(*places[node]))
        assert contrast >= LEAST_CONTRAST, f"{contrast:.1f}:1 is too little for the {node.role} “{node.name}”"
    assert n_measured > 1


def check_windows(tray):
    tray.desktop.run("xdotool", "mousemove", "0", "2000")  # a tooltip would be in the way
    tray.open_menu()
    for name in SEEN:
        with all_windows.WINDOWS[name](tray) as window:
            check_contrast(tray, window)


@contextlib.contextmanager
def running_tray_in(look):
    pictures.put_on(look, sys.argv[1])
    with tray_module.running_tray_with_agent() as tray:
        yield tray


def test_in(look):
    def test(tray):
        check_windows(tray)

    test.__name__ = f"test_{look}"
    return test, functools.partial(running_tray_in, look)


tap.run(None, *[test_in(look) for look in ("light", "dark", "contrast", "inverse")])
