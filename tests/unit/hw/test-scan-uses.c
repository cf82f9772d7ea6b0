/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the host uses of a USB controller, of its neighbours in the IOMMU group, and of what is plugged in. */

#include <string.h>
#include <unistd.h>

#include "pf-test-uses.h"

static void
test_mounts (void)
{
  static const struct
  {
    const char *where;
    const char *kind;
  } cases[] = {
    { "/", "root" },
    { "/boot", "boot" },
    { "/boot/efi", "boot" },
    { "/efi", "boot" },
    { "/home", "home" },
    { "/home/ada", "home" },
    { "/root", "home" },
    { "/usr", "system" },
    { "/var/lib/libvirt", "system" },
    { "/srv", "system" },
    { "/run/live/medium", "system" },
    { "/media/ada/STICK", "mount" },
    { "/run/media/ada/STICK", "mount" },
    { "/mnt", "mount" },
    { "/home/ada/mnt", "mount" },
    { "/bootleg", "mount" },
    { "/homes", "mount" },
    { "/userdata", "mount" },
  };
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_uses_add_block (tree, USB_DISK, "8:16");
  pf_test_uses_add_block (tree, USB_DISK "/sdb1", "8:17");
  pf_test_uses_assert_uses (tree, "");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *info = g_strdup_printf ("22 1 0:20 / /sys rw shared:7 - sysfs sysfs rw\n36 22 8:17 / "
                                               "%s rw,noatime shared:1 master:2 - vfat /dev/sdb1 rw\n",
                                               cases[i].where);
      g_autofree char *expected
          = g_strdup_printf ("%s 0000:00:14.0 3-1 sdb1: %s\n", cases[i].kind, cases[i].where);

      pf_test_tree_write (tree, MOUNT_OF_1, info);
      pf_test_uses_assert_uses (tree, expected);
    }
}

/* A disk that is no USB disk: of what is mounted elsewhere than at /media the host lives. */
static void
test_fixed_disk (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_uses_add_block (tree, SATA_DISK, "8:0");
  pf_test_uses_add_block (tree, SATA_DISK "/sda1", "8:1");
  pf_test_uses_add_block (tree, SATA_DISK "/sda2", "8:2");
  pf_test_tree_write (
      tree, MOUNT_OF_1,
      "30 1 8:1 / /mnt/data rw - ext4 /dev/sda1 rw\n31 1 8:2 / /media/old rw - ext4 /dev/sda2 rw\n");
  pf_test_uses_assert_uses (tree,
                            "system 0000:00:17.0 - sda1: /mnt/data\nmount 0000:00:17.0 - sda2: /media/old\n");
  pf_test_uses_set (tree, SATA_DISK, "removable", "1\n");
  pf_test_uses_assert_uses (tree,
                            "mount 0000:00:17.0 - sda1: /mnt/data\nmount 0000:00:17.0 - sda2: /media/old\n");
}

/* A disk of no controller that could be lent is nobody's business. */
static void
test_other_disk (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_uses_add_block (tree, ELSEWHERE "/nvme/nvme0/nvme0n1", "259:0");
  pf_test_tree_write (tree, MOUNT_OF_1, "30 1 259:0 / / rw - ext4 /dev/nvme0n1 rw\n");
  pf_test_uses_assert_uses (tree, "");
}

/* With several ways to it, an NVMe disk hangs below its subsystem. */
static void
test_nvme_multipath (void)
{
  static const PfTestFunction nvme
      = { ROOT "/0000:00:1b.0", { 0x144d, 0xa804, 0, 0 }, 0x010802, "nvme", 4, 0 };
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_tree_add_function (tree, &nvme);
  pf_test_uses_add_class (tree, "nvme", ROOT "/0000:00:1b.0/nvme/nvme0");
  pf_test_uses_add_block (tree, "virtual/nvme-subsystem/nvme-subsys0/nvme0n1", "259:0");
  pf_test_uses_add_block (tree, "virtual/nvme-subsystem/nvme-subsys0/nvme0n1/nvme0n1p1", "259:1");
  pf_test_tree_link (tree, "sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0",
                     "../../../pci0000:00/0000:00:1b.0/nvme/nvme0");
  pf_test_tree_write (tree, MOUNT_OF_1, "30 1 259:1 / / rw - ext4 /dev/nvme0n1p1 rw\n");
  pf_test_uses_assert_uses (tree, "root 0000:00:1b.0 - nvme0n1p1: /\n");
}

