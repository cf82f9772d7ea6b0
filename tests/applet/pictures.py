# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pictures of the documentation have in common: how everything looks on them, and how a window is taken."""

import contextlib
import gettext
import os
import subprocess
import sys

import desk
import tray as tray_module

BACKGROUND = "xc:#3b6e8f"

# What a look adds to GTK's settings, and to the environment of the applet.
LIGHT = ["gtk-theme-name=Adwaita", "gtk-application-prefer-dark-theme=0"]
LOOKS = {
    "light": (LIGHT, []),
    "dark": (["gtk-theme-name=Adwaita", "gtk-application-prefer-dark-theme=1"], []),
    "contrast": (["gtk-theme-name=HighContrast", "gtk-application-prefer-dark-theme=0"], []),
    "inverse": (["gtk-theme-name=HighContrastInverse", "gtk-application-prefer-dark-theme=0"], []),
    "german": (LIGHT, ["LANGUAGE=de", "LC_ALL=C.UTF-8"]),
    "mirrored": (LIGHT, ["LANGUAGE=he", "LC_ALL=C.UTF-8"]),  # GTK itself has Hebrew, and with it the direction
    "large": (LIGHT, ["GDK_SCALE=2"]),
}


def put_on(look, user):
    """Everything that starts from now on looks like that. Returns gettext in its language."""
    settings, environment = LOOKS[look]
    folder = desk.Desktop(user).environment["XDG_CONFIG_HOME"]
    with open(f"{folder}/gtk-3.0/settings.ini", "a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in settings)
    tray_module.Tray.environment = ["G_DEBUG=fatal-criticals", *environment]
    languages = [setting.partition("=")[2] for setting in environment if setting.startswith("LANGUAGE=")]
    translate = gettext.translation("portferry", f"{os.environ['PF_BUILD']}/po", languages, fallback=True).gettext
    tray_module.Tray.quit_label = translate("_Quit")
    return translate


def prepare_screen(tray):
    """A plain colour, so that the edges of windows and menus can be seen, and the pointer where it brings up no tooltip.
    What display exits with says nothing."""
    tray.desktop.run("display", "-window", "root", "-size", "64x64", BACKGROUND)
    tray.desktop.run("xdotool", "mousemove", "0", "2000")


def find_window(tray):
    """The number of the applet's window on the screen. There is only one."""
    found = tray.desktop.run("xdotool", "search", "--onlyvisible", "--class", tray_module.APP).stdout.split()
    assert found, "there is no window to be taken"
    return found[-1]


def focus(tray):
    """There is no window manager to do that."""
    tray.desktop.run("xdotool", "windowfocus", find_window(tray))


def take_window(tray, path):
    """Only the window, once it has been drawn: the rest of the screen is of no interest."""
    desk.pause(0.7)
    with open(path, "wb") as file:
        command = [f"{desk.FOLDER}/as-user", tray.desktop.user, "import", "-window", find_window(tray), "png:-"]
        subprocess.run(command, stdout=file, check=True)


class Camera:
    """A tray in some look, and where its pictures go."""

    def __init__(self, tray, look, folder, prefix, translate):
        self.tray, self.folder, self.prefix, self.translate = tray, folder, prefix, translate
        self.german = look == "german"

    def word(self, mnemonic):
        return self.translate(mnemonic).replace("_", "")

    def begin(self, template):
        """A translation of @template as far as it is known what it says."""
        return self.translate(template).partition("%")[0]

    def open(self, option, title):
        return self.tray.open_window(option, self.translate(title))

    def take(self, name):
        take_window(self.tray, os.path.join(self.folder, f"{self.prefix}{name}.png"))

    def close(self, window):
        focus(self.tray)
        self.tray.desktop.tap("Escape")
        window.wait_until_closed()


@contextlib.contextmanager
def running_camera():
    """A camera, and the rest of the command line: USER FOLDER LOOK PREFIX SCENE…"""
    user, folder, look, prefix, *scenes = sys.argv[1:]
    translate = put_on(look, user)
    with tray_module.running_tray_with_agent() as tray:
        prepare_screen(tray)
        tray.open_menu()  # which wakes the helper, and keeps it awake
        desk.wait_for("the helper", tray.helper.is_running)
        yield Camera(tray, look, folder, prefix, translate), scenes
