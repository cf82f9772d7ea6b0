#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""KDE's keyboard shortcuts with KDE's own daemon: what is set there is run when the keys are pressed."""

import contextlib
import glob
import subprocess
import sys

import desk
import tap
import tray as tray_module
from gi.repository import GLib
from screen_reader import wait_for

DAEMONS = ["/usr/lib/*/libexec/kglobalacceld", "/usr/libexec/kglobalacceld", "/usr/bin/kglobalaccel5"]  # of Plasma 6, and 5
DAEMON = next(path for pattern in DAEMONS for path in glob.glob(pattern))
NAME = "org.kde.kglobalaccel"
META_F11 = 0x1100003A  # as Qt counts it
NO_AUTOLOADING, SET_PRESENT = 4, 2


class Daemon:
    def __init__(self, desktop):
        self.desktop = desktop
        self.start()

    def start(self):
        self.process = self.desktop.start(DAEMON, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        desk.wait_for("kglobalaccel", lambda: self.desktop.session.has(NAME))

    def stop(self):
        self.process.terminate()
        self.process.wait(desk.SECONDS)
        desk.wait_for("kglobalaccel to go", lambda: not self.desktop.session.has(NAME))

    def call(self, method, signature, *arguments):
        self.desktop.session.call(NAME, "/kglobalaccel", "org.kde.KGlobalAccel", method,
                                  GLib.Variant(signature, arguments))

    def give_keys_to_kwin(self):
        action = ["kwin", "Show Desktop", "KWin", "Show Desktop"]
        self.call("doRegister", "(as)", action)
        self.call("setShortcut", "(asaiu)", action, [META_F11], SET_PRESENT | NO_AUTOLOADING)


@contextlib.contextmanager
def running_daemon():
    desktop = desk.Desktop(sys.argv[1])
    desktop.pretend("KDE")
    daemon = Daemon(desktop)
    try:
        with tray_module.running_tray_with_agent() as tray:
            tray.daemon = daemon
            yield tray
    finally:
        daemon.stop()


def control(tray, *arguments):
    return tray.desktop.run("portferryctl", "shortcut", *arguments)


def press_keys_to_toggle(tray):
    assert tray.desktop.run("portferryctl", "switch", "windows").returncode == 0
    tray.wait_for_state("lent")
    assert tray.desktop.run("xdotool", "key", "super+F12").returncode == 0
    tray.wait_for_state("home")


def test_set_and_press(tray):
    done = control(tray, "set", "Super+F12")
    assert (done.returncode, done.stdout) == (0, "Super+F12: portferryctl toggle\n"), done
    press_keys_to_toggle(tray)


def test_next_session_has_it(tray):
    tray.daemon.stop()
    tray.daemon.start()
    assert control(tray).stdout == "Super+F12: portferryctl toggle\n", control(tray)
    press_keys_to_toggle(tray)


def test_conflict(tray):
    tray.daemon.give_keys_to_kwin()
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