/* The mounts of process 1 count: the helper's own are another machine's, as far as it is concerned. */
static void
test_whose_mounts (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_uses_add_block (tree, USB_DISK "/sdb1", "8:17");
  pf_test_tree_write (tree, "proc/self/mountinfo", "36 22 8:17 / /media/self rw - vfat /dev/sdb1 rw\n");
  pf_test_uses_assert_uses (tree, "");
  pf_test_tree_write (tree, "proc/self/mounts", "/dev/sdb1 /media/own vfat rw 0 0\n");
  pf_test_tree_link (tree, "proc/mounts", "self/mounts");
  pf_test_uses_assert_uses (tree, "mount 0000:00:14.0 3-1 sdb1: /media/own\n");
  pf_test_tree_write (tree, "proc/1/mounts", "/dev/sdb1 /media/first vfat rw 0 0\n");
  pf_test_uses_assert_uses (tree, "mount 0000:00:14.0 3-1 sdb1: /media/first\n");
  pf_test_tree_write (tree, MOUNT_OF_1, "36 22 8:17 / /media/info rw - vfat /dev/sdb1 rw\n");
  pf_test_uses_assert_uses (tree, "mount 0000:00:14.0 3-1 sdb1: /media/info\n");
}

/* The table of a machine with containers is longer than a page. */
static void
test_long_table (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();
  g_autoptr (GString) info = g_string_new (NULL);

  pf_test_uses_add_block (tree, USB_DISK "/sdb1", "8:17");
  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (info, "%u 1 0:%u / /run/containers/%u rw - overlay overlay rw\n", i, i, i);
  g_string_append (info, "36 22 8:17 / /media/My\\040Stick rw - vfat /dev/sdb1 rw\n");
  pf_test_tree_write (tree, MOUNT_OF_1, info->str);
  pf_test_uses_assert_uses (tree, "mount 0000:00:14.0 3-1 sdb1: /media/My Stick\n");
}

static void
test_swap (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_uses_add_block (tree, USB_DISK "/sdb1", "8:17");
  pf_test_uses_add_block (tree, USB_DISK "/sdb2", "8:18");
  pf_test_tree_write (tree, MOUNT_OF_1,
                      "30 1 0:30 / / rw - overlay overlay rw\n31 1 8:17 / /media/s rw - ext4 /dev/sdb1 rw\n");
  pf_test_tree_write (tree, "proc/swaps",
                      "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
                      "/dev/sdb2                               partition\t999420\t\t0\t\t-2\n"
                      "/media/s/swap\\040file                   file\t\t999420\t\t0\t\t-3\n"
                      "/swapfile                               file\t\t999420\t\t0\t\t-4\n");
  pf_test_uses_assert_uses (tree, "mount 0000:00:14.0 3-1 sdb1: /media/s\n"
                                  "swap 0000:00:14.0 3-1 sdb1: /media/s/swap file\n"
                                  "swap 0000:00:14.0 3-1 sdb2: swap\n");
}

