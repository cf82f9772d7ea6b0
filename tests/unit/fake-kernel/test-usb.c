/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "pf-fake-mount.h"

#define USB "sys/bus/usb/devices/"

static PfFakeMount *
start (const char *name)
{
  g_autofree char *board = g_build_filename (g_getenv ("PF_BOARDS"), name, NULL);

  return pf_fake_mount_start (board);
}

static void
assert_text (PfFakeMount *mount, const char *path, const char *expected)
{
  g_autofree char *text = pf_fake_mount_read (mount, path);

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_link (PfFakeMount *mount, const char *path, const char *name)
{
  g_autofree char *target = pf_fake_mount_read_link (mount, path);
  g_autofree char *base = target != NULL ? g_path_get_basename (target) : NULL;

  g_assert_cmpstr (base, ==, name);
}

static void
test_root_hubs (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");

  assert_text (mount, USB "usb3/speed", "480");
  assert_text (mount, USB "usb3/maxchild", "15");
  assert_text (mount, USB "usb3/serial", "0000:00:14.0");
  assert_text (mount, USB "usb3/busnum", "3");
  assert_text (mount, USB "usb3/devnum", "1");
  assert_text (mount, USB "usb3/idVendor", "1d6b");
  assert_text (mount, USB "usb3/idProduct", "0002");
  assert_text (mount, USB "usb3/bDeviceClass", "09");
  assert_text (mount, USB "usb3/product", "xHCI Host Controller");
  assert_text (mount, USB "usb4/speed", "5000");
  assert_text (mount, USB "usb4/maxchild", "6");
  assert_text (mount, USB "usb1/maxchild", "2");
  assert_text (mount, USB "1-1/idVendor", "8087");
  assert_text (mount, USB "1-1/idProduct", "8009");
  assert_text (mount, USB "1-1/maxchild", "6");
  assert_text (mount, USB "2-1/maxchild", "8");
}

static void
test_old_controllers (void)
{
  g_autoptr (PfFakeMount) mount = start ("odd.board");

  assert_link (mount, USB "1-1", "1-1"); /* the disk, on the EHCI itself */
  assert_text (mount, USB "usb5/speed", "12");
  assert_text (mount, USB "usb5/product", "UHCI Host Controller");
  assert_text (mount, USB "5-1/speed", "1.5");
  assert_text (mount, USB "usb3/product", "OHCI PCI host controller");
}

static void
test_keyboard (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");

  assert_text (mount, USB "3-5/product", "USB Keyboard");
  assert_text (mount, USB "3-5/speed", "1.5");
  assert_text (mount, USB "3-5:1.0/bInterfaceClass", "03");
  assert_text (mount, USB "3-5:1.0/bInterfaceProtocol", "01");
  assert_link (mount, USB "3-5:1.0/driver", "usbhid");
  assert_text (mount, USB "3-5:1.0/0003:046D:C31C.0001/input/input0/capabilities/key",
               "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe");
  assert_text (mount, USB "3-6:1.0/0003:046D:C077.0003/input/input2/capabilities/rel", "903");
  g_assert_true (pf_fake_mount_has (mount, "sys/class/input/input2/capabilities/ev"));
}

static void
test_storage (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");
  g_autofree char *before = pf_fake_mount_read (mount, "proc/1/mounts");
  g_autofree char *after = NULL;

  g_assert_nonnull (strstr (before, "/dev/sdc1 /media/stick vfat "));
  g_assert_true (pf_fake_mount_has (mount, "sys/class/block/sdc1/partition"));
  assert_link (mount, USB "3-9:1.0/driver", "usb-storage");
  g_assert_cmpint (pf_fake_mount_tell (mount, "unplug front-1"), ==, 0);
  g_assert_false (pf_fake_mount_has (mount, "sys/class/block/sdc1"));
  g_assert_cmpint (pf_fake_mount_tell (mount, "plug front-1"), ==, 0);
  g_assert_true (pf_fake_mount_wait_for (mount, "sys/class/block/sdc1", TRUE));
  after = pf_fake_mount_read (mount, "proc/1/mounts");
  g_assert_null (strstr (after, "/media/stick"));
}

static void
test_mapped_disk (void)
{
  g_autoptr (PfFakeMount) mount = start ("laptop.board");
  g_autofree char *mounts = pf_fake_mount_read (mount, "proc/1/mountinfo");

  g_assert_nonnull (strstr (mounts, " / / rw,relatime shared:1 - ext4 /dev/dm-0 rw"));
  g_assert_true (pf_fake_mount_has (mount, "sys/class/block/dm-0/slaves/nvme0n1p2"));
  g_assert_true (pf_fake_mount_has (mount, "sys/class/block/nvme0n1p2/holders/dm-0"));
  g_assert_cmpint (pf_fake_mount_write (mount, "sys/bus/pci/drivers/nvme/unbind", "0000:03:00.0"), ==, 0);
  g_assert_false (pf_fake_mount_has (mount, "sys/class/block/dm-0"));
}

static void
test_plug (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");

  g_assert_cmpint (pf_fake_mount_tell (mount, "plug rear-3 id=0a5c:21e8 kind=bluetooth 'product=Blue Tooth'"),
                   ==, 0);
  g_assert_true (pf_fake_mount_wait_for (mount, USB "3-3", TRUE));
  assert_text (mount, USB "3-3/product", "Blue Tooth");
  assert_text (mount, USB "3-3/devnum", "6");
  g_assert_cmpint (pf_fake_mount_tell (mount, "plug rear-3 id=0a5c:21e8"), ==, EINVAL);
  g_assert_cmpint (pf_fake_mount_tell (mount, "plug nowhere id=0a5c:21e8"), ==, EINVAL);
  g_assert_cmpint (pf_fake_mount_tell (mount, "plug rear-4 colour=red"), ==, EINVAL);
  g_assert_cmpint (pf_fake_mount_tell (mount, "unplug rear-3"), ==, 0);
  g_assert_false (pf_fake_mount_has (mount, USB "3-3"));
  g_assert_cmpint (pf_fake_mount_tell (mount, "unplug rear-3"), ==, ENOENT);
}

/* A USB3 hub shows on both root hubs; what is plugged into it, on one. */
static void
test_hub (void)
{
  g_autoptr (PfFakeMount) mount = start ("x99.board");

  g_assert_true (pf_fake_mount_has (mount, USB "3-3"));
  g_assert_true (pf_fake_mount_has (mount, USB "4-3"));
  assert_text (mount, USB "3-3.2/product", "HyperX 7.1 Audio");
  g_assert_cmpint (pf_fake_mount_tell (mount, "plug hub/1 id=0781:5581 kind=storage speed=5000"), ==, 0);
  g_assert_true (pf_fake_mount_wait_for (mount, USB "4-3.1", TRUE));
  g_assert_false (pf_fake_mount_has (mount, USB "3-3.1"));
  g_assert_cmpint (pf_fake_mount_tell (mount, "unplug front-1"), ==, 0);
  g_assert_false (pf_fake_mount_has (mount, USB "4-3.1"));
  g_assert_false (pf_fake_mount_has (mount, USB "3-3.2"));
}

static void
test_unbind_removes_tree (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");

  g_assert_cmpint (pf_fake_mount_write (mount, "sys/bus/pci/drivers/xhci_hcd/unbind", "0000:00:14.0"), ==, 0);
  g_assert_false (pf_fake_mount_has (mount, USB "usb3"));
  g_assert_false (pf_fake_mount_has (mount, USB "3-5"));
  g_assert_false (pf_fake_mount_has (mount, USB "3-5:1.0"));
  g_assert_false (pf_fake_mount_has (mount, "sys/class/input/input0"));
  g_assert_false (pf_fake_mount_has (mount, "sys/class/block/sdc"));
  g_assert_false (pf_fake_mount_has (mount, "sys/bus/usb/drivers/usbhid/3-5:1.0"));
  g_assert_cmpint (pf_fake_mount_write (mount, "sys/bus/pci/drivers_probe", "0000:00:14.0"), ==, 0);
  g_assert_true (pf_fake_mount_has (mount, USB "usb3"));
  g_assert_true (pf_fake_mount_wait_for (mount, USB "3-5:1.0", TRUE));
}

static gboolean
has_mount (PfFakeMount *mount, const char *line)
{
  g_autofree char *mounts = pf_fake_mount_read (mount, "proc/1/mounts");

  return strstr (mounts, line) != NULL;
}

/* Somebody unmounts, and mounts again, also what the board has not mounted. */
static void
test_mount_and_unmount (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");

  g_assert_true (has_mount (mount, "/dev/sdc1 /media/stick "));
  g_assert_cmpint (pf_fake_mount_tell (mount, "unmount sdc1"), ==, 0);
  g_assert_false (has_mount (mount, "/dev/sdc1"));
  g_assert_cmpint (pf_fake_mount_tell (mount, "mount sdc1 /media/other"), ==, 0);
  g_assert_true (has_mount (mount, "/dev/sdc1 /media/other "));
  g_assert_cmpint (pf_fake_mount_tell (mount, "mount sdb1 /media/backup"), ==, 0);
  g_assert_true (has_mount (mount, "/dev/sdb1 /media/backup "));
  g_assert_cmpint (pf_fake_mount_tell (mount, "unmount sdz1"), ==, ENODEV);
}

int
main (int argc, char **argv)
{
  pf_fake_mount_enter_namespaces ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/usb/root-hubs", test_root_hubs);
  g_test_add_func ("/usb/old-controllers", test_old_controllers);
  g_test_add_func ("/usb/keyboard", test_keyboard);
  g_test_add_func ("/usb/storage", test_storage);
  g_test_add_func ("/usb/mapped-disk", test_mapped_disk);
  g_test_add_func ("/usb/plug", test_plug);
  g_test_add_func ("/usb/hub", test_hub);
  g_test_add_func ("/usb/unbind-removes-tree", test_unbind_removes_tree);
  g_test_add_func ("/usb/mount-and-unmount", test_mount_and_unmount);
  return g_test_run ();
}
