#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first start on a machine without a profile, and the second."""

import contextlib
import os
import sys

import desk
import tap
import tray as tray_module


def get_mark():
    return f"{desk.Desktop(sys.argv[1]).environment['XDG_CONFIG_HOME']}/portferry/welcomed"


@contextlib.contextmanager
def first_start():
    with contextlib.suppress(FileNotFoundError):
        os.unlink(get_mark())
    with tray_module.running_tray_with_agent() as tray:
        yield tray


def test_welcome(tray):
    window = tray.windows.wait("Welcome to Portferry")
    window.wait_text("0 of 14 named")
    window.wait_text("0 profiles")
    assert desk.Kernel.read_register() == 0x3FFF
    assert os.path.exists(get_mark())
    window.press("push button", "Learn names…")
    learn = tray.windows.wait("Learn the sockets")
    learn.wait("label", "Plug something in")
    learn.close()
    window.press("push button", "New profile…")
    editor = tray.windows.wait("New profile")
    editor.wait_text("No controller")
    editor.write("Name", "First")
    editor.press("check box", "EHCI #1 port 4 for the guest")
    editor.press("push button", "Save")
    editor.wait_until_closed()
    window.wait_text("1 profile")
    window.close()
    assert desk.Kernel.read_register() == 0x3FFF, "nothing has changed that nobody has switched"
    tray.open_menu()
    tray.wait_for_row("First", enabled=True)


def test_second_start(tray):
    """The tray has found its panel by now, and nothing else comes."""
    desk.pause(2)
    assert not tray.desktop.run("xdotool", "search", "--onlyvisible", "--class", tray_module.APP).stdout


tap.run(first_start, test_welcome, (test_second_start, tray_module.running_tray_with_agent))