/* LUKS on a partition, LVM on that, and one of its volumes mounted as /home, another one not at all. */
static void
test_volumes (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_uses_add_block (tree, USB_DISK "/sdb1", "8:17");
  pf_test_uses_add_block (tree, "virtual/block/dm-0", "253:0");
  pf_test_uses_add_block (tree, "virtual/block/dm-1", "253:1");
  pf_test_uses_add_block (tree, "virtual/block/dm-2", "253:2");
  pf_test_uses_add_holder (tree, USB_DISK "/sdb1", "dm-0");
  pf_test_uses_add_holder (tree, "virtual/block/dm-0", "dm-1");
  pf_test_uses_add_holder (tree, "virtual/block/dm-0", "dm-2");
  pf_test_uses_set (tree, "virtual/block/dm-0", "dm/name", "crypt\n");
  pf_test_uses_set (tree, "virtual/block/dm-1", "dm/name", "vg-home\n");
  pf_test_uses_assert_uses (tree, "volume 0000:00:14.0 3-1 sdb1: crypt, vg-home, dm-2\n");
  pf_test_tree_write (tree, MOUNT_OF_1, "30 1 253:1 / /home rw - ext4 /dev/mapper/vg-home rw\n");
  pf_test_uses_assert_uses (
      tree, "volume 0000:00:14.0 3-1 sdb1: crypt, vg-home, dm-2\nhome 0000:00:14.0 3-1 sdb1: /home\n");
}

/* A stick that was unlocked: what lies on it cannot simply be unmounted. */
static void
test_unlocked_stick (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_uses_add_block (tree, USB_DISK "/sdb1", "8:17");
  pf_test_uses_add_block (tree, "virtual/block/dm-0", "253:0");
  pf_test_uses_add_holder (tree, USB_DISK "/sdb1", "dm-0");
  pf_test_uses_set (tree, "virtual/block/dm-0", "dm/name", "luks-1234\n");
  pf_test_tree_write (tree, MOUNT_OF_1, "30 1 253:0 / /media/secret rw - ext4 /dev/mapper/luks-1234 rw\n");
  pf_test_uses_assert_uses (tree, "volume 0000:00:14.0 3-1 sdb1: luks-1234, /media/secret\n");
}

/* md over a USB disk as a whole and a disk of another member of the group. */
static void
test_md (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_uses_add_block (tree, SATA_DISK "/sda1", "8:1");
  pf_test_uses_add_block (tree, USB_DISK, "8:16");
  pf_test_uses_add_block (tree, "virtual/block/md0", "9:0");
  pf_test_uses_add_holder (tree, SATA_DISK "/sda1", "md0");
  pf_test_uses_add_holder (tree, USB_DISK, "md0");
  pf_test_tree_write (tree, MOUNT_OF_1, "30 1 9:0 / / rw - ext4 /dev/md0 rw\n");
  pf_test_uses_assert_uses (tree, "volume 0000:00:17.0 - sda1: md0\n"
                                  "root 0000:00:17.0 - sda1: /\n"
                                  "volume 0000:00:14.0 3-1 sdb: md0\n"
                                  "root 0000:00:14.0 3-1 sdb: /\n");
}

/* Volumes on each other without end, and a thousand on one. */
static void
test_endless_volumes (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();
  g_autoptr (PfBoard) board = NULL;
  gint64 start = g_get_monotonic_time ();

  pf_test_uses_add_block (tree, USB_DISK "/sdb1", "8:17");
  pf_test_uses_add_block (tree, "virtual/block/dm-0", "253:0");
  pf_test_uses_add_block (tree, "virtual/block/dm-1", "253:1");
  pf_test_uses_add_holder (tree, USB_DISK "/sdb1", "dm-0");
  pf_test_uses_add_holder (tree, "virtual/block/dm-0", "dm-0");
  pf_test_uses_add_holder (tree, "virtual/block/dm-0", "dm-1");
  pf_test_uses_add_holder (tree, "virtual/block/dm-1", "dm-0");
  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *name = g_strdup_printf ("dm-%u", 100 + i);

      pf_test_uses_add_holder (tree, "virtual/block/dm-1", name);
    }
  board = pf_test_tree_scan (tree);
  g_assert_cmpuint (board->uses->len, ==, 1);
  g_assert_cmpuint (strlen (((PfUse *) g_ptr_array_index (board->uses, 0))->where), <, 300);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
}

