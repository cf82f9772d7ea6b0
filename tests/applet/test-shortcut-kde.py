#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""KDE's keyboard shortcuts with KDE's own daemon: what is set there is run when the keys are pressed."""

import glob

import desk
import tap
from gi.repository import GLib
from screen_reader import wait_for
from shortcut_daemon import control, running, test_next_session_has_it, test_set_and_press

DAEMONS = ["/usr/lib/*/libexec/kglobalacceld", "/usr/libexec/kglobalacceld", "/usr/bin/kglobalaccel5"]  # of Plasma 6, and 5
DAEMON = next(path for pattern in DAEMONS for path in glob.glob(pattern))
NAME = "org.kde.kglobalaccel"
META_F11 = 0x1100003A  # as Qt counts it
NO_AUTOLOADING, SET_PRESENT = 4, 2


def running_daemon():
    return running("KDE", DAEMON, NAME)


def call(tray, method, signature, *arguments):
    tray.desktop.session.call(NAME, "/kglobalaccel", "org.kde.KGlobalAccel", method, GLib.Variant(signature, arguments))


def give_keys_to_kwin(tray):
    action = ["kwin", "Show Desktop", "KWin", "Show Desktop"]
    call(tray, "doRegister", "(as)", action)
    call(tray, "setShortcut", "(asaiu)", action, [META_F11], SET_PRESENT | NO_AUTOLOADING)


def test_conflict(tray):
    give_keys_to_kwin(tray)
    window = tray.open_window("--shortcut", "Keyboard shortcut")
    window.wait_text("Shortcuts are kept in the settings of KDE Plasma")
    window.wait("list item", "Super+F12: Portferry: switch back and forth")
    window.choose("What it does", "Bring everything home")
    window.write("Keys", "Super+F11")
    window.press("push button", "Set")
    window.wait_text("Super+F11 does something else already: KWin: Show Desktop")
    window.write("Keys", "Super+F10")
    window.press("push button", "Set")
    window.wait("list item", "Super+F10: Portferry: bring everything home")
    window.press("push button", "Remove Super+F10")
    window.wait_gone("list item", "Super+F10")
    window.close()


def test_removed_keys_do_nothing(tray):
    """What comes after them works, and they have not."""
    assert control(tray, "set", "Super+F9", "home").returncode == 0
    done = control(tray, "remove", "toggle")
    assert (done.returncode, done.stdout) == (0, "Super+F9: portferryctl home\n"), done
    files = tray.desktop.run("sh", "-c", "ls $XDG_DATA_HOME/kglobalaccel")
    assert files.stdout == "portferry-home.desktop\n", files
    assert tray.desktop.run("portferryctl", "switch", "windows").returncode == 0
    tray.wait_for_state("lent")
    assert tray.desktop.run("xdotool", "key", "super+F12").returncode == 0
    desk.pause(1)
    assert tray.get_state() == "lent"
    assert tray.desktop.run("xdotool", "key", "super+F9").returncode == 0
    wait_for("everything to come home", lambda: tray.get_state() == "home")
    assert control(tray, "remove").returncode == 0


tap.run(
    running_daemon,
    test_set_and_press,
    test_next_session_has_it,
    test_conflict,
    test_removed_keys_do_nothing,
)
