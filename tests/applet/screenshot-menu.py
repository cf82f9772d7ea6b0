#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes a picture of the tray's menu under a real panel, opened by real clicks: see pictures.py for the command line."""

import os
import subprocess

import desk
import pictures
import screen

with pictures.running_camera() as (camera, _scenes):
    tray = camera.tray
    assert tray.desktop.run("portferry", "--switch", "windows").returncode == 0
    tray.wait_for_state("lent")
    tray.close_menu()
    screen.open_with_mouse(tray)
    tray.wait_for_row("Windows", active=True, enabled=True)
    # Letters choose rows: C is Controllers, whose submenu opens.
    tray.desktop.tap("c")
    desk.pause(1)
    path = os.path.join(camera.folder, f"{camera.prefix}menu.png")
    subprocess.run([f"{desk.FOLDER}/desk-screenshot", path], check=True)
    tray.desktop.tap("Escape", "Escape")
