/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Volumes for which the kernel lists no holders: file systems on several disks, pools, loop devices, file
 * systems on folders of others. */

#include "pf-test-uses.h"

#define PARTITION USB_DISK "/sdb1"
#define VOLUME_ON(sata, usb) "volume 0000:00:17.0 - sda1: " sata "\nvolume 0000:00:14.0 3-1 sdb1: " usb "\n"
#define UUID "12345678-90ab-cdef-1234-567890abcdef"

static PfTestTree *
make_disks (void)
{
  PfTestTree *tree = pf_test_uses_make_tree ();

  pf_test_uses_add_block (tree, SATA_DISK "/sda1", "8:1");
  pf_test_uses_set (tree, SATA_DISK "/sda1", "dev", "8:1\n");
  pf_test_uses_add_block (tree, PARTITION, "8:17");
  pf_test_uses_set (tree, PARTITION, "dev", "8:17\n");
  return tree;
}

static void
mount (const PfTestTree *tree, const char *where, const char *type, const char *source, const char *options)
{
  g_autofree char *line
      = g_strdup_printf ("30 1 0:44 / %s rw,relatime - %s %s %s\n", where, type, source, options);

  pf_test_tree_write (tree, MOUNT_OF_1, line);
}

static void
add_bcachefs (const PfTestTree *tree)
{
  pf_test_tree_link (tree, "sys/fs/bcachefs/" UUID "/dev-0/block", "../../../../devices/" SATA_DISK "/sda1");
  pf_test_tree_link (tree, "sys/fs/bcachefs/" UUID "/dev-1/block", "../../../../devices/" PARTITION);
}

/* Its source names all disks; or one, or none, and then sysfs knows them. */
static void
test_bcachefs (void)
{
  static const char *const sources[]
      = { "/dev/sdb1:/dev/sda1", "/dev/sda1", "UUID=" UUID, "/dev/disk/by-uuid/" UUID };

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      g_autoptr (PfTestTree) tree = make_disks ();

      mount (tree, "/media/pool", "bcachefs", sources[i], "rw");
      if (i > 0)
        add_bcachefs (tree);
      pf_test_uses_assert_uses (tree, VOLUME_ON ("/media/pool, bcachefs on 2 disks",
                                                 "/media/pool, bcachefs on 2 disks"));
    }
}

static void
test_bcachefs_root (void)
{
  g_autoptr (PfTestTree) tree = make_disks ();

  mount (tree, "/", "bcachefs", "/dev/sdb1:/dev/sda1", "rw");
  pf_test_uses_assert_uses (tree, "root 0000:00:17.0 - sda1: /\n"
                                  "volume 0000:00:17.0 - sda1: bcachefs on 2 disks\n"
                                  "root 0000:00:14.0 3-1 sdb1: /\n"
                                  "volume 0000:00:14.0 3-1 sdb1: bcachefs on 2 disks\n");
}

/* A source by ID whose link is not there: udev has seen the ID. */
static void
test_by_uuid (void)
{
  g_autoptr (PfTestTree) tree = make_disks ();

  mount (tree, "/media/one", "btrfs", "/dev/disk/by-uuid/" UUID, "rw");
  pf_test_uses_assert_uses (tree, "");
  pf_test_tree_write (tree, "udev/b8:17", "E:ID_FS_UUID=" UUID "\n");
  pf_test_uses_assert_uses (tree, "mount 0000:00:14.0 3-1 sdb1: /media/one\n");
}

/* The label on each disk says of which pool it is, imported or not; its data sets are mounted by name. */
static void
test_zfs (void)
{
  g_autoptr (PfTestTree) tree = make_disks ();

  pf_test_uses_set (tree, PARTITION, "uevent", "PARTNAME=zfs-5c1f\n");
  pf_test_tree_make_directory (tree, "proc/spl/kstat/zfs/tank");
  pf_test_uses_assert_uses (tree, "volume 0000:00:14.0 3-1 sdb1: a ZFS pool, perhaps tank\n");
  pf_test_tree_write (tree, "udev/b8:17", "E:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=backup\n");
  pf_test_uses_assert_uses (tree, "");
  pf_test_tree_write (tree, "udev/b8:1", "E:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=tank\n");
  mount (tree, "/home", "zfs", "tank/home", "rw");
  pf_test_uses_assert_uses (tree, "home 0000:00:17.0 - sda1: /home\n"
                                  "volume 0000:00:17.0 - sda1: the ZFS pool tank\n");
}