/* btrfs has no device number of its own disk, and is mounted as one of them. */
static void
test_btrfs (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_uses_add_block (tree, SATA_DISK "/sda1", "8:1");
  pf_test_uses_add_block (tree, USB_DISK "/sdb1", "8:17");
  pf_test_tree_write (tree, MOUNT_OF_1, "30 1 0:40 /@ /media/one rw - btrfs /dev/sdb1 rw\n");
  pf_test_tree_make_directory (tree, "sys/fs/btrfs/features");
  pf_test_tree_make_directory (tree, "sys/fs/btrfs/1234/devices/sdb1");
  pf_test_uses_assert_uses (tree, "mount 0000:00:14.0 3-1 sdb1: /media/one\n");
  pf_test_tree_make_directory (tree, "sys/fs/btrfs/1234/devices/sda1");
  pf_test_uses_assert_uses (tree, "volume 0000:00:17.0 - sda1: /media/one, btrfs on 2 disks\n"
                                  "volume 0000:00:14.0 3-1 sdb1: /media/one, btrfs on 2 disks\n");
  pf_test_tree_write (tree, MOUNT_OF_1, "30 1 0:40 /@ / rw - btrfs /dev/sda1 rw\n");
  pf_test_uses_assert_uses (tree, "root 0000:00:17.0 - sda1: /\n"
                                  "volume 0000:00:17.0 - sda1: btrfs on 2 disks\n"
                                  "root 0000:00:14.0 3-1 sdb1: /\n"
                                  "volume 0000:00:14.0 3-1 sdb1: btrfs on 2 disks\n");
}

static void
test_zfs (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_uses_add_block (tree, USB_DISK "/sdb1", "8:17");
  pf_test_uses_set (tree, USB_DISK "/sdb1", "uevent",
                    "MAJOR=8\nMINOR=17\nDEVNAME=sdb1\nPARTN=1\nPARTNAME=zfs-5c1f\n");
  pf_test_tree_write (tree, "proc/spl/kstat/zfs/arcstats", "");
  pf_test_uses_assert_uses (tree, "");
  pf_test_tree_make_directory (tree, "proc/spl/kstat/zfs/tank");
  pf_test_uses_assert_uses (tree, "volume 0000:00:14.0 3-1 sdb1: a ZFS pool, perhaps tank\n");
  pf_test_uses_set (tree, USB_DISK "/sdb1", "uevent", "PARTN=1\nPARTNAME=EFI\n");
  pf_test_uses_assert_uses (tree, "");
}

/* Text that anybody may have written: lines without end, without meaning, with escapes. */
static void
test_hostile_tables (void)
{
  static const char *const tables[] = {
    "",
    "\n\n\n",
    "36",
    "36 22 8:17",
    "36 22 8:17 / /x rw -",
    "- - - - - - - - - -",
    "\\\\\\\\ \\0 \\40 \\777 \\",
    "36 22 ../../../etc / /x rw - ext4 /dev/../../etc/passwd rw",
    "36 22 8:17/../8:0 / /x rw - ext4 /dev/ rw",
    "36 22 : / / rw - a b c",
    "36 22 8: / / rw - ext4 /dev/mapper/ rw",
    "36 22 0:1 / / rw - ext4 /dev/mapper/../sdb1 rw",
  };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

      pf_test_uses_add_block (tree, USB_DISK, "8:16");
      pf_test_tree_write (tree, MOUNT_OF_1, tables[i]);
      pf_test_tree_write (tree, "proc/swaps", tables[i]);
      pf_test_tree_write (tree, "proc/1/net/route", tables[i]);
      pf_test_tree_write (tree, "proc/1/net/ipv6_route", tables[i]);
      pf_test_uses_assert_uses (tree, "");
    }
}

