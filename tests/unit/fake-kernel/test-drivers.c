/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pf-fake-mount.h"

/* What kernel-conformance does not check: more than one function, drivers that refuse, and board options. */

#define EHCI2 "0000:00:1a.0"
#define BUS "sys/bus/pci/"
#define DEVICES BUS "devices/"
#define VFIO BUS "drivers/vfio-pci/"

static const char twins[] = "[function 0000:01:00.0]\nid=1912:0014\nclass=0c0330\n"
                            "[function 0000:01:01.0]\nid=1912:0014\nclass=0c0330\n";

static char *
get_board (const char *name)
{
  return g_build_filename (g_getenv ("PF_BOARDS"), name, NULL);
}

static PfFakeMount *
start (const char *name)
{
  g_autofree char *board = get_board (name);

  return pf_fake_mount_start (board);
}

static void
assert_driver (PfFakeMount *mount, const char *address, const char *expected)
{
  g_autofree char *driver = pf_fake_mount_get_driver (mount, address);

  g_assert_cmpstr (driver, ==, expected);
}

static void
test_tree (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");
  g_autofree char *link = pf_fake_mount_read_link (mount, DEVICES "0000:01:00.1");
  g_autofree char *driver = pf_fake_mount_read_link (mount, DEVICES "0000:01:00.1/driver");
  g_autofree char *group = pf_fake_mount_read_link (mount, DEVICES "0000:01:00.1/iommu_group");
  g_autofree char *member = pf_fake_mount_read_link (mount, "sys/kernel/iommu_groups/1/devices/0000:01:00.1");
  g_autofree char *class = pf_fake_mount_read (mount, DEVICES "0000:01:00.1/class");

  g_assert_cmpstr (link, ==, "../../../devices/pci0000:00/0000:00:01.0/0000:01:00.1");
  g_assert_cmpstr (driver, ==, "../../../../bus/pci/drivers/snd_hda_intel");
  g_assert_cmpstr (group, ==, "../../../../kernel/iommu_groups/1");
  g_assert_cmpstr (member, ==, "../../../../devices/pci0000:00/0000:00:01.0/0000:01:00.1");
  g_assert_cmpstr (class, ==, "0x040300");
}

static void
test_uevent_file (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");
  g_autofree char *uevent = pf_fake_mount_read (mount, DEVICES EHCI2 "/uevent");

  g_assert_cmpstr (uevent, ==,
                   "DRIVER=ehci-pci\nPCI_CLASS=C0320\nPCI_ID=8086:8CAD\nPCI_SUBSYS_ID=1849:8CAD\n"
                   "PCI_SLOT_NAME=0000:00:1a.0\n"
                   "MODALIAS=pci:v00008086d00008CADsv00001849sd00008CADbc0Csc03i20");
}

static void
test_reset_method (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");
  g_autofree char *methods = pf_fake_mount_read (mount, DEVICES EHCI2 "/reset_method");

  g_assert_cmpstr (methods, ==, "af_flr pm");
  g_assert_false (pf_fake_mount_has (mount, DEVICES "0000:00:14.0/reset_method"));
}

static void
test_bridge_refuses_vfio (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");

  pf_fake_mount_write (mount, DEVICES "0000:00:1c.0/driver_override", "vfio-pci");
  g_assert_cmpint (pf_fake_mount_write (mount, BUS "drivers/pcieport/unbind", "0000:00:1c.0"), ==, 0);
  g_assert_cmpint (pf_fake_mount_write (mount, BUS "drivers_probe", "0000:00:1c.0"), ==, 0);
  assert_driver (mount, "0000:00:1c.0", NULL);
  g_assert_cmpint (pf_fake_mount_write (mount, VFIO "bind", "0000:00:1c.0"), ==, EINVAL);
}

