#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""LXQt's keyboard shortcuts with LXQt's own daemon: what is set there is run when the keys are pressed."""

import desk
import tap
from gi.repository import GLib
from screen_reader import wait_for
from shortcut_daemon import control, running, test_next_session_has_it, test_set_and_press

DAEMON = "/usr/bin/lxqt-globalkeysd"
NAME = "org.lxqt.global_key_shortcuts"


def running_daemon():
    return running("LXQt", DAEMON, NAME)


def give_keys_to_panel(tray):
    tray.desktop.session.call(
        NAME, "/daemon", NAME + ".daemon", "addCommandAction",
        GLib.Variant("(ssass)", ("Meta+F11", "true", [], "Show desktop")))


def test_conflict(tray):
    give_keys_to_panel(tray)
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
