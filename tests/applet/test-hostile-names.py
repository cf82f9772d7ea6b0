#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a device calls itself reaches the notification and the menu as text, whatever it says."""

import desk
import tap
import tray as tray_module

NAME = "<b>Web</b><i>cam</i>"


def plug():
    desk.Kernel.control("unplug rear-1")
    desk.Kernel.control(f"plug rear-1 id=fff9:0001 kind=other product={NAME}")


def list_devices(tray):
    rows = tray.wait_for_row("_Controllers", enabled=True).children
    return " ".join(label for row in rows for label in row.list_labels())


def test_markup_is_text(tray):
    plug()
    tray.open_menu()
    desk.wait_for("the device to come", lambda: NAME in list_devices(tray))
    tray.wait_for_row("Windows", enabled=True)
    tray.click("Windows")
    dialog = tray.windows.wait("Switch to Windows?")
    desk.wait_for("its name in the dialog", lambda: any(NAME in text for text in dialog.list_texts()))
    tray.go_on("Windows")
    shown = tray.notifications.wait("Switched to Windows")
    assert "Web" in shown["body"], shown
    assert "<" not in shown["body"] and ">" not in shown["body"], shown


tap.run(
    tray_module.running_tray,
    test_markup_is_text,
)
