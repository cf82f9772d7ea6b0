#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes preview.png, unmount.png and countdown.png: what is asked around a switch. Only the windows themselves."""

import os
import subprocess
import sys

import desk
import hand_over
import tray as tray_module


def take(tray, title, name):
    """A window of that title as it is on the screen, once it has been drawn."""
    tray.windows.wait(title)
    desk.pause(0.5)
    found = tray.desktop.run("xdotool", "search", "--onlyvisible", "--name", f"^{title.replace('?', '.')}$").stdout
    with open(os.path.join(sys.argv[2], name), "wb") as file:
        command = [f"{desk.FOLDER}/as-user", sys.argv[1], "import", "-window", found.split()[0], "png:-"]
        subprocess.run(command, stdout=file, check=True)


def take_preview(tray):
    tray.click("Windows with the desk")
    title = "Switch to Windows with the desk?"
    take(tray, title, "preview.png")
    tray.windows.find(title).press("push button", "Cancel")


def take_unmount(tray):
    with hand_over.stick(), hand_over.playing(tray.desktop, "udisks", "busy"):
        tray.wait_for_row("Stick", enabled=True)
        tray.click("Stick")
        title = "Switch to Stick?"
        tray.windows.wait(title).press("push button", "Unmount and lend")
        desk.pause(1)
        take(tray, title, "unmount.png")
        tray.windows.find(title).press("push button", "Cancel")


def take_countdown(tray):
    tray.notifications.answer_capabilities("ret = ['body']")
    assert tray.desktop.run("portferryctl", "switch", "--confirm-seconds", "15", "windows").returncode == 0
    take(tray, "Keep this?", "countdown.png")
    tray.windows.find("Keep this?").press("push button", "Revert")
    tray.wait_for_state("home")


def main():
    with tray_module.running_tray() as tray:
        tray.open_menu()
        tray.wait_for_row("Windows with the desk", enabled=True)
        take_preview(tray)
        take_unmount(tray)
        take_countdown(tray)


main()
