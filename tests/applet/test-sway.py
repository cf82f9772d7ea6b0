#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""On Wayland, under sway: the question is above a fullscreen window, and does not take the keyboard from it."""

import contextlib
import json
import os
import pwd
import subprocess
import sys

import gi

gi.require_version("GdkPixbuf", "2.0")
from gi.repository import GdkPixbuf  # noqa: E402

import desk
import tap
import tray as tray_module
from screen_reader import wait_for

TITLE = "Keep this?"
WIDTH, HEIGHT = 800, 600
MAGENTA = (255, 0, 255)
CONFIG = f"output HEADLESS-1 resolution {WIDTH}x{HEIGHT} position 0,0\ndefault_border none\nxwayland disable\n"
PAINTER = """
import gi
gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, Gtk
style = Gtk.CssProvider()
style.load_from_data(b"window { background: #ff00ff; }")
Gtk.StyleContext.add_provider_for_screen(Gdk.Screen.get_default(), style, Gtk.STYLE_PROVIDER_PRIORITY_APPLICATION)
window = Gtk.Window(title="A game")
window.fullscreen()
window.show()
Gtk.main()
"""


class Sway:
    """A compositor without a screen, and a program that fills it."""

    def __init__(self, desktop):
        self.desktop = desktop
        self.runtime = f"/run/user/{pwd.getpwnam(f'pf-{desktop.user}').pw_uid}"
        self.config = f"{desk.STATE}/sway-config"
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(CONFIG)
        headless = ["WLR_BACKENDS=headless", "WLR_RENDERER=pixman", "WLR_LIBINPUT_NO_DEVICES=1"]
        self.process = desktop.start("env", "-u", "DISPLAY", *headless, "sway", "-c", self.config, stderr=subprocess.DEVNULL)
        self.display = wait_for("sway", lambda: self._find("wayland-", ".lock"))
        self.control = wait_for("sway's socket", lambda: self._find("sway-ipc.", None))
        self.painter = self.start("/usr/bin/python3", "-c", PAINTER)
        wait_for("the game", lambda: self.get_focused() == "A game")

    def _find(self, start, but_not):
        names = os.listdir(self.runtime)
        return next((name for name in names if name.startswith(start) and not (but_not and name.endswith(but_not))), None)

    def wrap(self, *command):
        return ["env", f"WAYLAND_DISPLAY={self.display}", f"SWAYSOCK={self.runtime}/{self.control}", "GDK_BACKEND=wayland", *command]

    def start(self, *command):
        return self.desktop.start(*self.wrap(*command))

    def run(self, *command):
        done = self.desktop.run(*self.wrap(*command))
        assert done.returncode == 0, done
        return done.stdout

    def get_focused(self):
        """The name of the window that has the keyboard."""

        def walk(node):
            if node.get("focused"):
                return node["name"]
            return next((found for child in node.get("nodes", []) if (found := walk(child))), None)

        return walk(json.loads(self.run("swaymsg", "-r", "-t", "get_tree")))

    def look(self):
        """The colour in the middle of the screen."""
        path = f"{self.runtime}/screen.png"
        self.run("grim", path)
        picture = GdkPixbuf.Pixbuf.new_from_file(path)
        at = HEIGHT // 2 * picture.get_rowstride() + WIDTH // 2 * picture.get_n_channels()
        return tuple(picture.get_pixels()[at:at + 3])

    def stop(self):
        for process in (self.painter, self.process):
            process.terminate()
            process.wait(desk.SECONDS)
        os.unlink(self.config)


@contextlib.contextmanager
def running_under_sway():
    desktop = desk.Desktop(sys.argv[1])
    sway = Sway(desktop)
    try:
        tray_module.Tray.environment = [*tray_module.Tray.environment, *sway.wrap()[1:]]
        with tray_module.running_tray() as tray:
            tray.sway = sway
            yield tray
    finally:
        sway.stop()


def test_question_is_above_a_game(tray):
    tray.notifications.answer_capabilities("ret = ['body']")
    wait_for("the game on the screen", lambda: tray.sway.look() == MAGENTA)
    done = tray.desktop.run("portferryctl", "switch", "--confirm-seconds", "60", "windows")
    assert done.returncode == 0, done
    window = tray.windows.wait(TITLE)
    wait_for("the question on the screen", lambda: tray.sway.look() != MAGENTA)
    assert tray.sway.get_focused() == "A game", tray.sway.get_focused()
    window.press("push button", "Revert")
    tray.wait_for_state("home")
    wait_for("the game on the screen", lambda: tray.sway.look() == MAGENTA)


tap.run(running_under_sway, test_question_is_above_a_game)