static void
test_no_group_refuses_vfio (void)
{
  g_autoptr (PfFakeMount) mount = start ("no-iommu.board");

  g_assert_false (pf_fake_mount_has (mount, DEVICES EHCI2 "/iommu_group"));
  pf_fake_mount_write (mount, DEVICES EHCI2 "/driver_override", "vfio-pci");
  pf_fake_mount_write (mount, BUS "drivers/ehci-pci/unbind", EHCI2);
  g_assert_cmpint (pf_fake_mount_write (mount, VFIO "bind", EHCI2), ==, EINVAL);
}

static void
test_new_id_takes_twins (void)
{
  g_autoptr (PfFakeMount) mount = pf_fake_mount_start_text (twins);

  pf_fake_mount_write (mount, BUS "drivers/xhci_hcd/unbind", "0000:01:00.0");
  pf_fake_mount_write (mount, BUS "drivers/xhci_hcd/unbind", "0000:01:01.0");
  g_assert_cmpint (pf_fake_mount_write (mount, VFIO "new_id", "1912 0014"), ==, 0);
  assert_driver (mount, "0000:01:01.0", "vfio-pci");
  assert_driver (mount, "0000:01:00.0", "vfio-pci");
  g_assert_cmpint (pf_fake_mount_write (mount, VFIO "new_id", "1912 0014"), ==, EEXIST);
  g_assert_cmpint (pf_fake_mount_write (mount, VFIO "new_id", "1912"), ==, EINVAL);
  g_assert_cmpint (pf_fake_mount_write (mount, VFIO "remove_id", "1912 0014"), ==, 0);
  g_assert_cmpint (pf_fake_mount_write (mount, VFIO "remove_id", "1912 0014"), ==, ENODEV);
}

static void
test_shell_writes (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");
  g_autofree char *command
      = g_strdup_printf ("echo vfio-pci > %s/" DEVICES EHCI2 "/driver_override", mount->path);
  g_autofree char *override = NULL;

  g_assert_cmpint (system (command), ==, 0);
  override = pf_fake_mount_read (mount, DEVICES EHCI2 "/driver_override");
  g_assert_cmpstr (override, ==, "vfio-pci");
}

