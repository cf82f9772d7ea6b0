#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel comes and goes, and shows what the applet says."""

import os
import subprocess

import desk
import tap
import tray as tray_module
from screen import open_with_mouse

def test_panel_restart(tray):
    session = tray.desktop.session
    os.kill(session.ask_pid("org.xfce.Panel"), 15)
    desk.wait_for("the panel to go", lambda: not session.has("org.xfce.Panel") and not session.has(tray_module.WATCHER))
    panel = tray.desktop.start("xfce4-panel", "--disable-wm-check", stderr=subprocess.DEVNULL)
    try:
        check_new_panel(tray)
    finally:
        panel.terminate()
        panel.wait(desk.SECONDS)


def check_new_panel(tray):
    tray.wait_for_panel()
    tray.open_menu()
    tray.wait_for_row("Windows", enabled=True)
    tray.click("Windows")
    tray.notifications.wait("Switched to Windows")
    tray.wait_for_state("lent")


def test_real_click_and_keys(tray):
    """A mouse and a keyboard, through the panel's own menu."""
    open_with_mouse(tray)
    tray.wait_for_row("Windows", enabled=True)
    tray.desktop.run("xdotool", "key", "--delay", "100", "Down", "Down", "Return")
    shown = tray.notifications.wait("Switched to Windows")
    assert shown["body"] == "HD Pro Webcam C920 went to the guest.", shown
    tray.wait_for_state("lent")


tap.run(
    tray_module.running_tray,
    test_real_click_and_keys,
    test_panel_restart,
)
