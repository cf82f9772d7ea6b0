#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same clicks by a user who is not in front of the machine, and has no administrator at hand."""

import desk
import tap
import tray as tray_module

EHCI1 = "0000:00:1d.0"


def assert_nothing_has_changed(tray):
    assert desk.Kernel.read_driver(EHCI1) == "ehci-pci"
    assert desk.Kernel.read_register() == 0x3FFF
    assert tray.list_active() == ["Home"]
    assert tray.get_state() == "home"


def test_click_is_refused(tray):
    tray.open_menu()
    tray.wait_for_row("Windows", enabled=True)
    tray.choose("Windows")
    shown = tray.notifications.wait("Could not switch to Windows")
    assert "permission" in shown["body"], shown
    tray.wait_for_row("Windows", enabled=True, active=False)
    assert_nothing_has_changed(tray)
    rows = " ".join(tray.read_menu().list_labels())
    assert shown["body"] in rows, f"the menu does not say why: {rows}"
    assert len(tray.notifications.list()) == 1, tray.notifications.list()


def test_command_line_is_refused(tray):
    done = tray.desktop.run("portferry", "--switch", "windows")
    assert done.returncode == 1
    shown = tray.notifications.wait("Could not switch to Windows")
    assert done.stderr == f"portferry: {shown['body']}\n", done.stderr
    assert_nothing_has_changed(tray)


def test_looking_is_allowed(tray):
    tray.open_menu()
    row = tray.wait_for_row("_Controllers", enabled=True)
    assert len(row.children) == 3


tap.run(
    tray_module.running_tray,
    test_click_is_refused,
    test_command_line_is_refused,
    test_looking_is_allowed,
)
