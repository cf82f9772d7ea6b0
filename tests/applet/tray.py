# SPDX-License-Identifier: GPL-3.0-or-later
"""The tray as a panel sees it: an org.kde.StatusNotifierItem with a com.canonical.dbusmenu."""

import contextlib
import dataclasses
import re
import subprocess
import sys

from gi.repository import Gio, GLib

import desk
import screen_reader

APP = "org.portferry.Portferry"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
WATCHER = "org.kde.StatusNotifierWatcher"


def drop_deprecation(complaints):
    """What is left of what a program has said, without the one line in which libayatana-appindicator calls itself old."""
    return "".join(
        line for line in complaints.splitlines(keepends=True)
        if line.strip() and not re.search(r"libayatana-appindicator is deprecated", line)
    )


@dataclasses.dataclass
class Row:
    number: int
    label: str
    enabled: bool
    toggle: str
    active: bool
    spoken: str
    children: list

    @classmethod
    def read(cls, layout):
        number, properties, children = layout
        return cls(
            number=number,
            label=properties.get("label", ""),
            enabled=properties.get("enabled", True),
            toggle=properties.get("toggle-type", ""),
            active=properties.get("toggle-state", 0) == 1,
            spoken=properties.get("accessible-desc", ""),
            children=[cls.read(child) for child in children if child[1].get("visible", True)],
        )

    def find(self, label):
        return next((row for row in self.children if row.label == label), None)

    def list_labels(self):
        return [row.label for row in self.children if row.label]


