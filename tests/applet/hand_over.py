# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of a hand-over share: profiles that move the stick or the keyboard, and services of the system."""

import contextlib
import glob
import os
import pathlib
import subprocess
import tempfile

import desk
import screen_reader

FOLDER = os.path.dirname(os.path.abspath(__file__))
CONTROLLER = "[Controller {}]\nId={}\n"
PORTS = "[Ports 0000:00:14.0]\nId=8086:8cb1\nGuest={}\n"

STICK = "[Profile]\nLabel=Stick\n" + CONTROLLER.format("0000:00:1d.0", "8086:8ca6") + PORTS.format("ehci1/5")
# The mouse leaves and nothing speaks against it: the host has another one.
MOUSE = "[Profile]\nLabel=Mouse\n{}" + CONTROLLER.format("0000:00:1a.0", "8086:8cad") + PORTS.format("ehci2/2")


@contextlib.contextmanager
def profile(name, text):
    desk.Helper.write_profile(name, text)
    try:
        yield
    finally:
        desk.Helper.remove_profile(name)


@contextlib.contextmanager
def spare_mouse():
    """So that nobody takes the last one."""
    desk.Kernel.control("plug front-2 id=046d:c077 kind=mouse product=Spare")
    try:
        yield
    finally:
        desk.Kernel.control("unplug front-2")


def has_stick():
    return os.path.exists(f"{desk.KERNEL}/sys/class/block/sdc1")


def go_home():
    home = [f"{desk.FOLDER}/as-user", "root", "portferryctl", "home"]
    subprocess.run(home, check=True, capture_output=True, timeout=60)


@contextlib.contextmanager
def stick():
    """A profile that moves the stick, which is mounted. Afterwards the stick is home."""
    desk.Kernel.control("mount sdc1 /media/stick")
    try:
        with profile("stick", STICK):
            try:
                yield
            finally:
                go_home()
    finally:
        if "Cruzer" not in read_products():
            with contextlib.suppress(OSError):  # it is in its socket, and about to be found again
                desk.Kernel.control("plug front-1")
        screen_reader.wait_for("the stick", has_stick)


def read_products():
    files = glob.glob(f"{desk.KERNEL}/sys/bus/usb/devices/*/product")
    return " ".join(pathlib.Path(file).read_text(encoding="utf-8") for file in files)


class Service:
    """A service of the system, played by a process of its own: see mock_services.py."""

    NAMES = {"udisks": "org.freedesktop.UDisks2", "logind": "org.freedesktop.login1"}

    def __init__(self, bus, name, answer):
        command = ["/usr/bin/python3", "-B", f"{FOLDER}/mock_services.py", name, answer]
        self.output = tempfile.TemporaryFile("w+", encoding="utf-8")
        self.process = subprocess.Popen(command, stdout=self.output)
        desk.wait_for(f"the name of {name}", lambda: bus.has(self.NAMES[name]))

    def list_calls(self):
        self.output.seek(0)
        return self.output.read().splitlines()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.output.close()


@contextlib.contextmanager
def playing(desktop, name, answer="done"):
    service = Service(desktop.system, name, answer)
    try:
        yield service
    finally:
        service.stop()
