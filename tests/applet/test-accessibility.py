#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every window for people who do not see it or have no mouse: each control has a name and a role, the keyboard comes to all
of them, and no colour says what words do not say."""

import contextlib

import all_windows
import desk
import screen_reader
import tap
import tray as tray_module
from all_windows import is_inside, is_of_gtk, list_parents
from gi.repository import GLib

FOCUSABLE = 11
MANY_KEYS = 150
# Containers, and what nothing is known of: nobody can be told what to do with them.
NO_ROLES = {"", "filler", "invalid", "panel", "redundant object", "table", "unknown", "viewport"}
# Window managers have keys of their own for these.
WINDOW_BUTTONS = {"Minimize", "Maximize", "Restore", "Close"}
CLICKED = {"check box", "combo box", "list item", "push button", "radio button", "spin button", "text", "toggle button"}
PARENT = ("org.freedesktop.DBus.Properties", "Get", GLib.Variant("(ss)", (screen_reader.ACCESSIBLE, "Parent")))
OWNERS = {"Host", "Guest", "Nobody"}
WORDS = {"Ports": OWNERS, "Learn the sockets": OWNERS, "Doctor": {"OK", "Hint", "Warning", "Problem"}}
NAMED = screen_reader.SPOKEN | CLICKED | {"icon", "menu", "menu item", "radio menu item", "separator menu item"}


def is_decoration(node, parents):
    """A symbol beside the words that say the same: a screen reader passes what has no name."""
    siblings = [child for parent in parents[-1:] for child in parent.children]
    return node.role == "icon" and any(child.role == "label" and child.name for child in siblings)


def has_focusable(node):
    return any(child.has_noted(FOCUSABLE) for inner in node.children for child in inner.walk_noted(True))


def needs_focus(node):
    """GTK gives the keyboard to a scrolled part only where nothing in it takes it."""
    if node.role == "scroll pane":
        return not has_focusable(node)
    return node.has_noted(FOCUSABLE) or node.role == "combo box"


def check_names(window):
    window.look()
    seen = list(list_parents(window))
    assert any(needs_focus(node) for node, _ in seen) or window.title == "", "nothing can be done here"
    for node, parents in seen:
        where = f"{node.role} “{node.name}” in {' / '.join(parent.role for parent in parents)}"
        if is_of_gtk(node, parents):
            continue
        if needs_focus(node):
            assert node.name, f"without a name: {where}"
            assert node.role not in NO_ROLES, f"without a role: {where}"
        if node.role in NAMED and not is_decoration(node, parents):
            assert node.name.strip() or is_empty_line(node), f"without a name: {where}"


def is_empty_line(node):
    """A line of text with nothing in it yet."""
    return node.role == "label"


# --- The keyboard ---


class Keyboard:
    """Goes through a window as who has no mouse, and remembers where it came."""

    def __init__(self, tray, window):
        self.tray, self.window = tray, window
        self.nodes, self.parents, self.ports, self.reached = {}, {}, {}, {}
        self.focused = None
        window.look()
        for node, parents in list_parents(window):
            if needs_focus(node) and node.has_noted(screen_reader.SENSITIVE) and not is_of_gtk(node, parents):
                self.nodes[node.path] = node
                self.parents[node.path] = parents[-1]
                self.ports[node.path] = next((place for place in parents if place.role == "scroll pane"), window)

    @contextlib.contextmanager
    def listening(self):
        """What has the keyboard is told by events, for those who have asked for them."""
        bus = self.window.bus
        asked = GLib.Variant("(sass)", ("object:state-changed:focused", [], ""))
        registry = ("org.a11y.atspi.Registry", "/org/a11y/atspi/registry", "org.a11y.atspi.Registry")
        bus.call(*registry, "RegisterEvent", asked)
        event = ("org.a11y.atspi.Event.Object", "StateChanged", None, "focused")
        number = bus.connection.signal_subscribe(self.window.owner, *event, 0, self.on_focused)
        try:
            yield
        finally:
            bus.connection.signal_unsubscribe(number)

    def on_focused(self, _bus, _sender, path, _interface, _signal, arguments):
        if arguments.unpack()[1]:
            self.focused = path

    def find(self):
        """The node that has the keyboard. In a combo box it is a button that is not among what is seen."""
        path = self.focused
        for _ in range(3):
            if path is None or path in self.nodes:
                return self.nodes.get(path)
            (answer,) = self.window.bus.call_all([(self.window.owner, path, *PARENT)])
            path = answer and answer[0][1]
        return None

    def is_in_sight(self, node):
        """Of what scrolls inside of a window of its own GTK does not know where it is: tiles, and rows."""
        return node.role == "list item" or is_inside(node.get_extents(), self.ports[node.path].get_extents())

    def check_name(self):
        """What a screen reader says when the keyboard comes there."""
        name = screen_reader.Node(self.window.bus, self.window.owner, self.focused).get_name()
        assert name, f"where the keyboard is has no name, after {list(self.reached.values())[-1].name}"

    def press(self, key):
        """Where the keyboard has gone with @key; None if it stays."""
        self.focused = None
        self.tray.desktop.run("xdotool", "key", key)
        for _ in range(250):
            node = self.find()
            if node is not None:
                sight = f"the {node.role} “{node.name}”, which has the keyboard, to come into sight"
                screen_reader.wait_for(sight, lambda: self.is_in_sight(node))
                self.reached[node.path] = node
                self.check_name()
                return node
            desk.pause(0.02)
        return None

    def go_round(self):
        """Tab leads from part to part, and back to the first."""
        first = node = self.press("Tab")
        for _ in range(MANY_KEYS):
            if node is None or (node := self.press("Tab")) is first:
                return

    def go_along(self, node):
        """Arrows lead from tile to tile and from row to row, and Tab to what is in a row."""
        parent = self.parents[node.path]
        all_of_it = [path for path, place in self.parents.items() if place is parent]
        for _ in range(len(parent.children)):
            if has_focusable(node) and parent.role == "list box":
                self.press("Tab")
                self.press("shift+Tab")
            if self.reached.keys() >= set(all_of_it):
                return
            node = self.press("Right" if parent.role == "list" else "Down")
            if node is None or node.role != "list item" or self.parents[node.path] is not parent:
                return

    def check(self):
        with self.listening():
            self.go_round()
            for node in [node for node in self.reached.values() if node.role == "list item"]:
                node.grab_focus()
                screen_reader.wait_for("the focus", lambda node=node: node.has_state(screen_reader.FOCUSED))
                self.go_along(node)
        missed = [f"{node.role} “{node.name}”" for path, node in self.nodes.items() if path not in self.reached]
        assert not missed, f"the keyboard does not come to {missed}"


def check_mouse_only(window):
    """What can be clicked and does not take the keyboard stands on something that does the same."""
    for node, parents in list_parents(window):
        if node.role in CLICKED and not needs_focus(node) and node.name not in WINDOW_BUTTONS:
            assert any(parent.role == "list item" for parent in parents), f"only for mice: {node.role} “{node.name}”"


def check_words(window):
    """Whose a socket is, and how bad a finding is: beside its colour and its symbol it stands there."""
    for node, _ in list_parents(window):
        if node.role == "list item" and window.title in WORDS:
            labels = {part.name for part in node.walk_noted(True) if part.role == "label"}
            assert labels & WORDS[window.title], f"no words for what the colour says: {labels}"


def check_window(tray, name):
    with all_windows.WINDOWS[name](tray) as window:
        check_names(window)
        check_words(window)
        if name == "menu":  # GTK's own menus have keys of their own
            return
        tray.focus(window.title)
        Keyboard(tray, window).check()
        check_mouse_only(window)


def test_of(name):
    def test(tray):
        check_window(tray, name)

    test.__name__ = f"test_{name}"
    return test


def test_nothing_was_wrong(tray):
    """What GTK has complained of is an error."""
    tray.stop()


with tray_module.running_tray_with_agent() as one_for_all:
    tests = [test_of(name) for name in all_windows.WINDOWS]
    tap.run(lambda: contextlib.nullcontext(one_for_all), *tests, test_nothing_was_wrong)
