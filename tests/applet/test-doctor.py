#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The doctor's window and that of the keyboard shortcut, by the names that a screen reader hears."""

import os
import subprocess
import sys

import desk
import screen_reader
import tap
import tray as tray_module
from gi.repository import GLib

XFCONF = "org.xfce.Xfconf"
REPORT = f"{desk.FOLDER}/home/{sys.argv[1]}/test.board"
SHORTCUTS = ("xfce4-keyboard-shortcuts", "/commands/custom")


def test_doctor(tray):
    window = tray.open_window("--doctor", "Doctor")
    window.wait("list item", "OK: The IOMMU is on, with 12 groups.")
    row = window.wait("list item", "OK: Wildcat Point-H")
    assert "14 ports can be moved" in row.get_name() and "Smart Auto" in row.get_name(), row.get_name()
    window.wait("list item", "OK: You may switch without a password.")
    window.wait("list item", "OK: This desktop shows tray icons.")
    window.wait("list item", "OK: This desktop shows notifications.")
    assert not window.list_nameless(), window.list_nameless()
    window.close()


OWN_TRAY = """
import gi
gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk
clipboard = Gtk.Clipboard.get(Gdk.Atom.intern("_NET_SYSTEM_TRAY_S0", False))
clipboard.set_text("a tray", -1)
print("there", flush=True)
Gtk.main()
"""


def test_doctor_knows_older_trays(tray):
    """Without a panel, and with what holds the X selection of a tray."""
    session = tray.desktop.session
    tray.stop()
    os.kill(session.ask_pid("org.xfce.Panel"), 15)
    desk.wait_for("the panel to go", lambda: not session.has(tray_module.WATCHER))
    said = tray.desktop.run("portferryctl", "doctor").stdout
    assert "Nothing on this desktop shows tray icons" in said, said
    owner = tray.desktop.start("/usr/bin/python3", "-c", OWN_TRAY, stdout=subprocess.PIPE, text=True)
    try:
        assert owner.stdout.readline() == "there\n"
        said = tray.desktop.run("portferryctl", "doctor").stdout
        assert "tray icons of the older kind" in said and "Nothing on this desktop" not in said, said
    finally:
        owner.kill()
        owner.communicate()


def rescan():
    with open(f"{desk.KERNEL}/sys/bus/pci/rescan", "w", encoding="utf-8") as file:
        file.write("1")


def test_doctor_looks_again(tray):
    """What has changed meanwhile is seen: a controller that has gone."""
    window = tray.open_window("--doctor", "Doctor")
    window.wait("list item", "OK: Wildcat Point-H")
    desk.Kernel.control("vanish 0000:00:14.0")
    window.press("push button", "Look again")
    window.wait("list item", "Warning: Wildcat Point-H (9 Series, Z97/H97): only the EHCIs are visible")
    rescan()
    screen_reader.wait_for("the router", lambda: tray.desktop.run("portferryctl", "ports").stdout.startswith("Router"))
    window.press("push button", "Look again")
    window.wait("list item", "OK: Wildcat Point-H")
    window.close()


def test_report(tray):
    """Choosing a place does not stop the tray; what is written there is a board."""
    window = tray.open_window("--doctor", "Doctor")
    window.press("push button", "Write a report…")
    chooser = tray.windows.wait("Write a report")
    tray.open_menu()
    tray.wait_for_row("Windows", enabled=True)  # it goes on
    tray.close_menu()
    chooser.write("", REPORT)  # GTK gives the field of the name no name
    chooser.press("push button", "Write")
    window.wait_text(f"Written to {REPORT}.")
    read = tray.desktop.run("sh", "-c", f"cat {REPORT}; rm {REPORT}")
    assert "\n[function 0000:00:14.0]\nid=8086:8cb1\n" in read.stdout, read
    # And somebody who changes his mind writes nothing.
    window.press("push button", "Write a report…")
    chooser = tray.windows.wait("Write a report")
    chooser.press("push button", "Cancel")
    chooser.wait_until_closed()
    window.close()


def read_shortcuts(tray):
    """What the desktop's own settings have."""
    properties = tray.desktop.session.connection.call_sync(
        XFCONF, "/org/xfce/Xfconf", XFCONF, "GetAllProperties", GLib.Variant("(ss)", SHORTCUTS), None, 0, 5000, None
    ).unpack()[0]
    return {
        name.rpartition("/")[2]: command
        for name, command in properties.items()
        if isinstance(command, str) and command.startswith("portferryctl")
    }


def test_shortcut(tray):
    window = tray.open_window("--shortcut", "Keyboard shortcut")
    window.wait_text("Shortcuts are kept in the settings of Xfce")
    window.wait_text("No shortcut yet")
    assert not window.list_nameless(), window.list_nameless()
    window.write("Keys", "Super+F12")
    window.press("push button", "Set")
    window.wait("list item", "Super+F12: Portferry: switch back and forth")
    assert read_shortcuts(tray) == {"<Super>F12": "portferryctl toggle"}, read_shortcuts(tray)
    window.choose("What it does", "Switch to Windows")
    window.write("Keys", "Super+F12")
    window.press("push button", "Set")
    window.wait_text("Super+F12 does something else already: portferryctl toggle")
    assert read_shortcuts(tray) == {"<Super>F12": "portferryctl toggle"}, "a conflict changes nothing"
    window.write("Keys", "Super+F11")
    window.press("push button", "Set")
    window.wait("list item", "Super+F11: Portferry: switch to windows")
    window.press("push button", "Remove Super+F12")
    window.wait_gone("list item", "Super+F12")
    assert read_shortcuts(tray) == {"<Super>F11": "portferryctl switch windows"}, read_shortcuts(tray)
    listed = tray.desktop.run("portferryctl", "shortcut")
    assert listed.stdout == "Super+F11: portferryctl switch windows\n", listed
    window.press("push button", "Remove Super+F11")
    window.wait_text("No shortcut yet")
    assert not read_shortcuts(tray)
    window.close()


def test_shortcut_by_keyboard(tray):
    """Keyboard only: the keys themselves are pressed."""
    window = tray.open_window("--shortcut", "Keyboard shortcut")
    window.wait_text("No shortcut yet")
    button = window.wait("toggle button", "Press them")
    button.grab_focus()
    screen_reader.wait_for("the focus", lambda: button.has_state(screen_reader.FOCUSED))
    assert tray.desktop.run("xdotool", "key", "space").returncode == 0
    window.wait("toggle button", "Press the keys")
    assert tray.desktop.run("xdotool", "key", "ctrl+alt+m").returncode == 0
    screen_reader.wait_for("the keys", lambda: window.read("Keys") == "Ctrl+Alt+M")
    assert tray.desktop.run("xdotool", "key", "Tab", "space").returncode == 0
    window.wait("list item", "Ctrl+Alt+M: Portferry: switch back and forth")
    assert tray.desktop.run("portferryctl", "shortcut", "remove").returncode == 0
    window.close()


def test_keys_that_are_none(tray):
    window = tray.open_window("--shortcut", "Keyboard shortcut")
    window.wait_text("Shortcuts are kept")
    window.write("Keys", "m")
    set_button = window.wait("push button", "Set")
    assert not set_button.has_state(screen_reader.SENSITIVE)
    window.close()


tap.run(
    tray_module.running_tray_with_agent,
    test_doctor,
    test_doctor_looks_again,
    test_report,
    test_shortcut,
    test_shortcut_by_keyboard,
    test_keys_that_are_none,
    test_doctor_knows_older_trays,  # the last: the panel is gone after it
)
