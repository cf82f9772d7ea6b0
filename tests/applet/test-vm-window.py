#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window with what a virtual machine has to be told: what it shows is what portferryctl prints, and the clipboard has
it after Copy, by mouse and by keyboard."""

import tap
import tray as tray_module
from screen_reader import wait_for

READ_CLIPBOARD = """
import gi
gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk
print(Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD).wait_for_text() or "", end="")
"""
TITLE = "Virtual machine"


def read_clipboard(tray):
    done = tray.desktop.run("/usr/bin/python3", "-c", READ_CLIPBOARD)
    assert done.returncode == 0, done
    return done.stdout


def ask_ctl(tray, *arguments):
    done = tray.desktop.run("portferryctl", "vm-config", *arguments)
    assert done.returncode == 0, done
    return done.stdout


def wait_for_clipboard(tray, expected):
    wait_for("the text on the clipboard", lambda: read_clipboard(tray) == expected)


def join_lines(text):
    """As it goes into a script."""
    return " \\\n".join(text.splitlines())


def test_menu_and_copy(tray):
    """From the menu: both texts, each with its button."""
    tray.open_menu()
    tray.wait_for_row("_Virtual machine…", enabled=True)
    tray.click("_Virtual machine…")
    window = tray.windows.wait(TITLE)
    window.wait("label", "-device vfio-pci,host=0000:00:1d.0")
    window.wait("label", "<hostdev mode='subsystem'")
    window.choose("Profile", "Windows")
    window.press("push button", "Copy arguments")
    wait_for_clipboard(tray, join_lines(ask_ctl(tray, "windows", "--qemu")))
    window.wait("label", "Copied")
    window.press("push button", "Copy XML")
    wait_for_clipboard(tray, ask_ctl(tray, "windows", "--libvirt").rstrip("\n"))
    window.close()


def test_while_it_runs(tray):
    """Ports only; and what was copied before is no longer what is shown."""
    window = tray.open_window("--guest", TITLE)
    window.choose("Profile", "Windows")
    window.wait("label", "-device vfio-pci,host=0000:00:1d.0")
    window.press("push button", "Copy arguments")
    window.wait("label", "Copied")
    window.press("check box", "The controllers are plugged in while the machine runs")
    window.wait("label", "-device pcie-root-port,id=pf-port-0000-00-1d-0")
    window.wait("label", "<controller type='pci' model='pcie-root-port'/>")
    window.wait_gone("label", "Copied")
    window.press("push button", "Copy XML")
    wait_for_clipboard(tray, ask_ctl(tray, "windows", "--libvirt", "--hot-plug").rstrip("\n"))
    window.close()


def test_profiles_change(tray):
    """A profile that is made meanwhile is there; the choice stays."""
    window = tray.open_window("--guest", TITLE)
    window.choose("Profile", "Windows")
    tray.helper.write_profile("later", "[Profile]\nLabel=Later\n[Controller 0000:00:1a.0]\n")
    combo = window.wait("combo box", "Profile")
    wait_for("the profile", lambda: "Later" in combo.list_choices())
    window.wait("label", "-device vfio-pci,host=0000:00:1d.0")
    window.choose("Profile", "Later")
    window.wait("label", "-device vfio-pci,host=0000:00:1a.0")
    tray.helper.remove_profile("later")
    window.wait_gone("label", "-device vfio-pci,host=0000:00:1a.0")
    window.close()


def test_keyboard_only(tray):
    """The letters of the buttons, and Escape; whatever can be used has a name."""
    window = tray.open_window("--guest", TITLE)
    window.wait("label", "-device vfio-pci")
    assert not window.list_nameless(), window.list_nameless()
    tray.focus(TITLE)
    tray.desktop.run("xdotool", "key", "--delay", "60", "alt+x")
    wait_for("the XML", lambda: read_clipboard(tray).startswith("<hostdev"))
    tray.desktop.run("xdotool", "key", "--delay", "60", "alt+a")
    wait_for("the arguments", lambda: read_clipboard(tray).startswith("-device vfio-pci"))
    tray.desktop.run("xdotool", "key", "Escape")
    window.wait_until_closed()


def test_first_steps(tray):
    """The step of the welcome window that had no button for long."""
    welcome = tray.open_window("--welcome", "Welcome to Portferry")
    welcome.press("push button", "Guest side…")
    window = tray.windows.wait(TITLE)
    window.wait_text("Open the folder with the guest kit")
    window.close()
    welcome.close()


tap.run(
    tray_module.running_tray_with_agent,
    test_menu_and_copy,
    test_while_it_runs,
    test_profiles_change,
    test_keyboard_only,
    test_first_steps,
)