/* An image on the stick, and a file system in its partition; the same on a disk that the host lives on says
 * no more. */
static void
test_loop (void)
{
  g_autoptr (PfTestTree) tree = make_disks ();

  pf_test_uses_add_block (tree, "virtual/block/loop7", "7:7");
  pf_test_uses_add_block (tree, "virtual/block/loop7/loop7p1", "259:9");
  pf_test_uses_set (tree, "virtual/block/loop7", "loop/backing_file", "/media/s/disk.img\n");
  pf_test_tree_write (tree, MOUNT_OF_1,
                      "31 1 8:17 / /media/s rw - ext4 /dev/sdb1 rw\n"
                      "32 1 259:9 / /home rw - ext4 /dev/loop7p1 rw\n");
  pf_test_uses_assert_uses (tree, "mount 0000:00:14.0 3-1 sdb1: /media/s\n"
                                  "volume 0000:00:14.0 3-1 sdb1: loop7, loop7p1\n"
                                  "home 0000:00:14.0 3-1 sdb1: /home\n");
  pf_test_tree_write (tree, MOUNT_OF_1, "31 1 8:17 / / rw - ext4 /dev/sdb1 rw\n");
  pf_test_uses_assert_uses (tree, "root 0000:00:14.0 3-1 sdb1: /\n");
  pf_test_tree_write (tree, MOUNT_OF_1, "");
  pf_test_uses_set (tree, "virtual/block/loop7", "loop/backing_file", "/dev/sdb1\n");
  pf_test_uses_assert_uses (tree, "volume 0000:00:14.0 3-1 sdb1: loop7, loop7p1\n");
}

/* A root that lies over a folder of the stick, and a journal on it. */
static void
test_stacked (void)
{
  g_autoptr (PfTestTree) tree = make_disks ();

  pf_test_tree_write (tree, MOUNT_OF_1,
                      "31 1 8:17 / /media/s rw - ext4 /dev/sdb1 rw\n"
                      "32 1 0:50 / / rw - overlay overlay rw,lowerdir=/media/s/root:/x,upperdir=/y\n");
  pf_test_uses_assert_uses (tree, "mount 0000:00:14.0 3-1 sdb1: /media/s\nroot 0000:00:14.0 3-1 sdb1: /\n");
  pf_test_tree_write (tree, MOUNT_OF_1, "31 1 9:1 / /data rw - xfs /dev/x rw,attr2,logdev=/dev/sdb1\n");
  pf_test_uses_assert_uses (tree, "mount 0000:00:14.0 3-1 sdb1: /data\n");
  pf_test_tree_write (tree, MOUNT_OF_1,
                      "31 1 8:17 / /mnt/s rw - ext4 /dev/sdb1 rw\n"
                      "32 1 0:50 / /srv rw - fuse.mergerfs /mnt/s:/mnt/t rw\n");
  pf_test_uses_assert_uses (tree,
                            "mount 0000:00:14.0 3-1 sdb1: /mnt/s\nsystem 0000:00:14.0 3-1 sdb1: /srv\n");
}

/* bcache and DRBD are holders like any other; swap on them is swap on the disk. */
static void
test_swap_above (void)
{
  g_autoptr (PfTestTree) tree = make_disks ();

  pf_test_uses_add_block (tree, "virtual/block/bcache0", "252:0");
  pf_test_uses_add_holder (tree, PARTITION, "bcache0");
  pf_test_tree_write (tree, "proc/swaps", "Filename\n/dev/bcache0 partition 999420 0 -2\n");
  pf_test_uses_assert_uses (tree,
                            "volume 0000:00:14.0 3-1 sdb1: bcache0\nswap 0000:00:14.0 3-1 sdb1: swap\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hw/layers/bcachefs", test_bcachefs);
  g_test_add_func ("/hw/layers/bcachefs-root", test_bcachefs_root);
  g_test_add_func ("/hw/layers/by-uuid", test_by_uuid);
  g_test_add_func ("/hw/layers/zfs", test_zfs);
  g_test_add_func ("/hw/layers/loop", test_loop);
  g_test_add_func ("/hw/layers/stacked", test_stacked);
  g_test_add_func ("/hw/layers/swap", test_swap_above);
  return g_test_run ();
}
