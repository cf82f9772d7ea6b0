#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keyboard shortcuts in the settings of desktops, kept by their own services: dconf for GNOME, MATE and Cinnamon, and Xfce's
settings daemon, which runs them."""

import contextlib
import subprocess
import sys

import desk
import tap
import tray as tray_module

GNOME = "org.gnome.settings-daemon.plugins.media-keys"
GNOME_PATH = "/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/"
MATE = "org.mate.control-center.keybinding"
MATE_PATH = "/org/mate/desktop/keybindings/"
CINNAMON = "org.cinnamon.desktop.keybindings"
CINNAMON_PATH = "/org/cinnamon/desktop/keybindings/custom-keybindings/"
DAEMON = ("xfsettingsd", "--no-daemon", "--disable-wm-check")
NAME = "org.xfce.SettingsDaemon"


@contextlib.contextmanager
def plain_desktop():
    yield desk.Desktop(sys.argv[1])


def control(desktop, *arguments):
    return desktop.run("portferryctl", "shortcut", *arguments)


def read(desktop, *place):
    done = desktop.run("gsettings", "get", *place)
    assert done.returncode == 0, done
    return done.stdout.strip()


def check(desktop, name, schema, path, command, keys):
    """Sets one, looks for it as another program would, has a conflict, and takes it away."""
    desktop.pretend(name)
    done = control(desktop, "set", "Super+F12")
    assert (done.returncode, done.stdout) == (0, "Super+F12: portferryctl toggle\n"), done
    assert read(desktop, f"{schema}:{path}", command) == "'portferryctl toggle'"
    assert read(desktop, f"{schema}:{path}", "binding") == keys
    done = control(desktop, "set", "Super+F12", "home")
    assert done.returncode == 4 and "does something else already" in done.stderr, done
    done = control(desktop, "set", "--force", "Super+F12", "home")
    assert (done.returncode, done.stdout) == (0, "Super+F12: portferryctl home\n"), done
    done = control(desktop, "remove")
    assert done.returncode == 0 and "has no keyboard shortcut" in done.stdout, done
    assert read(desktop, f"{schema}:{path}", command) == "''"


def test_gnome(desktop):
    check(desktop, "GNOME", GNOME + ".custom-keybinding", GNOME_PATH + "portferry-toggle/", "command", "'<Super>F12'")
    assert read(desktop, GNOME, "custom-keybindings") == "@as []"


def test_mate(desktop):
    check(desktop, "MATE", MATE, MATE_PATH + "custom0/", "action", "'<Super>F12'")


def test_cinnamon(desktop):
    schema = CINNAMON + ".custom-keybinding"
    check(desktop, "X-Cinnamon", schema, CINNAMON_PATH + "portferry-toggle/", "command", "['<Super>F12']")
    assert read(desktop, CINNAMON, "custom-list") == "@as []"


@contextlib.contextmanager
def running_daemon():
    desktop = desk.Desktop(sys.argv[1])
    desktop.pretend("XFCE")
    daemon = desktop.start(*DAEMON, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        desk.wait_for("Xfce's settings daemon", lambda: desktop.session.has(NAME))
        with tray_module.running_tray() as tray:
            yield tray
    finally:
        daemon.terminate()
        daemon.wait(desk.SECONDS)


def press(tray, keys, state):
    """The daemon learns of new keys by a signal of its own: who presses them too early presses them again."""
    for _ in range(50):
        assert tray.desktop.run("xdotool", "key", keys).returncode == 0
        desk.pause(0.2)
        if tray.get_state() == state:
            return
    raise AssertionError(f"{keys} do not lead to {state}")


def test_xfce_runs_it(tray):
    done = control(tray.desktop, "set", "Super+F12", "switch", "windows")
    assert (done.returncode, done.stdout) == (0, "Super+F12: portferryctl switch windows\n"), done
    assert control(tray.desktop, "set", "Super+F9", "home").returncode == 0
    press(tray, "super+F12", "lent")
    assert tray.helper.get_active_profile() == "windows"
    press(tray, "super+F9", "home")
    assert control(tray.desktop, "remove").returncode == 0


tap.run(
    plain_desktop,
    test_gnome,
    test_mate,
    test_cinnamon,
    (test_xfce_runs_it, running_daemon),
)