static void
test_hostile_names (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();
  g_autoptr (PfBoard) board = NULL;
  g_autofree char *info = NULL;
  g_autofree char *longest = g_strnfill (3000, 'A');
  const PfUse *use;

  pf_test_uses_add_block (tree, USB_DISK "/sdb1", "8:17");
  info = g_strdup_printf ("36 22 8:17 / /media/\\033[2J\\012%s rw - vfat /dev/sdb1 rw\n", longest);
  pf_test_tree_write (tree, MOUNT_OF_1, info);
  board = pf_test_tree_scan (tree);
  g_assert_cmpuint (board->uses->len, ==, 1);
  use = g_ptr_array_index (board->uses, 0);
  g_assert_null (strpbrk (use->where, "\033\n"));
  g_assert_cmpuint (strlen (use->where), <, 600);
  g_assert_true (g_utf8_validate (use->where, -1, NULL));
}

#define ROUTES_HEAD "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
#define ROUTE_4(name) name "\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
#define ZEROS "00000000000000000000000000000000"
#define ROUTE_6(flags, name)                                                                                 \
  ZEROS " 00 " ZEROS " 00 fe80000000000000000000000000abcd 00000400 1 0 " flags "     " name "\n"

static void
test_routes (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();
  g_autoptr (PfBoard) board = NULL;

  pf_test_uses_add_class (tree, "net", ROOT "/0000:00:1f.6/net/eno1");
  pf_test_uses_add_class (tree, "net", STICK "/3-1:1.0/net/usb0");
  pf_test_uses_add_class (tree, "net", ELSEWHERE "/net/wlp3s0");
  pf_test_tree_link (tree, "sys/devices/" ELSEWHERE "/net/wlp3s0/device", "../..");
  pf_test_tree_write (tree, "proc/1/net/route",
                      ROUTES_HEAD "eno1\t0000A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n");
  pf_test_uses_assert_uses (tree, "");
  pf_test_tree_write (tree, "proc/1/net/route", ROUTES_HEAD ROUTE_4 ("eno1") ROUTE_4 ("wlp3s0"));
  pf_test_uses_assert_uses (tree, "default-route 0000:00:1f.6 - eno1: default route\n");
  board = pf_test_tree_scan (tree);
  g_assert_cmpuint (board->other_routes, ==, 1);
  pf_test_tree_write (tree, "proc/1/net/route", ROUTES_HEAD);
  pf_test_tree_write (tree, "proc/1/net/ipv6_route", ROUTE_6 ("00200200", "lo") ROUTE_6 ("00000003", "usb0"));
  pf_test_uses_assert_uses (tree, "default-route 0000:00:14.0 3-1 usb0: default route\n");
}

/* A default route over a VLAN on a bridge, and the routes of our own network namespace, which do not count.
 */
static void
test_stacked_routes (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_uses_add_class (tree, "net", ROOT "/0000:00:1f.6/net/eno1");
  pf_test_uses_add_class (tree, "net", "virtual/net/br0");
  pf_test_uses_add_class (tree, "net", "virtual/net/br0.7");
  pf_test_tree_make_directory (tree, "sys/devices/virtual/net/br0.7/lower_br0");
  pf_test_tree_make_directory (tree, "sys/devices/virtual/net/br0/lower_eno1");
  pf_test_tree_make_directory (tree, "sys/devices/virtual/net/br0/lower_br0");
  pf_test_tree_write (tree, "proc/1/net/route", ROUTES_HEAD ROUTE_4 ("br0.7"));
  pf_test_uses_assert_uses (tree, "default-route 0000:00:1f.6 - eno1: default route\n");
  pf_test_tree_write (tree, "proc/1/net/route", ROUTES_HEAD);
  pf_test_tree_write (tree, "proc/net/route", ROUTES_HEAD ROUTE_4 ("eno1"));
  pf_test_uses_assert_uses (tree, "");
}

