# SPDX-License-Identifier: GPL-3.0-or-later
"""What the applet's tests see of the desk: a user's desktop, the fake kernel and the helper. Runs as root."""

import os
import pwd
import subprocess

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

SECONDS = 15  # how long anything may take
FOLDER = os.environ["PF_DESK"]
STATE = os.environ["PF_STATE"]
KERNEL = os.environ["PF_KERNEL"]
HELPER = "org.portferry1"
MANAGER = "/org/portferry1/manager"



def wait_for(what, found):
    """Waits until @found() is true, looking again at every event on the buses, and returns it."""
    context = GLib.MainContext.default()
    expired = []
    timeout = GLib.timeout_add_seconds(SECONDS, lambda: expired.append(True))
    while not (value := found()):
        if expired:
            raise AssertionError(f"waited {SECONDS} s in vain for {what}")
        context.iteration(True)
    if not expired:
        GLib.source_remove(timeout)
    return value


def pause(seconds):
    """Lets time pass: for what must not happen."""
    context = GLib.MainContext.default()
    over = []
    GLib.timeout_add(int(seconds * 1000), lambda: over.append(True))
    while not over:
        context.iteration(True)


class Bus:
    """A connection that wakes wait_for() at every signal that it hears."""

    def __init__(self, address):
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.connection = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        self.connection.signal_subscribe(None, None, None, None, None, 0, lambda *signal: None)

    def call(self, name, path, interface, method, arguments=None):
        flags = Gio.DBusCallFlags.NO_AUTO_START
        reply = self.connection.call_sync(
            name, path, interface, method, arguments, None, flags, 1000 * SECONDS, None
        )
        return reply.unpack()

    def call_all(self, calls):
        """Makes calls, each a (name, path, interface, method, arguments), at once; None for what has failed."""
        replies, left = [None] * len(calls), [len(calls)]

        def on_replied(connection, result, number):
            left[0] -= 1
            try:
                replies[number] = connection.call_finish(result).unpack()
            except GLib.Error:
                pass

        flags = Gio.DBusCallFlags.NO_AUTO_START
        for number, call in enumerate(calls):
            self.connection.call(*call, None, flags, 1000 * SECONDS, None, on_replied, number)
        while left[0]:
            GLib.MainContext.default().iteration(True)
        return replies

    def get(self, name, path, interface, attribute):
        arguments = GLib.Variant("(ss)", (interface, attribute))
        return self.call(name, path, "org.freedesktop.DBus.Properties", "Get", arguments)[0]

    def ask(self, method, *arguments):
        """Asks the bus itself."""
        signature = "(" + "s" * len(arguments) + ")"
        return self.call(
            "org.freedesktop.DBus", "/", "org.freedesktop.DBus", method, GLib.Variant(signature, arguments)
        )[0]

    def ask_pid(self, name):
        arguments = GLib.Variant("(s)", (name,))
        bus = "org.freedesktop.DBus"
        return self.call(bus, "/", bus, "GetConnectionUnixProcessID", arguments)[0]

    def has(self, name):
        return self.ask("NameHasOwner", name)


class Desktop:
    """The desktop of a user of the desk."""

    def __init__(self, user):
        self.user = user
        with open(f"{FOLDER}/desktop/{user}", encoding="utf-8") as file:
            self.environment = dict(line.rstrip("\n").split("=", 1) for line in file)
        self.session = self.connect(self.environment["DBUS_SESSION_BUS_ADDRESS"])
        self.system = Bus(Gio.dbus_address_get_for_bus_sync(Gio.BusType.SYSTEM))

    def connect(self, address):
        """A session bus accepts its own user only, not even root."""
        os.seteuid(pwd.getpwnam(f"pf-{self.user}").pw_uid)
        try:
            return Bus(address)
        finally:
            os.seteuid(0)

    def pretend(self, name):
        """What is started from now on takes the desktop for another one."""
        path = f"{FOLDER}/desktop/{self.user}"
        with open(path, encoding="utf-8") as file:
            lines = [line for line in file if not line.startswith("XDG_CURRENT_DESKTOP=")]
        with open(path, "w", encoding="utf-8") as file:
            file.writelines([*lines, f"XDG_CURRENT_DESKTOP={name}\n"])

    def start(self, *command, **settings):
        return subprocess.Popen([f"{FOLDER}/as-user", self.user, *command], **settings)

    def run(self, *command):
        """Runs a command to its end while the desktop goes on."""
        return subprocess.run(
            [f"{FOLDER}/as-user", self.user, *command],
            capture_output=True,
            text=True,
            timeout=2 * SECONDS,
            check=False,
        )

    def tap(self, *keys):
        """Presses keys one after the other, as a person does."""
        done = self.run("xdotool", "key", "--delay", "60", *keys)
        assert done.returncode == 0, done

    def type(self, text):
        done = self.run("xdotool", "type", "--delay", "30", text)
        assert done.returncode == 0, done


