#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes pictures of a whole desktop with the applet on it: USER PREFIX. What the panel is does not matter here, so nothing is
asked of it: each picture is taken after a while."""

import subprocess
import sys

import desk

WHILE = 4  # seconds, in which a panel has drawn what it was told

user, prefix = sys.argv[1:]
desktop = desk.Desktop(user)


def take(name):
    desk.pause(WHILE)
    path = f"{prefix}-{name}.png"
    subprocess.run([f"{desk.FOLDER}/desk-screenshot", path], check=True)
    print(path)


def control(*arguments):
    done = desktop.run("portferryctl", *arguments)
    assert done.returncode == 0, done


applet = desktop.start("portferry")
try:
    take("home")
    control("switch", "windows")
    take("lent")
    control("home")
    control("switch", "--confirm-seconds", "60", "windows")
    take("question")
    control("revert")
finally:
    applet.terminate()
    applet.wait(desk.SECONDS)
