#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel comes and goes, and shows what the applet says."""

import os
import subprocess

import desk
import tap
import tray as tray_module
from screen import open_with_mouse

def wait_for_own_window(tray):
    """A window of the applet itself, be it a menu; it has none otherwise."""
    for _ in range(100):
        found = tray.desktop.run("xdotool", "search", "--onlyvisible", "--class", tray_module.APP)
        if found.stdout:
            return found.stdout.split()[0]
        desk.pause(0.1)
    raise AssertionError("no window comes up")


def check_own_menu(tray, *command):
    """The menu at the pointer, with no help by the panel."""
    tray.desktop.run("xdotool", "mousemove", "300", "300")
    done = tray.desktop.run(*command)
    assert (done.returncode, done.stderr) == (0, ""), done
    tray.wait_for_row("Windows", enabled=True)
    wait_for_own_window(tray)
    tray.desktop.run("xdotool", "key", "--delay", "100", "Down", "Down", "Return")
    tray.go_on("Windows")
    tray.notifications.wait("Switched to Windows")
    tray.wait_for_state("lent")


def test_menu_at_the_pointer(tray):
    check_own_menu(tray, "portferry", "--menu")


def test_second_start_opens_the_menu(tray):
    check_own_menu(tray, "portferry")


def test_about(tray):
    tray.click("_About Portferry")
    window = wait_for_own_window(tray)
    assert "Portferry" in tray.desktop.run("xdotool", "getwindowname", window).stdout
    tray.desktop.run("xdotool", "windowfocus", window, "key", "Escape")


def test_panel_restart(tray):
    session = tray.desktop.session
    os.kill(session.ask_pid("org.xfce.Panel"), 15)
    names = ("org.xfce.Panel", tray_module.WATCHER)
    desk.wait_for("the panel to go", lambda: not any(session.has(name) for name in names))
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
    tray.choose("Windows")
    tray.notifications.wait("Switched to Windows")
    tray.wait_for_state("lent")


def test_real_click_and_keys(tray):
    """A mouse and a keyboard, through the panel's own menu."""
    open_with_mouse(tray)
    tray.wait_for_row("Windows", enabled=True)
    tray.desktop.run("xdotool", "key", "--delay", "100", "Down", "Down", "Return")
    tray.go_on("Windows")
    shown = tray.notifications.wait("Switched to Windows")
    assert shown["body"] == "HD Pro Webcam C920 went to the guest.", shown
    tray.wait_for_state("lent")


tap.run(
    tray_module.running_tray,
    test_real_click_and_keys,
    test_menu_at_the_pointer,
    test_second_start_opens_the_menu,
    test_about,
    test_panel_restart,
)