static void
test_root_uid (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");
  int status = 0;
  pid_t root
      = pf_fake_mount_write_in_child (mount, PF_FAKE_MOUNT_ROOT_UID, DEVICES EHCI2 "/driver_override", "a");
  pid_t other;

  g_assert_true (pf_fake_mount_has_ended (root, 5000, &status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  other
      = pf_fake_mount_write_in_child (mount, PF_FAKE_MOUNT_OTHER_UID, DEVICES EHCI2 "/driver_override", "b");
  g_assert_true (pf_fake_mount_has_ended (other, 5000, &status));
  g_assert_cmpint (WEXITSTATUS (status), ==, EACCES);
}

static void
test_module (void)
{
  g_autoptr (PfFakeMount) mount = pf_fake_mount_start_text (
      "[board]\nvfio-pci=module\n[function 0000:01:00.0]\nid=1912:0014\nclass=0c0330\n");

  g_assert_false (pf_fake_mount_has (mount, VFIO));
  g_assert_false (pf_fake_mount_has (mount, "dev/vfio/vfio"));
  g_assert_cmpint (pf_fake_mount_tell (mount, "modprobe vfio-pci"), ==, 0);
  g_assert_true (pf_fake_mount_has (mount, VFIO));
  g_assert_true (pf_fake_mount_has (mount, "dev/vfio/vfio"));
}

static void
test_missing_module (void)
{
  g_autoptr (PfFakeMount) mount = start ("no-vfio.board");

  g_assert_false (pf_fake_mount_has (mount, VFIO));
  g_assert_cmpint (pf_fake_mount_tell (mount, "modprobe vfio-pci"), ==, ENOENT);
}

static void
test_others_move_functions (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");
  g_autofree char *override = NULL;

  g_assert_cmpint (pf_fake_mount_tell (mount, "bind " EHCI2 " vfio-pci"), ==, 0);
  assert_driver (mount, EHCI2, "vfio-pci");
  override = pf_fake_mount_read (mount, DEVICES EHCI2 "/driver_override");
  g_assert_cmpstr (override, ==, "vfio-pci");
  g_assert_cmpint (pf_fake_mount_tell (mount, "unbind " EHCI2), ==, 0);
  assert_driver (mount, EHCI2, NULL);
}

static void
test_vanish_and_rescan (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");
  g_autofree char *path = pf_fake_mount_get_path (mount, DEVICES EHCI2 "/class");
  int descriptor = open (path, O_RDONLY | O_CLOEXEC);
  char buffer[16];

  g_assert_cmpint (pf_fake_mount_tell (mount, "vanish " EHCI2), ==, 0);
  g_assert_cmpint (read (descriptor, buffer, sizeof buffer), ==, -1);
  g_assert_cmpint (errno, ==, ENODEV);
  close (descriptor);
  g_assert_true (pf_fake_mount_wait_for (mount, DEVICES EHCI2, FALSE));
  g_assert_false (pf_fake_mount_has (mount, "sys/kernel/iommu_groups/7"));
  g_assert_cmpint (pf_fake_mount_write (mount, BUS "rescan", "1"), ==, 0);
  g_assert_true (pf_fake_mount_wait_for (mount, DEVICES EHCI2, TRUE));
  assert_driver (mount, EHCI2, "ehci-pci");
}

static void
test_vanishing_bridge (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");

  g_assert_cmpint (pf_fake_mount_write (mount, DEVICES "0000:00:01.0/remove", "1"), ==, 0);
  g_assert_true (pf_fake_mount_wait_for (mount, DEVICES "0000:00:01.0", FALSE));
  g_assert_true (pf_fake_mount_wait_for (mount, DEVICES "0000:01:00.1", FALSE));
}

static void
test_host_things_go_with_drivers (void)
{
  g_autoptr (PfFakeMount) mount = start ("z97.board");
  g_autofree char *before = pf_fake_mount_read (mount, "proc/1/mounts");
  g_autofree char *routes = NULL;

  g_assert_nonnull (strstr (before, "/dev/sda1 / ext4"));
  g_assert_true (pf_fake_mount_has (mount, "sys/class/net/enp0s25/device/vendor"));
  g_assert_cmpint (pf_fake_mount_write (mount, BUS "drivers/e1000e/unbind", "0000:00:19.0"), ==, 0);
  g_assert_false (pf_fake_mount_has (mount, "sys/class/net/enp0s25"));
  routes = pf_fake_mount_read (mount, "proc/1/net/route");
  g_assert_null (strstr (routes, "enp0s25"));
  g_assert_cmpint (pf_fake_mount_write (mount, BUS "drivers/ahci/unbind", "0000:00:1f.2"), ==, 0);
  g_assert_false (pf_fake_mount_has (mount, "sys/class/block/sda1"));
}

int
main (int argc, char **argv)
{
  pf_fake_mount_enter_namespaces ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drivers/tree", test_tree);
  g_test_add_func ("/drivers/uevent-file", test_uevent_file);
  g_test_add_func ("/drivers/reset-method", test_reset_method);
  g_test_add_func ("/drivers/bridge-refuses-vfio", test_bridge_refuses_vfio);
  g_test_add_func ("/drivers/no-group-refuses-vfio", test_no_group_refuses_vfio);
  g_test_add_func ("/drivers/new-id-takes-twins", test_new_id_takes_twins);
  g_test_add_func ("/drivers/shell-writes", test_shell_writes);
  g_test_add_func ("/drivers/root-uid", test_root_uid);
  g_test_add_func ("/drivers/module", test_module);
  g_test_add_func ("/drivers/missing-module", test_missing_module);
  g_test_add_func ("/drivers/others-move-functions", test_others_move_functions);
  g_test_add_func ("/drivers/vanish-and-rescan", test_vanish_and_rescan);
  g_test_add_func ("/drivers/vanishing-bridge", test_vanishing_bridge);
  g_test_add_func ("/drivers/host-things-go-with-drivers", test_host_things_go_with_drivers);
  return g_test_run ();
}
