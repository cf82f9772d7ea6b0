# SPDX-License-Identifier: GPL-3.0-or-later
"""The applet's windows as assistive technology sees them: by names and roles, never by places on the screen."""

import contextlib

from gi.repository import GLib

import desk

ACCESSIBLE = "org.a11y.atspi.Accessible"
NULL = "/org/a11y/atspi/null"
ROOT = "/org/a11y/atspi/accessible/root"

# Of AtspiStateType: what a set of states is told in.
SENSITIVE, SHOWING, CHECKED, FOCUSED = 24, 25, 4, 12


@contextlib.contextmanager
def looking_often():
    """Assistive technology that has not asked for events gets none: it looks again and again."""
    timer = GLib.timeout_add(30, lambda: True)
    try:
        yield
    finally:
        GLib.source_remove(timer)


class Node:
    """One accessible object, and what is in it."""

    def __init__(self, bus, name, path):
        self.bus, self.owner, self.path = bus, name, path

    def _call(self, method, interface=ACCESSIBLE, arguments=None):
        return self.bus.call(self.owner, self.path, interface, method, arguments)[0]

    def get_name(self):
        return self.bus.get(self.owner, self.path, ACCESSIBLE, "Name")

    def get_role(self):
        return self._call("GetRoleName")

    def has_state(self, state):
        states = self._call("GetState")
        return bool(states[state // 32] >> (state % 32) & 1)

    def list_children(self):
        children = self._call("GetChildren")
        return [Node(self.bus, name, path) for name, path in children if path != NULL]

    def walk(self):
        """All that is shown inside, itself included."""
        yield self
        for child in self.list_children():
            if child.has_state(SHOWING):
                yield from child.walk()

    def list_texts(self):
        return [node.get_name() for node in self.walk() if node.get_role() == "label"]

    def list_buttons(self):
        return [node.get_name() for node in self.walk() if node.get_role() == "push button"]

    def list_nameless(self):
        """What a person could be stuck on, or has to see, and no screen reader could say."""
        roles = ("push button", "check box", "progress bar", "icon", "label", "scroll pane", "dialog", "alert")
        return [node.get_role() for node in self.walk() if node.get_role() in roles and not node.get_name()]

    def find(self, role, name):
        return next((node for node in self.walk() if node.get_role() == role and node.get_name() == name), None)

    def press(self, name, role="push button"):
        node = self.find(role, name)
        assert node, f"no {role} “{name}” in {self.list_buttons()}"
        assert node.has_state(SENSITIVE), f"“{name}” cannot be pressed"
        assert node._call("DoAction", "org.a11y.atspi.Action", GLib.Variant("(i)", (0,)))


class Windows:
    """The windows of the applet, or of whoever else has @name."""

    def __init__(self, desktop, name="org.portferry.Portferry"):
        self.desktop, self.name = desktop, name
        self.bus = None

    def _find_application(self):
        if self.bus is None:
            address = self.desktop.session.call("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress")[0]
            self.bus = self.desktop.connect(address)
        registry = Node(self.bus, "org.a11y.atspi.Registry", ROOT)
        return next((node for node in registry.list_children() if node.get_name() == self.name), None)

    def list(self):
        try:
            application = self._find_application()
            return [node for node in application.list_children() if node.has_state(SHOWING)] if application else []
        except GLib.Error:  # something has gone while we were looking
            return []

    def find(self, title):
        try:
            return next((window for window in self.list() if window.get_name() == title), None)
        except GLib.Error:
            return None

    def wait(self, title):
        with looking_often():
            return desk.wait_for(f"a window “{title}”", lambda: self.find(title))

    def wait_until_gone(self, title):
        with looking_often():
            desk.wait_for(f"the window “{title}” to go", lambda: not self.find(title))