class Tray:
    """A running tray, whose icon is in the panel."""

    environment = ["G_DEBUG=fatal-criticals"]
    quit_label = "_Quit"

    def __init__(self, desktop):
        self.desktop = desktop
        command = ["env", *self.environment, "portferry"]
        self.process = desktop.start(*command, stderr=subprocess.PIPE, text=True)
        played = not desk.Dunst.is_there(desktop)
        self.notifications = desk.Notifications(desktop) if played else desk.Dunst(desktop)
        self.helper = desk.Helper(desktop)
        self.windows = screen_reader.Windows(desktop)
        self.wait_for_panel()

    def wait_for_panel(self):
        """Waits until the panel has our icon, and learns where it is."""
        item = desk.wait_for("the icon in the panel", self._find_item)
        self.name, _, path = item.partition("/")
        self.path = "/" + path
        self.menu_path = self.get("Menu")
        desk.wait_for("the menu on the bus", self._has_menu)

    def _has_menu(self):
        """The menu comes to the bus on its own, at times after the icon."""
        try:
            self.read_menu()
        except GLib.Error as error:
            if Gio.DBusError.get_remote_error(error) != "org.freedesktop.DBus.Error.UnknownMethod":
                raise
            return False
        return True

    def _find_item(self):
        bus = self.desktop.session
        if not (bus.has(APP) and bus.has(WATCHER)):
            return None
        owner = bus.ask("GetNameOwner", APP)
        items = bus.get(WATCHER, "/StatusNotifierWatcher", WATCHER, "RegisteredStatusNotifierItems")
        return next((item for item in items if item.startswith(owner + "/")), None)

    def get(self, attribute):
        return self.desktop.session.get(self.name, self.path, ITEM, attribute)

    def get_state(self):
        """What the icon says: "home", "lent" ..."""
        return self.get("IconName").removeprefix(APP + "-").removesuffix("-symbolic")

    def wait_for_state(self, state):
        desk.wait_for(f"the icon “{state}”", lambda: self.get_state() == state)

    def _call_menu(self, method, arguments):
        return self.desktop.session.call(self.name, self.menu_path, MENU, method, arguments)

    def read_menu(self):
        layout = self._call_menu("GetLayout", GLib.Variant("(iias)", (0, -1, [])))[1]
        return Row.read(layout)

    def list_all_rows(self):
        """Each row in its order, hidden or not: its number, whether it has a submenu, and its rows."""

        def walk(layout):
            number, properties, children = layout
            return number, "children-display" in properties, [walk(child) for child in children]

        return walk(self._call_menu("GetLayout", GLib.Variant("(iias)", (0, -1, [])))[1])

    def open_menu(self):
        """What a panel does before it shows the menu."""
        self._call_menu("AboutToShow", GLib.Variant("(i)", (0,)))

    def close_menu(self):
        """What some panels do after they have closed the menu."""
        self._call_menu("Event", GLib.Variant("(isvu)", (0, "closed", GLib.Variant("i", 0), 0)))

    def wait_for_row(self, label, **properties):
        """Waits for a row with that label and those properties, and returns it."""

        def find():
            row = self.read_menu().find(label)
            if row and all(getattr(row, name) == value for name, value in properties.items()):
                return row
            return None

        return desk.wait_for(f"a row “{label}” {properties or ''}", find)

    def click(self, label):
        """What a panel does when a person clicks a row, whether it can be chosen or not."""
        row = self.read_menu().find(label)
        assert row, f"no row “{label}” in {self.read_menu().list_labels()}"
        self.click_row(row)

    def click_row(self, row):
        """The same with a row that was found already, maybe in a submenu."""
        arguments = GLib.Variant("(isvu)", (row.number, "clicked", GLib.Variant("i", 0), 0))
        self._call_menu("Event", arguments)

    def choose(self, label):
        """Clicks a profile, and goes on where it is shown first what that would do."""
        self.click(label)
        self.go_on(label)

    def go_on(self, label):
        title = f"Switch to {label}?"
        screen_reader.wait_for(
            f"what comes of {label}",
            lambda: self.windows.find(title) or self.is_switching() or self.notifications.list(),
        )
        window = self.windows.find(title)
        if window:
            window.press("push button", next(name for name in window.list_buttons() if name != "Cancel"))

    def open_window(self, option, title):
        """Has the running tray open a window, as a desktop file does."""
        done = self.desktop.run("portferry", option)
        assert (done.returncode, done.stderr) == (0, ""), done
        return self.windows.wait(title)

    def press_keys(self, title, *keys):
        """Types into a window."""
        self.focus(title)
        self.desktop.tap(*keys)

    def focus(self, title):
        """Without a window manager, the keyboard is given to a window by hand."""
        self.windows.wait(title)
        found = self.desktop.run("xdotool", "search", "--onlyvisible", "--name", f"^{re.escape(title)}$").stdout.split()
        done = self.desktop.run("xdotool", "windowfocus", "--sync", found[-1])
        assert done.returncode == 0, done

    def is_switching(self):
        return any(row.startswith("Switching to ") for row in self.read_menu().list_labels())

    def list_active(self):
        return [row.label for row in self.read_menu().children if row.toggle == "radio" and row.active]

    def stop(self):
        """Quits by the menu; what the tray has complained of is an error."""
        if self.process.poll() is None:
            self.click(self.quit_label)
        _, complaints = self.process.communicate(timeout=desk.SECONDS)
        complaints = drop_deprecation(complaints)
        assert self.process.returncode == 0, f"the tray ended with status {self.process.returncode}"
        assert not complaints, f"the tray has said: {complaints}"

    def kill(self):
        """For a tray that should have ended; shows what it has said, if it still has something to say."""
        if self.process.stderr.closed:
            return
        if self.process.poll() is None:
            self.process.kill()
        _, complaints = self.process.communicate()
        print(f"# the tray has ended with status {self.process.returncode}")
        for line in complaints.splitlines():
            print(f"# {line}")


@contextlib.contextmanager
def running_agent(user):
    """Somebody who knows the administrator's password sits in front of it."""
    command = [f"{desk.FOLDER}/as-user", user, "pf-test-agent", "--password", "ferryman"]
    agent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert agent.stdout.readline() == "registered\n"
        yield agent
    finally:
        agent.terminate()
        agent.communicate(timeout=desk.SECONDS)


@contextlib.contextmanager
def running_tray():
    """A tray on the desktop of the user that the command line names, in which everything is home."""
    desktop = desk.Desktop(sys.argv[1])
    tray = Tray(desktop)
    try:
        yield tray
        tray.stop()
    finally:
        tray.kill()
        home = [f"{desk.FOLDER}/as-user", "root", "portferryctl", "home"]
        subprocess.run(home, check=True, capture_output=True, timeout=60)


@contextlib.contextmanager
def running_tray_with_agent():
    """The same with somebody who can allow what it asks for."""
    with running_tray() as tray, running_agent(tray.desktop.user) as agent:
        tray.agent = agent
        yield tray