class Notifications:
    """dbusmock's notification daemon: what it was told, and its buttons."""

    NAME = "org.freedesktop.Notifications"
    PATH = "/org/freedesktop/Notifications"
    MOCK = "org.freedesktop.DBus.Mock"

    earlier = 0  # how many numbers the daemon has given to notifications that clear() has forgotten

    def __init__(self, desktop):
        self.bus = desktop.session
        self.clear()

    def clear(self):
        Notifications.earlier += self._count_numbers()
        self.bus.call(self.NAME, self.PATH, self.MOCK, "ClearCalls")

    def _count_numbers(self):
        """A notification that replaces an older one gets its number; others get the next."""
        return sum(1 for shown in self.list() if not shown["replaces"])

    def _list_calls(self, method):
        return self.bus.call(self.NAME, self.PATH, self.MOCK, "GetMethodCalls", GLib.Variant("(s)", (method,)))[0]

    def list_closed(self):
        """The numbers of those that were taken off the screen."""
        return [int(call[0]) for _time, call in self._list_calls("CloseNotification")]

    def list(self):
        calls = self._list_calls("Notify")
        return [
            {
                "replaces": call[1],
                "title": call[3],
                "body": call[4],
                "actions": call[5][::2],
                "buttons": call[5][1::2],
            }
            for _time, call in calls
        ]

    def wait(self, title):
        """The last notification, once its title is @title."""
        return wait_for(f"a notification “{title}”", lambda: self._last(title))

    def _last(self, title):
        shown = self.list()
        return shown[-1] if shown and shown[-1]["title"] == title else None

    def answer_capabilities(self, code):
        """What the daemon does when it is asked what it can do; it says "actions" otherwise."""
        arguments = GLib.Variant("(sssss)", (self.NAME, "GetCapabilities", "", "as", code))
        self.bus.call(self.NAME, self.PATH, self.MOCK, "AddMethod", arguments)

    def get_number(self):
        """That of the last notification."""
        return self.list()[-1]["replaces"] or self.earlier + self._count_numbers()

    def _emit(self, signal, signature, *values):
        arguments = GLib.Variant("(sssav)", (self.NAME, signal, signature, list(values)))
        self.bus.call(self.NAME, self.PATH, self.MOCK, "EmitSignal", arguments)

    def press(self, action):
        """Presses a button of the last notification."""
        self._emit("ActionInvoked", "us", GLib.Variant("u", self.get_number()), GLib.Variant("s", action))

    def end(self, reason):
        """The last notification goes: 1 by itself, 2 by a person."""
        self._emit("NotificationClosed", "uu", GLib.Variant("u", self.get_number()), GLib.Variant("u", reason))


class Dunst:
    """dunst, a real notification daemon, which shows what it was told."""

    def __init__(self, desktop):
        self.desktop = desktop
        self.control("close-all")

    @staticmethod
    def is_there(desktop):
        arguments = (Notifications.NAME, Notifications.PATH, Notifications.NAME, "GetServerInformation")
        return desktop.session.call(*arguments)[0] == "dunst"

    def control(self, *words):
        done = self.desktop.run("dunstctl", *words)
        assert done.returncode == 0, done
        return done.stdout.strip()

    def wait_until_shown(self, count):
        wait_for(f"{count} notifications on the screen", lambda: self.control("count", "displayed") == str(count))

    def choose(self, label):
        """Opens the menu of actions, and chooses there."""
        done = self.desktop.run("sh", "-c", f"echo '{label}' >$XDG_CONFIG_HOME/dunst/choice")
        assert done.returncode == 0, done
        self.control("context")


class Kernel:
    """The fake kernel, looked at and provoked as root, past the helper."""

    @staticmethod
    def read_register(address="0000:00:14.0"):
        """XUSB2PR of a router."""
        with open(f"{KERNEL}/sys/bus/pci/devices/{address}/config", "rb", buffering=0) as config:
            config.seek(0xD0)
            return int.from_bytes(config.read(4), "little")

    @staticmethod
    def read_driver(address):
        link = f"{KERNEL}/sys/bus/pci/devices/{address}/driver"
        return os.path.basename(os.readlink(link)) if os.path.islink(link) else None

    @staticmethod
    def control(command):
        with open(f"{KERNEL}/control", "w", encoding="utf-8") as file:
            file.write(command)


class Helper:
    """The helper from outside."""

    def __init__(self, desktop):
        self.bus = desktop.system

    def is_running(self):
        return self.bus.has(HELPER)

    def get(self, attribute):
        return self.bus.get(HELPER, MANAGER, "org.portferry1.Manager", attribute)

    def get_active_profile(self):
        return self.get("ActiveProfile").rpartition("/")[2]

    def get_pid(self):
        try:
            return self.bus.ask_pid(HELPER)
        except GLib.Error:  # it does not run
            return None

    def kill(self):
        os.kill(self.get_pid(), 9)

    @staticmethod
    def write_profile(name, text):
        with open(f"{STATE}/etc/portferry/profiles.d/{name}.profile", "w", encoding="utf-8") as file:
            file.write(text)

    @staticmethod
    def remove_profile(name):
        os.unlink(f"{STATE}/etc/portferry/profiles.d/{name}.profile")
