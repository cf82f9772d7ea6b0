# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows as a screen reader sees them: by role, name and state, never by places on the screen.

The buses of accessibility are asked directly, because each belongs to a user, and a test is root. What is asked for
is asked all at once, level by level: a window has hundreds of objects."""

from gi.repository import GLib

import desk

ACCESSIBLE = "org.a11y.atspi.Accessible"
COMPONENT = "org.a11y.atspi.Component"
SELECTION = "org.a11y.atspi.Selection"
TEXT = "org.a11y.atspi.Text"
REGISTRY = "org.a11y.atspi.Registry"
NULL = "/org/a11y/atspi/null"
ROOT = "/org/a11y/atspi/accessible/root"
MAX_DEPTH = 40

# Of AtspiStateType: what a set of states is told in.
CHECKED, FOCUSED, SENSITIVE, SHOWING, VISIBLE = 4, 12, 24, 25, 30

LEAVES = {"check box", "icon", "label", "progress bar", "push button", "separator", "spin button", "text"}
roles = {}  # of objects, by owner and path

# What a person could be stuck on, or has to see; none of it may be without a name.
SPOKEN = {
    "alert", "check box", "combo box", "dialog", "label", "list item", "progress bar", "push button", "radio button",
    "spin button", "text", "toggle button",
}  # fmt: skip


def name_role(name):
    """As at-spi has called it for long; newer ones call a push button a button."""
    return "push button" if name == "button" else name


def wait_for(what, found):
    """As desk.wait_for(), for what no bus tells us of: it looks again and again."""
    timer = GLib.timeout_add(100, lambda: True)
    try:
        return desk.wait_for(what, found)
    finally:
        GLib.source_remove(timer)


class Node:
    """One accessible object. What it was when it was last walked over is in its attributes; methods ask again."""

    def __init__(self, bus, owner, path):
        self.bus, self.owner, self.path = bus, owner, path
        self.name, self.role, self.states, self.children = "", "", [0, 0], []

    def _call(self, method, interface=ACCESSIBLE, arguments=None):
        return self.bus.call(self.owner, self.path, interface, method, arguments)[0]

    def _list_questions(self):
        """What has to be asked: what an object is stays as it is, and some never have anything inside."""
        self.role = roles.get((self.owner, self.path), "")
        questions = [("org.freedesktop.DBus.Properties", "Get", GLib.Variant("(ss)", (ACCESSIBLE, "Name")))]
        questions.append((ACCESSIBLE, "GetState", None))
        if self.role not in LEAVES:
            questions += [(ACCESSIBLE, "GetChildren", None), (ACCESSIBLE, "GetRoleName", None)]
        return [(self.owner, self.path, *question) for question in questions]

    def _note(self, answers):
        """What has gone while it was asked stays without a name and children."""
        if None in answers:
            return
        self.name, self.states = answers[0][0] or "", answers[1][0]
        if len(answers) == 2:
            return
        self.children = [Node(self.bus, owner, path) for owner, path in answers[2][0] if path != NULL]
        self.role = roles[self.owner, self.path] = name_role(answers[3][0])

    def look(self):
        """Reads it anew with all that is in it."""
        level = [self]
        for _ in range(MAX_DEPTH):
            questions = [node._list_questions() for node in level]
            answers = iter(self.bus.call_all([question for of_one in questions for question in of_one]))
            for node, of_one in zip(level, questions):
                node._note([next(answers) for _ in of_one])
            level = [child for node in level for child in node.children]
            if not level:
                break
        return self

    def has_noted(self, state):
        return bool(self.states[state // 32] >> (state % 32) & 1)

    def walk_noted(self, hidden, scrolls=False):
        yield self
        scrolls = scrolls or self.role == "scroll pane"
        for child in self.children:
            if hidden or child.has_noted(VISIBLE if scrolls else SHOWING):
                yield from child.walk_noted(hidden, scrolls)

    def walk(self, hidden=False):
        """All that can be seen inside, be it after scrolling, itself included, in order; with @hidden all there is."""
        return list(self.look().walk_noted(hidden))

    def get_role(self):
        return name_role(self._call("GetRoleName"))

    def get_name(self):
        return self.bus.get(self.owner, self.path, ACCESSIBLE, "Name")

    def has_state(self, state):
        return bool(self._call("GetState")[state // 32] >> (state % 32) & 1)

    def list_children(self):
        return [Node(self.bus, owner, path) for owner, path in self._call("GetChildren") if path != NULL]

    def list(self, role):
        return [node for node in self.walk() if node.role == role]

    def list_texts(self):
        """Every word that is shown or said."""
        return [node.name for node in self.walk() if node.name]

    def list_buttons(self):
        return [node.name for node in self.list("push button")]

    def list_nameless(self):
        """What no screen reader could say."""
        return [node.role for node in self.walk() if node.role in SPOKEN and not node.name]

    def find(self, role, name):
        """The first whose name is, or begins with, @name."""
        return next((node for node in self.list(role) if node.name.startswith(name)), None)

    def wait(self, role, name):
        return wait_for(f"a {role} “{name}”", lambda: self.find(role, name))

    def wait_gone(self, role, name):
        wait_for(f"no {role} “{name}”", lambda: self.find(role, name) is None)

    def wait_text(self, part):
        """Waits for a text with @part in it, and returns it."""
        return wait_for(f"“{part}”", lambda: next((text for text in self.list_texts() if part in text), None))

    def act(self):
        assert self._call("DoAction", "org.a11y.atspi.Action", GLib.Variant("(i)", (0,))), f"{self.name} does nothing"

    def press(self, role, name):
        """What a person does with a button, once it can be pressed."""

        def find_sensitive():
            node = self.find(role, name)
            return node if node and node.has_noted(SENSITIVE) else None

        wait_for(f"a {role} “{name}” that can be used", find_sensitive).act()

    def write(self, name, text):
        node = self.wait("text", name)
        arguments = GLib.Variant("(s)", (text,))
        assert node._call("SetTextContents", "org.a11y.atspi.EditableText", arguments), f"“{name}” takes no text"

    def read(self, name):
        return self.wait("text", name)._call("GetText", TEXT, GLib.Variant("(ii)", (0, -1)))

    def choose(self, name, choice):
        """Chooses a row of a combo box."""
        combo = self.wait("combo box", name)
        wait_for(f"a row “{choice}” of {name}", lambda: choice in combo.list_choices())
        rows = combo.list_choices()
        assert combo._call("SelectChild", SELECTION, GLib.Variant("(i)", (rows.index(choice),)))

    def list_choices(self):
        """The rows of a combo box."""
        return [node.name for node in self.walk(hidden=True) if node.role == "menu item"]

    def get_choice(self):
        """The row of a combo box that is chosen."""
        owner, path = self._call("GetSelectedChild", SELECTION, GLib.Variant("(i)", (0,)))
        return Node(self.bus, owner, path).get_name()

    def grab_focus(self):
        assert self._call("GrabFocus", COMPONENT)

    def get_extents(self):
        """(x, y, width, height) on the screen: for pictures only."""
        return self._call("GetExtents", COMPONENT, GLib.Variant("(u)", (0,)))


class Window(Node):
    """A window, which may close."""

    def __init__(self, windows, node):
        super().__init__(node.bus, node.owner, node.path)
        self.windows, self.title = windows, node.get_name()

    def is_open(self):
        return any(window.path == self.path and window.owner == self.owner for window in self.windows.list())

    def wait_until_closed(self):
        wait_for(f"“{self.title}” to close", lambda: not self.is_open())

    def close(self):
        self.press("push button", "Close")
        self.wait_until_closed()


class Windows:
    """The windows of the applet, or of whoever else has @name."""

    def __init__(self, desktop, name="org.portferry.Portferry"):
        self.desktop, self.name = desktop, name
        self.bus = None
        self.focused, self.moves = None, 0  # where the keyboard is, and how often it has moved

    def _connect(self):
        if self.bus is None:
            address = self.desktop.session.call("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress")[0]
            self.bus = self.desktop.connect(address)

    def follow_focus(self):
        """From now on it is noted where the keyboard goes, as programs tell a screen reader that asks for it."""
        self._connect()
        self.bus.connection.signal_subscribe(
            None, "org.a11y.atspi.Event.Object", "StateChanged", None, "focused", 0, self._on_focused
        )
        arguments = GLib.Variant("(s)", ("object:state-changed:focused",))
        self.bus.call(REGISTRY, "/org/a11y/atspi/registry", REGISTRY, "RegisterEvent", arguments)

    def _on_focused(self, _bus, owner, path, _interface, _member, parameters):
        if parameters.unpack()[1]:
            self.focused = Node(self.bus, owner, path)
            self.moves += 1

    def _list_applications(self):
        self._connect()
        return Node(self.bus, REGISTRY, ROOT).list_children()

    def _list_windows(self, application):
        try:
            if application.get_name() != self.name:
                return []
            windows = [node for node in application.list_children() if node.has_state(SHOWING)]
            return [Window(self, node) for node in windows]
        except GLib.Error:  # something has gone while we were looking
            return []

    def list(self):
        return [window for application in self._list_applications() for window in self._list_windows(application)]

    def find(self, title):
        return next((window for window in self.list() if window.title == title), None)

    def wait(self, title):
        return wait_for(f"a window “{title}”", lambda: self.find(title))

    def wait_until_gone(self, title):
        wait_for(f"the window “{title}” to go", lambda: not self.find(title))
