# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of desktops share whose keyboard shortcuts a daemon keeps: the daemon, and what each has to do."""

import contextlib
import subprocess
import sys

import desk
import tray as tray_module


class Daemon:
    """A desktop's own daemon: @path on the session bus as @name."""

    def __init__(self, desktop, path, name):
        self.desktop, self.path, self.name = desktop, path, name
        self.start()

    def start(self):
        self.process = self.desktop.start(self.path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        desk.wait_for(self.path, lambda: self.desktop.session.has(self.name))

    def stop(self):
        self.process.terminate()
        self.process.wait(desk.SECONDS)
        desk.wait_for(f"{self.path} to go", lambda: not self.desktop.session.has(self.name))


@contextlib.contextmanager
def running(name, path, bus_name):
    """A tray on a desktop that is called @name and has that daemon."""
    desktop = desk.Desktop(sys.argv[1])
    desktop.pretend(name)
    daemon = Daemon(desktop, path, bus_name)
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