static void
test_screens (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_uses_add_class (tree, "drm", ROOT "/0000:00:02.0/drm/card0");
  pf_test_uses_add_class (tree, "drm", ROOT "/0000:00:02.0/drm/card0/card0-HDMI-A-1");
  pf_test_uses_add_class (tree, "drm", ROOT "/0000:00:02.0/drm/card0/card0-DP-1");
  pf_test_uses_set (tree, ROOT "/0000:00:02.0/drm/card0/card0-HDMI-A-1", "status", "connected\n");
  pf_test_uses_set (tree, ROOT "/0000:00:02.0/drm/card0/card0-HDMI-A-1", "enabled", "disabled\n");
  pf_test_uses_set (tree, ROOT "/0000:00:02.0/drm/card0/card0-DP-1", "status", "disconnected\n");
  pf_test_uses_set (tree, ROOT "/0000:00:02.0/drm/card0/card0-DP-1", "enabled", "disabled\n");
  pf_test_uses_assert_uses (tree, "");
  pf_test_uses_set (tree, ROOT "/0000:00:02.0/drm/card0/card0-HDMI-A-1", "enabled", "enabled\n");
  pf_test_uses_assert_uses (tree, "display 0000:00:02.0 - HDMI-A-1: screen\n");
}

/* The card that the machine booted with: when it has a driver, or there is a picture. */
static void
test_boot_card (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_uses_assert_uses (tree, "");
  pf_test_uses_set (tree, ROOT "/0000:00:02.0", "boot_vga", "1\n");
  pf_test_uses_assert_uses (tree, "display 0000:00:02.0 - console: screen\n");
  pf_test_tree_remove (tree, "sys/devices/" ROOT "/0000:00:02.0/driver");
  pf_test_uses_assert_uses (tree, "");
  pf_test_uses_add_class (tree, "graphics", "platform/efi-framebuffer.0/graphics/fb0");
  pf_test_uses_assert_uses (tree, "display 0000:00:02.0 - console: screen\n");
  pf_test_uses_set (tree, ROOT "/0000:00:02.0", "boot_vga", "0\n");
  pf_test_uses_assert_uses (tree, "");
  pf_test_uses_set (tree, ROOT "/0000:00:02.0", "boot_vga", "1\n");
  pf_test_tree_remove (tree, "sys/class/graphics");
  pf_test_uses_add_class (tree, "graphics", ELSEWHERE "/graphics/fb0");
  pf_test_uses_assert_uses (tree, "");
  pf_test_uses_add_class (tree, "graphics", ROOT "/0000:00:02.0/graphics/fb1");
  pf_test_uses_assert_uses (tree, "display 0000:00:02.0 - console: screen\n");
}

#define EVDI "platform/evdi.0/drm/card1"
#define UDL STICK "/3-1:1.0/drm/card2"

static void
add_screen (const PfTestTree *tree, const char *card, const char *connector)
{
  pf_test_uses_add_class (tree, "drm", card);
  pf_test_uses_add_class (tree, "drm", connector);
  pf_test_uses_set (tree, connector, "status", "connected\n");
  pf_test_uses_set (tree, connector, "enabled", "enabled\n");
}

/* Screens behind a dock: those of evdi are on no device that can be seen, those of udl below it. Cards like
 * evdi's that are none, simpledrm's, say nothing of a dock. */
static void
test_docks (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  add_screen (tree, "platform/simple-framebuffer.0/drm/card0",
              "platform/simple-framebuffer.0/drm/card0/card0-Unknown-1");
  add_screen (tree, EVDI, EVDI "/card1-DVI-I-1");
  pf_test_uses_assert_uses (tree, "");
  pf_test_tree_write (tree, "sys/devices/" STICK "/idVendor", "17e9\n");
  pf_test_uses_assert_uses (tree, "display 0000:00:14.0 3-1 DVI-I-1: screen\n");
  pf_test_uses_set (tree, EVDI "/card1-DVI-I-1", "status", "disconnected\n");
  pf_test_uses_assert_uses (tree, "");
  add_screen (tree, UDL, UDL "/card2-DVI-I-2");
  pf_test_uses_assert_uses (tree, "display 0000:00:14.0 3-1 DVI-I-2: screen\n");
}

