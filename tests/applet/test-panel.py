#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel comes and goes, and shows what the applet says."""

import os
import subprocess

import desk
import tap
import tray as tray_module

PANEL_AT = (1008, 16)  # the only icon: the right end of the panel at the top of a screen of 1024 pixels


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


def find_menu_window(tray):
    """The panel's menu is a window without a name; what is as high as our menu is no tooltip."""
    done = tray.desktop.run("xdotool", "search", "--onlyvisible", "--class", "wrapper-2.0")
    for window in done.stdout.split():
        shape = tray.desktop.run("xdotool", "getwindowgeometry", "--shell", window).stdout
        if int(shape.partition("HEIGHT=")[2].split()[0]) > 150:
            return window
    return None


def open_with_mouse(tray):
    """A panel that has just found the icon does not have its menu yet, and takes no notice of a click."""
    for _ in range(5):
        tray.desktop.run("xdotool", "mousemove", *map(str, PANEL_AT), "click", "1")
        for _ in range(20):
            if find_menu_window(tray):
                return
            desk.pause(0.1)
    raise AssertionError("the panel does not open the menu")


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
