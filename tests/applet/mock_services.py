#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two services of the system that the applet asks beside the helper, as small as they can be: what belongs to the
fake kernel cannot be known to real ones. On the desk's own system bus, as root; says what it was asked, a line each.

  mock_services.py udisks done|busy|dismissed|forbidden|silent
  mock_services.py logind done|failed
"""

import os
import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

KERNEL = os.environ["PF_KERNEL"]
BLOCKS = "/org/freedesktop/UDisks2/block_devices/"
DRIVE = "/org/freedesktop/UDisks2/drives/stick"
SOCKET = "front-1"  # where the stick is

UDISKS = """
<node>
  <interface name="org.freedesktop.UDisks2.Manager">
    <method name="ResolveDevice">
      <arg type="a{sv}" direction="in"/><arg type="a{sv}" direction="in"/><arg type="ao" direction="out"/>
    </method>
  </interface>
  <interface name="org.freedesktop.UDisks2.Filesystem">
    <property name="MountPoints" type="aay" access="read"/>
    <method name="Unmount"><arg type="a{sv}" direction="in"/></method>
  </interface>
  <interface name="org.freedesktop.UDisks2.Block"><property name="Drive" type="o" access="read"/></interface>
  <interface name="org.freedesktop.UDisks2.Drive">
    <property name="CanPowerOff" type="b" access="read"/>
    <method name="PowerOff"><arg type="a{sv}" direction="in"/></method>
  </interface>
</node>
"""
LOGIND = """
<node><interface name="org.freedesktop.login1.Session"><method name="Lock"/></interface></node>
"""
REFUSALS = {
    "busy": ("org.freedesktop.UDisks2.Error.DeviceBusy", "Error unmounting /dev/sdc1: target is busy"),
    "dismissed": ("org.freedesktop.UDisks2.Error.NotAuthorizedDismissed", "The authentication dialog was dismissed"),
    "forbidden": ("org.freedesktop.UDisks2.Error.NotAuthorizedCanObtain", "Not authorized to perform operation"),
    "failed": ("org.freedesktop.DBus.Error.AccessDenied", "Locking is not allowed here"),
}


def control(command):
    with open(f"{KERNEL}/control", "w", encoding="utf-8") as file:
        file.write(command)


def list_mounts(partition):
    with open(f"{KERNEL}/proc/1/mounts", encoding="utf-8") as file:
        return [line.split()[1] for line in file if line.split()[0] == f"/dev/{partition}"]


def note(invocation, what):
    """With how it was asked: a program that allows it lets a person be asked for a password."""
    flags = invocation.get_message().get_flags()
    asks = bool(flags & Gio.DBusMessageFlags.ALLOW_INTERACTIVE_AUTHORIZATION)
    print(what, "interactive" if asks else "silent", flush=True)


class Service:
    def __init__(self, answer):
        self.answer = answer

    def call(self, _bus, _sender, path, _interface, method, parameters, invocation):
        if method == "ResolveDevice":
            partition = os.path.basename(parameters.unpack()[0]["path"])
            known = os.path.exists(f"{KERNEL}/sys/class/block/{partition}")
            invocation.return_value(GLib.Variant("(ao)", ([BLOCKS + partition] if known else [],)))
            return
        note(invocation, f"{method} {os.path.basename(path)}")
        if self.answer in REFUSALS:
            invocation.return_dbus_error(*REFUSALS[self.answer])
        elif self.answer != "silent":
            self.act(method, os.path.basename(path))
            invocation.return_value(None)

    @staticmethod
    def act(method, name):
        if method == "Unmount":
            control(f"unmount {name}")
        elif method == "PowerOff":
            control(f"unplug {SOCKET}")

    @staticmethod
    def get(_bus, _sender, path, _interface, attribute):
        if attribute == "MountPoints":
            return GLib.Variant("aay", [place.encode() + b"\0" for place in list_mounts(os.path.basename(path))])
        if attribute == "Drive":
            return GLib.Variant("o", DRIVE)
        return GLib.Variant("b", True)


def main():
    name, answer = sys.argv[1:]
    service = Service(answer)
    bus = Gio.bus_get_sync(Gio.BusType.SYSTEM)
    if name == "udisks":
        partitions = [block for block in os.listdir(f"{KERNEL}/sys/class/block") if block[-1].isdigit()]
        paths = {"/org/freedesktop/UDisks2/Manager": 0, DRIVE: 3} | {BLOCKS + block: (1, 2) for block in partitions}
        interfaces = Gio.DBusNodeInfo.new_for_xml(UDISKS).interfaces
        well_known = "org.freedesktop.UDisks2"
    else:
        paths = {"/org/freedesktop/login1/session/auto": 0}
        interfaces = Gio.DBusNodeInfo.new_for_xml(LOGIND).interfaces
        well_known = "org.freedesktop.login1"
    for path, numbers in paths.items():
        for number in numbers if isinstance(numbers, tuple) else (numbers,):
            bus.register_object(path, interfaces[number], service.call, service.get, None)
    Gio.bus_own_name_on_connection(bus, well_known, Gio.BusNameOwnerFlags.NONE, None, lambda *_lost: os._exit(1))
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
