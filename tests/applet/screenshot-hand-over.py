#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes pictures of what is asked around a switch: see pictures.py for the command line."""

import hand_over
import pictures


def open_preview(camera, profile):
    camera.tray.wait_for_row(profile, enabled=True)
    camera.tray.click(profile)
    return camera.tray.windows.wait(camera.translate("Switch to %s?") % profile)


def take_preview(camera):
    window = open_preview(camera, "Windows with the desk")
    camera.take("preview")
    camera.close(window)


def take_unmount(camera):
    with hand_over.stick(), hand_over.playing(camera.tray.desktop, "udisks", "busy"):
        window = open_preview(camera, "Stick")
        window.press("push button", camera.word("_Unmount and lend"))
        window.wait_text("sdc1")
        camera.take("unmount")
        camera.close(window)


def take_countdown(camera):
    tray = camera.tray
    tray.notifications.answer_capabilities("ret = ['body']")
    assert tray.desktop.run("portferryctl", "switch", "--confirm-seconds", "15", "windows").returncode == 0
    window = tray.windows.wait(camera.translate("Keep this?"))
    camera.take("countdown")
    camera.close(window)  # which takes it back
    tray.wait_for_state("home")


with pictures.running_camera() as (the_camera, scenes):
    for scene in scenes:
        globals()[f"take_{scene}"](the_camera)