/* Newer ones say which dock it is. */
static void
test_which_dock (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_tree_write (tree, "sys/devices/" STICK "/idVendor", "17e9\n");
  add_screen (tree, EVDI, EVDI "/card1-DVI-I-1");
  pf_test_tree_link (tree, "sys/devices/" EVDI "/device", "../..");
  pf_test_tree_link (tree, "sys/devices/platform/evdi.0/device", "../../" XHCI "/usb3/3-2");
  pf_test_uses_assert_uses (tree, "");
  pf_test_tree_remove (tree, "sys/devices/platform/evdi.0/device");
  pf_test_tree_link (tree, "sys/devices/platform/evdi.0/device", "../../" STICK);
  pf_test_uses_assert_uses (tree, "display 0000:00:14.0 3-1 DVI-I-1: screen\n");
}

static void
test_sound (void)
{
  g_autoptr (PfTestTree) tree = pf_test_uses_make_tree ();

  pf_test_uses_add_class (tree, "sound", ROOT "/0000:00:1f.3/sound/card0");
  pf_test_uses_add_class (tree, "sound", STICK "/3-1:1.0/sound/card1");
  pf_test_tree_write (tree, "proc/asound/card0/id", "PCH\n");
  pf_test_tree_write (tree, "proc/asound/card0/pcm0p/sub0/status", "closed\n");
  pf_test_tree_write (tree, "proc/asound/card0/pcm0c/sub0/status", "closed\n");
  pf_test_tree_write (tree, "proc/asound/card1/pcm0c/sub0/status", "closed\n");
  pf_test_uses_assert_uses (tree, "");
  pf_test_tree_write (tree, "proc/asound/card0/pcm0p/sub0/status", "state: RUNNING\nowner_pid   : 812\n");
  pf_test_tree_write (tree, "proc/812/comm", "pipewire\n");
  pf_test_tree_write (tree, "proc/asound/card1/pcm0c/sub0/status", "state: PREPARED\n");
  pf_test_uses_assert_uses (
      tree, "audio 0000:00:1f.3 - PCH: pipewire (812)\naudio 0000:00:14.0 3-1 card1: A program\n");
}

static const struct
{
  const char *path;
  GTestFunc test;
} tests[] = {
  { "/hw/uses/mounts", test_mounts },
  { "/hw/uses/fixed-disk", test_fixed_disk },
  { "/hw/uses/other-disk", test_other_disk },
  { "/hw/uses/nvme-multipath", test_nvme_multipath },
  { "/hw/uses/whose-mounts", test_whose_mounts },
  { "/hw/uses/long-table", test_long_table },
  { "/hw/uses/swap", test_swap },
  { "/hw/uses/volumes", test_volumes },
  { "/hw/uses/unlocked-stick", test_unlocked_stick },
  { "/hw/uses/md", test_md },
  { "/hw/uses/endless-volumes", test_endless_volumes },
  { "/hw/uses/btrfs", test_btrfs },
  { "/hw/uses/zfs", test_zfs },
  { "/hw/uses/hostile-tables", test_hostile_tables },
  { "/hw/uses/hostile-names", test_hostile_names },
  { "/hw/uses/routes", test_routes },
  { "/hw/uses/stacked-routes", test_stacked_routes },
  { "/hw/uses/screens", test_screens },
  { "/hw/uses/boot-card", test_boot_card },
  { "/hw/uses/docks", test_docks },
  { "/hw/uses/which-dock", test_which_dock },
  { "/hw/uses/sound", test_sound },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add_func (tests[i].path, tests[i].test);
  return g_test_run ();
}
