#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""LXQt's keyboard shortcuts with LXQt's own daemon: what is set there is run when the keys are pressed."""

import contextlib
import subprocess
import sys

import desk
import tap
import tray as tray_module
from gi.repository import GLib
from screen_reader import wait_for

DAEMON = "/usr/bin/lxqt-globalkeysd"
NAME = "org.lxqt.global_key_shortcuts"


class Daemon:
    def __init__(self, desktop):
        self.desktop = desktop
        self.start()

    def start(self):
        self.process = self.desktop.start(DAEMON, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        desk.wait_for("lxqt-globalkeysd", lambda: self.desktop.session.has(NAME))

    def stop(self):
        self.process.terminate()
        self.process.wait(desk.SECONDS)
        desk.wait_for("lxqt-globalkeysd to go", lambda: not self.desktop.session.has(NAME))

    def give_keys_to_panel(self):
        self.desktop.session.call(
            NAME, "/daemon", NAME + ".daemon", "addCommandAction",
            GLib.Variant("(ssass)", ("Meta+F11", "true", [], "Show desktop")))


@contextlib.contextmanager
def running_daemon():
    desktop = desk.Desktop(sys.argv[1])
    desktop.pretend("LXQt")
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
    tray.daemon.give_keys_to_panel()
    done = control(tray, "set", "Super+F11", "home")
    assert done.returncode == 4 and "Super+F11 does something else already: Show desktop" in done.stderr, done
    done = control(tray, "set", "Super+F10", "home")
    both = "Super+F12: portferryctl toggle\nSuper+F10: portferryctl home\n"
    assert (done.returncode, done.stdout) == (0, both), done


def test_removed_keys_do_nothing(tray):
    """What comes after them works, and they have not."""
    done = control(tray, "remove", "toggle")
    assert (done.returncode, done.stdout) == (0, "Super+F10: portferryctl home\n"), done
    assert tray.desktop.run("portferryctl", "switch", "windows").returncode == 0
    tray.wait_for_state("lent")
    assert tray.desktop.run("xdotool", "key", "super+F12").returncode == 0
    assert tray.desktop.run("xdotool", "key", "super+F10").returncode == 0
    wait_for("everything to come home", lambda: tray.get_state() == "home")
    assert tray.desktop.run("xdotool", "key", "super+F12").returncode == 0
    desk.pause(1)
    assert tray.get_state() == "home"
    assert control(tray, "remove").returncode == 0


tap.run(
    running_daemon,
    test_set_and_press,
    test_next_session_has_it,
    test_conflict,
    test_removed_keys_do_nothing,
)
