#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong, board by board: the caller and the desktop are told, in the same words, and nothing moves."""

import os
import sys

import desk
import tap
import tray as tray_module

PORTS = "[Ports 0000:00:14.0]\nGuest=ehci1/1\n"
OTHER_PORTS = "[Ports 0000:00:14.0]\nId=8086:8c31\nGuest=ehci1/1\n"


def controller(address, identity="any"):
    return f"[Controller {address}]\nId={identity}\n"


# Board: what a profile holds, and what the message has to name.
CASES = {
    "z97": [
        ("no such device", controller("0000:00:1e.7"), ["0000:00:1e.7"]),
        ("not a USB controller", controller("0000:00:1b.0"), ["0000:00:1b.0", "USB controller"]),
        ("another machine's profile", controller("0000:00:1a.0", "8086:9c26"), ["another machine"]),
        ("another machine's ports", OTHER_PORTS, ["another machine"]),
    ],
    "odd": [("group with a foreign driver", controller("0000:00:19.0"), ["AMDI0030:00"])],
    "laptop": [("no routing register", PORTS, ["Whole controllers can still be lent"])],
    "no-iommu": [("no IOMMU", controller("0000:00:1a.0"), ["intel_iommu=on"])],
    "no-vfio": [("no vfio-pci", controller("0000:00:1a.0"), ["vfio-pci"])],
    "locked-down": [("kernel lockdown", controller("0000:00:1d.0") + PORTS, ["lockdown"])],
}


def read_drivers():
    devices = f"{desk.KERNEL}/sys/bus/pci/devices"
    return {address: desk.Kernel.read_driver(address) for address in os.listdir(devices)}


def check(tray, name, profile, words):
    label = f"Case: {name}"
    desk.Helper.write_profile("case", f"[Profile]\nLabel={label}\n{profile}")
    try:
        before = read_drivers()
        tray.open_menu()
        desk.wait_for("the profile", lambda: any(
            row.label.startswith(label) for row in tray.read_menu().children))
        done = tray.desktop.run("portferry", "--switch", "case")
        assert done.returncode == 1, done
        shown = tray.notifications.wait(f"Could not switch to {label}")
        assert done.stderr == f"portferry: {shown['body']}\n", (done.stderr, shown)
        for word in words:
            assert word in shown["body"], f"“{word}” is not in “{shown['body']}”"
        assert len(tray.notifications.list()) == 1, tray.notifications.list()
        assert read_drivers() == before
        assert tray.list_active() == ["Home"]
    finally:
        desk.Helper.remove_profile("case")


def make_test(name, profile, words):
    def test(tray):
        check(tray, name, profile, words)

    test.__name__ = "test_" + name.replace(" ", "_")
    return test


tap.run(tray_module.running_tray, *(make_test(*case) for case in CASES[sys.argv[2]]))
