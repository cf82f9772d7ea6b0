/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pf-fake-mount.h"

#define EHCI2 "0000:00:1a.0"
#define FOLDER "sys/bus/pci/devices/" EHCI2 "/vfio-dev"
#define REGIONS "sys/kernel/iommu_groups/7/reserved_regions"
#define MSI "0x00000000fee00000 0x00000000feefffff msi"

static PfFakeMount *
start (const char *more)
{
  g_autofree char *board = g_build_filename (g_getenv ("PF_BOARDS"), "z97.board", NULL);
  g_autofree char *text = NULL;
  g_autofree char *changed = NULL;
  g_auto (GStrv) parts = NULL;

  g_assert_true (g_file_get_contents (board, &text, NULL, NULL));
  parts = g_strsplit (text, "[board]", 2);
  changed = g_strconcat (parts[0], "[board]\niommufd=true", parts[1], "\n", more, NULL);
  return pf_fake_mount_start_text (changed);
}

static void
tell (PfFakeMount *mount, const char *command, int expected)
{
  g_assert_cmpint (pf_fake_mount_tell (mount, "%s", command), ==, expected);
}

static gboolean
is_root_s (PfFakeMount *mount, const char *name, mode_t mode)
{
  g_autofree char *path = pf_fake_mount_get_path (mount, name);
  struct stat status;

  return stat (path, &status) == 0 && status.st_uid == 0 && (status.st_mode & 0777) == mode;
}

/* The node comes with the bind and goes with the unbind; it is another one each time. */
static void
test_node (void)
{
  g_autoptr (PfFakeMount) mount = start ("");
  g_autofree char *number = NULL;
  g_autofree char *path = NULL;

  g_assert_true (is_root_s (mount, "dev/iommu", 0660));
  g_assert_false (pf_fake_mount_has (mount, FOLDER));
  tell (mount, "bind " EHCI2 " vfio-pci", 0);
  number = pf_fake_mount_read (mount, FOLDER "/vfio0/dev");
  g_assert_cmpstr (number, ==, "511:0");
  g_assert_true (is_root_s (mount, "dev/vfio/devices/vfio0", 0600));
  path = pf_fake_mount_get_path (mount, "dev/vfio/devices/vfio0");
  g_assert_cmpint (chown (path, 1000, 1000), ==, 0);
  tell (mount, "unbind " EHCI2, 0);
  g_assert_false (pf_fake_mount_has (mount, FOLDER));
  g_assert_false (pf_fake_mount_has (mount, "dev/vfio/devices/vfio0"));
  tell (mount, "bind " EHCI2 " vfio-pci", 0);
  g_assert_true (is_root_s (mount, "dev/vfio/devices/vfio1", 0600));
}

static int
open_group (PfFakeMount *mount)
{
  g_autofree char *path = pf_fake_mount_get_path (mount, "dev/vfio/7");
  int descriptor = open (path, O_RDWR | O_CLOEXEC);

  if (descriptor < 0)
    return errno;
  close (descriptor);
  return 0;
}

/* Group and device exclude each other once the device is taken over, and not before. */
static void
test_hold (void)
{
  g_autoptr (PfFakeMount) mount = start ("");

  tell (mount, "hold-device " EHCI2 " 4242 qemu", ENODEV);
  tell (mount, "bind " EHCI2 " vfio-pci", 0);
  tell (mount, "open-device " EHCI2 " 4242 qemu", 0);
  g_assert_true (pf_fake_mount_has (mount, "proc/4242/fd/200"));
  g_assert_cmpint (open_group (mount), ==, 0);
  tell (mount, "release 7", 0);
  g_assert_false (pf_fake_mount_has (mount, "proc/4242"));
  tell (mount, "hold-device " EHCI2 " 4242 qemu", 0);
  g_assert_cmpint (open_group (mount), ==, EBUSY);
  tell (mount, "hold 7 4243 other", EBUSY);
  tell (mount, "unbind " EHCI2, EBUSY);
  tell (mount, "release 7", 0);
  tell (mount, "hold 7 4243 other", 0);
  tell (mount, "hold-device " EHCI2 " 4242 qemu", EBUSY);
  tell (mount, "vanish " EHCI2, 0);
  g_assert_false (pf_fake_mount_has (mount, "proc/4243"));
}

static void
test_unbind_waits (void)
{
  static const char *const commands[]
      = { "hold-device " EHCI2 " 4242 qemu", "open-device " EHCI2 " 4242 qemu" };
  g_autoptr (PfFakeMount) mount = start ("");

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      pid_t child;
      int status;

      tell (mount, "bind " EHCI2 " vfio-pci", 0);
      tell (mount, commands[i], 0);
      child = pf_fake_mount_write_in_child (mount, 0, "sys/bus/pci/drivers/vfio-pci/unbind", EHCI2);
      g_assert_false (pf_fake_mount_has_ended (child, 200, &status));
      tell (mount, "release 7", 0);
      g_assert_true (pf_fake_mount_has_ended (child, 5000, &status));
    }
}

static void
test_reserved_regions (void)
{
  g_autoptr (PfFakeMount) mount
      = start ("[group 7]\nreserved-regions=0x0 0xfff direct;0x2000 0x2fff reserved\n");
  g_autofree char *text = pf_fake_mount_read (mount, REGIONS);
  g_autofree char *of_others = pf_fake_mount_read (mount, "sys/kernel/iommu_groups/4/reserved_regions");
  g_autofree char *refused = NULL;

  g_assert_cmpstr (g_strchomp (text), ==, "0x0 0xfff direct\n0x2000 0x2fff reserved\n" MSI);
  g_assert_cmpstr (g_strchomp (of_others), ==, MSI);
  refused = pf_fake_mount_refuse_text ("[function 0000:00:14.0]\nid=8086:8cb1\nclass=0c0330\ngroup=1\n"
                                       "[group 2]\nreserved-regions=0x0 0xfff direct\n");
  g_assert_nonnull (strstr (refused, "[group 2]"));
}

int
main (int argc, char **argv)
{
  pf_fake_mount_enter_namespaces ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cdev/node", test_node);
  g_test_add_func ("/cdev/hold", test_hold);
  g_test_add_func ("/cdev/unbind-waits", test_unbind_waits);
  g_test_add_func ("/cdev/reserved-regions", test_reserved_regions);
  return g_test_run ();
}
