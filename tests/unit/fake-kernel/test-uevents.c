/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <libudev.h>
#include <net/if.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "pf-fake-mount.h"

#define PATIENCE_MS 5000

/* An unmodified udev monitor that listens to the kernel. */
typedef struct
{
  struct udev *udev;
  struct udev_monitor *monitor;
} Listener;

static void
start_listening (Listener *listener)
{
  listener->udev = udev_new ();
  listener->monitor = udev_monitor_new_from_netlink (listener->udev, "kernel");
  g_assert_nonnull (listener->monitor);
  g_assert_cmpint (udev_monitor_enable_receiving (listener->monitor), >=, 0);
}

static void
stop_listening (Listener *listener)
{
  udev_monitor_unref (listener->monitor);
  udev_unref (listener->udev);
}

/* Waits for one event; fails the test when it does not come. Returns the value of @property in it. */
static char *
expect (Listener *listener, const char *action, const char *path_end, const char *property)
{
  struct pollfd descriptor = { udev_monitor_get_fd (listener->monitor), POLLIN, 0 };

  while (poll (&descriptor, 1, PATIENCE_MS) > 0)
    {
      struct udev_device *device = udev_monitor_receive_device (listener->monitor);
      char *value = NULL;
      gboolean found;

      g_assert_nonnull (device);
      found = strcmp (udev_device_get_action (device), action) == 0
              && g_str_has_suffix (udev_device_get_devpath (device), path_end);
      if (found)
        {
          g_assert_cmpuint (udev_device_get_seqnum (device), >, 0);
          value = g_strdup (udev_device_get_property_value (device, property));
        }
      udev_device_unref (device);
      if (found)
        return value;
    }
  g_error ("no uevent: %s %s", action, path_end);
}

static PfFakeMount *
start (void)
{
  g_autofree char *board = g_build_filename (g_getenv ("PF_BOARDS"), "z97.board", NULL);

  return pf_fake_mount_start (board);
}

static void
assert_event (
    Listener *listener, const char *action, const char *path_end, const char *property, const char *expected)
{
  g_autofree char *value = expect (listener, action, path_end, property);

  g_assert_cmpstr (value, ==, expected);
}

static void
test_unbind_and_bind (void)
{
  g_autoptr (PfFakeMount) mount = start ();
  Listener listener;

  start_listening (&listener);
  pf_fake_mount_write (mount, "sys/bus/pci/drivers/ehci-pci/unbind", "0000:00:1a.0");
  assert_event (&listener, "remove", "/0000:00:1a.0/usb1/1-1", "DEVTYPE", "usb_device");
  assert_event (&listener, "remove", "/0000:00:1a.0/usb1", "BUSNUM", "001");
  assert_event (&listener, "unbind", "/0000:00:1a.0", "DRIVER", NULL);
  pf_fake_mount_write (mount, "sys/bus/pci/devices/0000:00:1a.0/driver_override", "vfio-pci");
  pf_fake_mount_write (mount, "sys/bus/pci/drivers_probe", "0000:00:1a.0");
  assert_event (&listener, "add", "/devices/virtual/vfio/7", "DEVNAME", "/dev/vfio/7");
  assert_event (&listener, "bind", "/0000:00:1a.0", "DRIVER", "vfio-pci");
  pf_fake_mount_write (mount, "sys/bus/pci/drivers/vfio-pci/unbind", "0000:00:1a.0");
  assert_event (&listener, "remove", "/devices/virtual/vfio/7", "SUBSYSTEM", "vfio");
  assert_event (&listener, "unbind", "/0000:00:1a.0", "PCI_SLOT_NAME", "0000:00:1a.0");
  stop_listening (&listener);
}

static void
test_routing (void)
{
  g_autoptr (PfFakeMount) mount = start ();
  Listener listener;

  start_listening (&listener);
  pf_fake_mount_write_register (mount, "0000:00:14.0", 0xd0, 0x00ff);
  assert_event (&listener, "remove", "/usb3/3-5/3-5:1.0", "INTERFACE", "3/1/1");
  assert_event (&listener, "remove", "/usb3/3-5", "PRODUCT", "46d/c31c/100");
  assert_event (&listener, "add", "/usb1/1-1/1-1.1", "DEVNAME", "/dev/bus/usb/001/003");
  assert_event (&listener, "add", "/input/input3", "SUBSYSTEM", "input");
  assert_event (&listener, "bind", "/usb1/1-1/1-1.1/1-1.1:1.0", "DRIVER", "usbhid");
  assert_event (&listener, "bind", "/usb1/1-1/1-1.1", "DRIVER", "usb");
  stop_listening (&listener);
}

static void
test_vanish_and_rescan (void)
{
  g_autoptr (PfFakeMount) mount = start ();
  Listener listener;

  start_listening (&listener);
  pf_fake_mount_tell (mount, "vanish 0000:00:1d.0");
  assert_event (&listener, "remove", "/0000:00:1d.0", "PCI_ID", "8086:8CA6");
  pf_fake_mount_write (mount, "sys/bus/pci/rescan", "1");
  assert_event (&listener, "add", "/0000:00:1d.0", "PCI_CLASS", "C0320");
  assert_event (&listener, "bind", "/0000:00:1d.0", "DRIVER", "ehci-pci");
  stop_listening (&listener);
}

static void
test_change (void)
{
  g_autoptr (PfFakeMount) mount = start ();
  Listener listener;

  start_listening (&listener);
  g_assert_cmpint (pf_fake_mount_write (mount, "sys/bus/pci/devices/0000:00:14.0/uevent", "change"), ==, 0);
  assert_event (&listener, "change", "/0000:00:14.0", "DRIVER", "xhci_hcd");
  g_assert_cmpint (pf_fake_mount_write (mount, "sys/bus/pci/devices/0000:00:14.0/uevent", "nonsense"), !=, 0);
  stop_listening (&listener);
}

static gboolean
has_only_loopback (void)
{
  struct if_nameindex *interfaces = if_nameindex ();
  gboolean result = TRUE;

  for (guint i = 0; interfaces[i].if_index != 0; i++)
    result = result && strcmp (interfaces[i].if_name, "lo") == 0;
  if_freenameindex (interfaces);
  return result;
}

/* What it says in the network namespace that the test was started in. NULL where that is a private one
 * already. */
static char *
try_outside (void)
{
  const char *command[]
      = { g_getenv ("PF_FAKE_KERNEL"), "--uevents", "--board", "/nonexistent", "/nonexistent", NULL };
  char *message = NULL;
  int status = 0;

  if (!has_only_loopback ())
    g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, &message, &status, NULL);
  return message;
}

static char *message_outside;

static void
test_refused_outside (void)
{
  g_assert_true (has_only_loopback ());
  if (message_outside != NULL)
    g_assert_nonnull (strstr (message_outside, "machine's own network namespace"));
}

int
main (int argc, char **argv)
{
  int result;

  message_outside = try_outside ();
  pf_fake_mount_enter_namespaces ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/uevents/unbind-and-bind", test_unbind_and_bind);
  g_test_add_func ("/uevents/routing", test_routing);
  g_test_add_func ("/uevents/vanish-and-rescan", test_vanish_and_rescan);
  g_test_add_func ("/uevents/change", test_change);
  g_test_add_func ("/uevents/refused-outside", test_refused_outside);
  result = g_test_run ();
  g_free (message_outside);
  return result;
}
