#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes menu.png: the tray's menu under a real panel, opened by real clicks."""

import os
import subprocess
import sys

import desk
import screen
import tray as tray_module


def paint_background(tray):
    """A plain colour, so that the edges of menus can be seen. What display exits with says nothing."""
    tray.desktop.run("display", "-window", "root", "-size", "64x64", "xc:#3b6e8f")


def main():
    with tray_module.running_tray() as tray:
        paint_background(tray)
        assert tray.desktop.run("portferry", "--switch", "windows").returncode == 0
        tray.wait_for_state("lent")
        screen.open_with_mouse(tray)
        tray.wait_for_row("Windows", active=True, enabled=True)
        # Letters choose rows: C is Controllers, whose submenu opens.
        tray.desktop.run("xdotool", "key", "c")
        desk.pause(1)
        subprocess.run([f"{desk.FOLDER}/desk-screenshot", os.path.join(sys.argv[2], "menu.png")], check=True)
        tray.desktop.run("xdotool", "key", "Escape", "Escape")


main()
