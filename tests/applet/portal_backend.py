#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop's half of the GlobalShortcuts portal, behind the real xdg-desktop-portal: no desktop that Debian 12 has brings
one that runs without the whole desktop. A line of standard input does what a person would do:

  answer grant|others|nothing|no|only-toggle|broken
                                          to what is asked from now on: all, all with other keys, none of them, "no", "no" to
                                          more than one, an error
  press ID                                presses a shortcut
  rename ID KEYS                          gives it other keys in the desktop's settings
  close                                   ends the session

Says what it was asked, a line each."""

import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

NAME = "org.freedesktop.impl.portal.desktop.pftest"
PATH = "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.impl.portal.GlobalShortcuts"
SESSION = "org.freedesktop.impl.portal.Session"

INTERFACES = f"""
<node>
  <interface name="{SHORTCUTS}">
    <method name="CreateSession">
      <arg type="o" direction="in"/><arg type="o" direction="in"/><arg type="s" direction="in"/>
      <arg type="a{{sv}}" direction="in"/><arg type="u" direction="out"/><arg type="a{{sv}}" direction="out"/>
    </method>
    <method name="BindShortcuts">
      <arg type="o" direction="in"/><arg type="o" direction="in"/><arg type="a(sa{{sv}})" direction="in"/>
      <arg type="s" direction="in"/><arg type="a{{sv}}" direction="in"/>
      <arg type="u" direction="out"/><arg type="a{{sv}}" direction="out"/>
    </method>
    <method name="ListShortcuts">
      <arg type="o" direction="in"/><arg type="o" direction="in"/>
      <arg type="u" direction="out"/><arg type="a{{sv}}" direction="out"/>
    </method>
    <signal name="Activated"><arg type="o"/><arg type="s"/><arg type="t"/><arg type="a{{sv}}"/></signal>
    <signal name="Deactivated"><arg type="o"/><arg type="s"/><arg type="t"/><arg type="a{{sv}}"/></signal>
    <signal name="ShortcutsChanged"><arg type="o"/><arg type="a(sa{{sv}})"/></signal>
    <property name="version" type="u" access="read"/>
  </interface>
  <interface name="{SESSION}">
    <method name="Close"/>
    <signal name="Closed"/>
    <property name="version" type="u" access="read"/>
  </interface>
</node>
"""


def say(*words):
    print(*words, flush=True)


class Backend:
    def __init__(self, bus):
        self.bus = bus
        self.answer = "grant"
        self.session = None
        self.sessions = {}
        self.shortcuts = {}
        shortcuts, self.session_interface = Gio.DBusNodeInfo.new_for_xml(INTERFACES).interfaces
        bus.register_object(PATH, shortcuts, self.call, lambda *asked: GLib.Variant("u", 1), None)

    def call(self, _bus, _sender, path, _interface, method, parameters, invocation):
        values = parameters.unpack()
        if method == "CreateSession":
            invocation.return_value(GLib.Variant("(ua{sv})", (self.create(values[1]), {})))
        elif method == "BindShortcuts":
            invocation.return_value(self.bind(values[2]))
        elif method == "ListShortcuts":
            say("list")
            invocation.return_value(self.tell(0))
        else:
            self.end(path)
            invocation.return_value(None)

    def create(self, path):
        """Gives the answer's code. As with GNOME's, nobody gets a session's path that somebody has."""
        if path in self.sessions:
            say("taken")
            return 2
        say("create", path.rpartition("/")[2])
        self.session = path
        self.shortcuts = {}
        self.sessions[path] = self.bus.register_object(
            path, self.session_interface, self.call, lambda *asked: GLib.Variant("u", 1), None)
        return 0

    def end(self, path):
        if path == self.session:
            say("close")
            self.bus.unregister_object(self.sessions.pop(path))
            self.session, self.shortcuts = None, {}

    def bind(self, wishes):
        for name, wish in sorted(wishes):
            say("bind", name, wish["preferred_trigger"], wish["description"])
        no = self.answer == "no" or self.answer == "only-toggle" and len(wishes) > 1
        if no or self.answer == "broken":
            return GLib.Variant("(ua{sv})", (1 if no else 2, {}))
        for name, wish in wishes if self.answer != "nothing" else ():
            keys = "CTRL+ALT+p" if self.answer == "others" else wish["preferred_trigger"]
            self.shortcuts[name] = (wish["description"], keys)
        return self.tell(0)

    def pack(self, names):
        return GLib.Variant("a(sa{sv})", [
            (name, {
                "description": GLib.Variant("s", self.shortcuts[name][0]),
                "trigger_description": GLib.Variant("s", "Press " + self.shortcuts[name][1]),
            }) for name in names
        ])

    def tell(self, code):
        return GLib.Variant("(ua{sv})", (code, {"shortcuts": self.pack(self.shortcuts)}))

    def emit(self, signal, values):
        self.bus.emit_signal(None, PATH, SHORTCUTS, signal, values)

    def obey(self, verb, *words):
        if verb == "answer":
            self.answer = words[0]
        elif verb == "press":
            assert words[0] in self.shortcuts, self.shortcuts
            for signal in ("Activated", "Deactivated"):
                self.emit(signal, GLib.Variant("(osta{sv})", (self.session, words[0], 1, {})))
        elif verb == "rename":
            self.shortcuts[words[0]] = (self.shortcuts[words[0]][0], words[1])
            changed = GLib.Variant.new_tuple(GLib.Variant("o", self.session), self.pack([words[0]]))
            self.emit("ShortcutsChanged", changed)
        elif verb == "close":
            self.bus.emit_signal(None, self.session, SESSION, "Closed", None)
            self.end(self.session)
        say("done", verb)


def main():
    loop = GLib.MainLoop()
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    backend = Backend(bus)

    def read(_channel, _condition):
        line = sys.stdin.readline()
        if line:
            backend.obey(*line.split())
            return True
        loop.quit()
        return False

    GLib.io_add_watch(GLib.IOChannel.unix_new(0), GLib.IOCondition.IN | GLib.IOCondition.HUP, read)
    Gio.bus_own_name_on_connection(
        bus, NAME, Gio.BusNameOwnerFlags.NONE, lambda *got: say("ready"), lambda *lost: loop.quit())
    loop.run()


if __name__ == "__main__":
    main()
