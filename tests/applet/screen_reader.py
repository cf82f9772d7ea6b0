# SPDX-License-Identifier: GPL-3.0-or-later
"""The applet's windows as a screen reader sees them: by role and name, never by pixels."""

import contextlib
import os
import pwd
import subprocess

import desk
import gi
import tray as tray_module

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

MAX_DEPTH = 40


def connect(desktop):
    """Accessibility has buses of its own, one for each program, that their user alone may use: from now on we are that user."""
    with open(f"{desk.FOLDER}/desktop/{desktop.user}", encoding="utf-8") as file:
        os.environ.update(line.rstrip("\n").split("=", 1) for line in file)
    os.seteuid(pwd.getpwnam(f"pf-{desktop.user}").pw_uid)
    Atspi.init()


def wait_for(what, found):
    """As desk.wait_for(), for what no bus tells us of."""
    tick = GLib.timeout_add(50, lambda: True)
    try:
        return desk.wait_for(what, found)
    finally:
        GLib.source_remove(tick)


def ignore_vanished(look):
    """What is looked at may go meanwhile."""
    try:
        return look()
    except GLib.Error:
        return None


def list_children(node):
    for number in range(ignore_vanished(node.get_child_count) or 0):
        child = ignore_vanished(lambda number=number: node.get_child_at_index(number))
        if child is not None:
            yield child


def walk(node, depth=0):
    """@node and all below it, in order."""
    yield node
    for child in list_children(node) if depth < MAX_DEPTH else ():
        yield from walk(child, depth + 1)


def has_state(node, state):
    states = ignore_vanished(node.get_state_set)
    return states is not None and states.contains(state)


def walk_shown(node, scrolls=False, depth=0):
    """What can be seen, be it after scrolling: pages of a stack that are not shown cannot."""
    yield node
    scrolls = scrolls or ignore_vanished(node.get_role_name) == "viewport"
    state = Atspi.StateType.VISIBLE if scrolls else Atspi.StateType.SHOWING
    for child in list_children(node) if depth < MAX_DEPTH else ():
        if has_state(child, state):
            yield from walk_shown(child, scrolls, depth + 1)


class Window:
    """A window of the applet, found by its title."""

    def __init__(self, title):
        self.title = title
        self.node = wait_for(f"the window “{title}”", self._find)

    @classmethod
    def open(cls, tray, option, title):
        """By the command line."""
        done = tray.desktop.run("portferry", option)
        assert (done.returncode, done.stderr) == (0, ""), done
        return cls(title)

    def _find(self):
        screen = Atspi.get_desktop(0)
        for number in range(screen.get_child_count()):
            application = ignore_vanished(lambda: screen.get_child_at_index(number))
            if application is None or "ortferry" not in (ignore_vanished(application.get_name) or ""):
                continue
            for window in list_children(application):
                if ignore_vanished(window.get_name) == self.title:
                    return window
        return None

    def is_open(self):
        return self._find() is not None

    def list(self, role=None):
        """(role, name, node) of all that can be seen."""
        for node in walk_shown(self.node):
            found = ignore_vanished(lambda: (node.get_role_name(), node.get_name() or "", node))
            if found and (role is None or found[0] == role):
                yield found

    def find(self, role, name):
        """The first whose name is, or begins with, @name."""
        return next((node for _, found, node in self.list(role) if found.startswith(name)), None)

    def wait(self, role, name):
        return wait_for(f"a {role} “{name}” in {self.title}", lambda: self.find(role, name))

    def wait_gone(self, role, name):
        wait_for(f"no {role} “{name}” in {self.title}", lambda: self.find(role, name) is None)

    def press(self, role, name):
        """What a person does with a button, once it can be pressed."""

        def find_sensitive():
            node = self.find(role, name)
            return node if node and has_state(node, Atspi.StateType.SENSITIVE) else None

        node = wait_for(f"a {role} “{name}” that can be used", find_sensitive)
        assert node.get_action_iface().do_action(0), f"{role} “{name}” does nothing"

    def write(self, name, text):
        node = self.wait("text", name)
        assert node.get_editable_text_iface().set_text_contents(text)

    def read(self, name):
        return self.wait("text", name).get_text_iface().get_text(0, -1)

    def choose(self, name, choice):
        """Chooses a row of a combo box."""
        combo = self.wait("combo box", name)

        def list_rows():
            return [node.get_name() for node in walk(combo) if node.get_role_name() == "menu item"]

        wait_for(f"a row “{choice}” of {name}", lambda: choice in list_rows())
        rows = list_rows()
        assert combo.get_selection_iface().select_child(rows.index(choice))

    def list_texts(self):
        return [name for _, name, _ in self.list() if name]

    def wait_text(self, part):
        wait_for(f"“{part}” in {self.title}", lambda: any(part in text for text in self.list_texts()))

    def close(self):
        self.press("push button", "Close")
        wait_for(f"{self.title} to close", lambda: not self.is_open())


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
    """A tray whose windows can be looked at, with somebody who can allow what it asks for."""
    with tray_module.running_tray() as tray, running_agent(tray.desktop.user) as agent:
        connect(tray.desktop)
        tray.agent = agent
        try:
            yield tray
        finally:
            os.seteuid(0)
