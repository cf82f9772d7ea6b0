/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-fake-disk.h"

#include <string.h>

#include "pf-fake-uevent.h"
#include "pf-fake-usb-files.h"

/**
 * PfFakeDiskState:
 * @name: "sda", "nvme0n1", "dm-0", "md0"
 * @on: what it is attached to: an address, the name of a device, or another disk
 * @spec: (nullable): what the board says of it
 * @mounts: (nullable): where its partitions are mounted, in their order; "-" for one that is not
 * @swap: whether one more partition is swap space
 * @node: its folder
 * @parent: the folder that it was attached to
 * @links: (element-type PfFakeNode): links to it and to its partitions
 *
 * A block device that is there.
 */
typedef struct
{
  PfFakeKernel *kernel;
  const PfFakeDisk *spec;
  char *name;
  char *on;
  char **mounts;
  char *file_system;
  gboolean swap;
  guint number;
  PfFakeNode *node;
  PfFakeNode *parent;
  GPtrArray *links;
} PfFakeDiskState;

#define MAJOR_NUMBER 8
#define MINORS_PER_DISK 16

/**
 * pf_fake_disk_free:
 * @disk: an element of kernel->disks
 */
void
pf_fake_disk_free (gpointer data)
{
  PfFakeDiskState *disk = data;

  g_ptr_array_unref (disk->links);
  g_strfreev (disk->mounts);
  g_free (disk->file_system);
  g_free (disk->name);
  g_free (disk->on);
  g_free (disk);
}

static gboolean
is_mapped (const PfFakeDiskState *disk)
{
  return g_str_has_prefix (disk->name, "dm-") || g_str_has_prefix (disk->name, "md")
         || g_str_has_prefix (disk->name, "loop");
}

/* A mapped device has no partitions; a disk has at least one. */
static guint
count_partitions (const PfFakeDiskState *disk)
{
  guint mounts = disk->mounts != NULL ? g_strv_length (disk->mounts) : 0;

  return is_mapped (disk) ? 0 : MAX (mounts + (disk->swap ? 1 : 0), 1);
}

static char *
name_partition (const PfFakeDiskState *disk, guint partition)
{
  gsize length = strlen (disk->name);

  if (is_mapped (disk) || partition == 0)
    return g_strdup (disk->name);
  return g_strdup_printf ("%s%s%u", disk->name, g_ascii_isdigit (disk->name[length - 1]) ? "p" : "",
                          partition);
}

static void
add_block_files (PfFakeDiskState *disk, PfFakeNode *node, guint partition)
{
  PfFakeKernel *kernel = disk->kernel;
  guint minor = disk->number * MINORS_PER_DISK + partition;
  g_autofree char *class_link = g_strdup_printf ("class/block/%s", node->name);
  g_autofree char *number_link = g_strdup_printf ("dev/block/%d:%u", MAJOR_NUMBER, minor);

  pf_fake_node_add_text (node, "dev", "%d:%u\n", MAJOR_NUMBER, minor);
  pf_fake_node_add_text (node, "size", "%" G_GUINT64_FORMAT "\n",
                         (guint64) (disk->spec != NULL ? disk->spec->size : 32) * 1000000000 / 512);
  pf_fake_node_add_folder (node, "holders");
  pf_fake_node_add_folder (node, "slaves");
  if (partition > 0)
    pf_fake_node_add_text (node, "partition", "%u\n", partition);
  g_ptr_array_add (disk->links, pf_fake_node_add_link_to (kernel->sys, class_link, node));
  g_ptr_array_add (disk->links, pf_fake_node_add_link_to (kernel->sys, number_link, node));
  if (partition == 0)
    {
      g_autofree char *block_link = g_strdup_printf ("block/%s", node->name);

      g_ptr_array_add (disk->links, pf_fake_node_add_link_to (kernel->sys, block_link, node));
    }
}

static void
emit_disk (PfFakeDiskState *disk, const char *action)
{
  g_autofree char *environment = g_strdup_printf ("MAJOR=%d\nMINOR=%u\nDEVNAME=%s\nDEVTYPE=disk\n",
                                                  MAJOR_NUMBER, disk->number * MINORS_PER_DISK, disk->name);

  pf_fake_uevent_send (disk->kernel, action, disk->node, "block", environment);
}

/* A disk that lies on another one: dm-crypt, LVM. */
static void
attach_mapped (PfFakeKernel *kernel, const char *below)
{
  pf_fake_disk_attach (kernel, below, pf_fake_node_add_folder (kernel->sys, "devices/virtual/block"));
}

static void
link_to_disk_below (PfFakeDiskState *disk, const char *name)
{
  g_autofree char *slave = g_strdup_printf ("slaves/%s", name);
  g_autofree char *holder = g_strdup_printf ("holders/%s", disk->name);

  for (guint i = 0; i < disk->kernel->disks->len; i++)
    {
      PfFakeDiskState *other = g_ptr_array_index (disk->kernel->disks, i);
      PfFakeNode *below
          = strcmp (other->name, name) == 0 ? other->node : pf_fake_node_find (other->node, name);

      if (below == NULL || pf_fake_node_find (below, "holders") == NULL)
        continue;
      pf_fake_node_add_link_to (disk->node, slave, below);
      g_ptr_array_add (disk->links, pf_fake_node_add_link_to (below, holder, disk->node));
    }
}

static void
link_to_disks_below (PfFakeDiskState *disk)
{
  link_to_disk_below (disk, disk->on);
  for (char **name = disk->spec->also; name != NULL && *name != NULL; name++)
    link_to_disk_below (disk, *name);
  if (g_str_has_prefix (disk->name, "dm-"))
    pf_fake_node_add_text (disk->node, "dm/name", "%s\n",
                           disk->spec->label != NULL ? disk->spec->label : disk->name);
}

static void join_bcachefs (PfFakeDiskState *disk, PfFakeNode *partition);
static void join_zfs (PfFakeDiskState *disk);

/* A btrfs, bcachefs or ZFS pool, of which the first partition is one disk. */
static void
join_pool (PfFakeDiskState *disk)
{
  g_autofree char *name = name_partition (disk, 1);
  g_autofree char *link = g_strdup_printf ("fs/btrfs/%s/devices/%s", disk->spec->pool, name);
  PfFakeNode *partition = is_mapped (disk) ? disk->node : pf_fake_node_find (disk->node, name);

  if (strcmp (disk->spec->pool_type, "bcachefs") == 0)
    join_bcachefs (disk, partition);
  else if (strcmp (disk->spec->pool_type, "zfs") == 0)
    join_zfs (disk);
  else
    g_ptr_array_add (disk->links, pf_fake_node_add_link_to (disk->kernel->sys, link, partition));
}

/* /sys/fs/bcachefs/UUID/dev-N/block */
static void
join_bcachefs (PfFakeDiskState *disk, PfFakeNode *partition)
{
  g_autofree char *member = g_strdup_printf ("fs/bcachefs/%s/dev-%u", disk->spec->pool, disk->number);
  g_autofree char *link = g_strdup_printf ("%s/block", member);

  g_ptr_array_add (disk->links, pf_fake_node_add_link_to (disk->kernel->sys, link, partition));
}

/* Of ZFS, sysfs says nothing: udev has read its label, and imported pools have a folder in proc. */
static void
join_zfs (PfFakeDiskState *disk)
{
  PfFakeKernel *kernel = disk->kernel;
  g_autofree char *pool = g_strdup_printf ("spl/kstat/zfs/%s", disk->spec->pool);
  g_autofree char *entry
      = g_strdup_printf ("b%d:%u", MAJOR_NUMBER, disk->number * MINORS_PER_DISK + (is_mapped (disk) ? 0 : 1));

  pf_fake_node_add_folder (kernel->proc, pool);
  g_ptr_array_add (disk->links,
                   pf_fake_node_add_text (kernel->udev, entry, "E:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=%s\n",
                                          disk->spec->pool));
}

static guint
find_free_number (PfFakeKernel *kernel)
{
  guint number = 0;

  for (guint i = 0; i < kernel->disks->len; i++)
    if (((PfFakeDiskState *) g_ptr_array_index (kernel->disks, i))->number == number)
      {
        number++;
        i = -1;
      }
  return number;
}

/* Where a driver hangs its disks. */
static char *
name_place (PfFakeDiskState *disk)
{
  guint host;

  if (g_str_has_prefix (disk->name, "nvme"))
    return g_strdup_printf ("nvme/%.5s/%s", disk->name, disk->name);
  if (is_mapped (disk))
    return g_strdup (disk->name);
  host = disk->kernel->last_scsi_host++;
  return g_strdup_printf ("host%u/target%u:0:0/%u:0:0:0/block/%s", host, host, host, disk->name);
}

static void
add_disk (PfFakeDiskState *disk, PfFakeNode *parent)
{
  PfFakeKernel *kernel = disk->kernel;
  g_autofree char *place = name_place (disk);

  disk->number = find_free_number (kernel);
  disk->links = g_ptr_array_new ();
  disk->node = pf_fake_node_add_own_folder (parent, place);
  disk->parent = parent;
  g_ptr_array_add (kernel->disks, disk);
  add_block_files (disk, disk->node, 0);
  for (guint i = 1; i <= count_partitions (disk); i++)
    {
      g_autofree char *name = name_partition (disk, i);

      add_block_files (disk, pf_fake_node_add_folder (disk->node, name), i);
    }
  if (disk->spec != NULL && disk->spec->model != NULL)
    pf_fake_node_add_text (disk->node, "device/model", "%s\n", disk->spec->model);
  if (disk->spec != NULL && disk->spec->backing_file != NULL)
    pf_fake_node_add_text (disk->node, "loop/backing_file", "%s\n", disk->spec->backing_file);
  else if (is_mapped (disk))
    link_to_disks_below (disk);
  if (disk->spec != NULL && disk->spec->pool != NULL)
    join_pool (disk);
  emit_disk (disk, "add");
  for (guint i = 0; i <= count_partitions (disk); i++)
    {
      g_autofree char *name = name_partition (disk, i);

      attach_mapped (kernel, name);
    }
}

static gboolean
is_disk_name_taken (PfFakeKernel *kernel, const char *name)
{
  for (guint i = 0; i < kernel->disks->len; i++)
    if (strcmp (((PfFakeDiskState *) g_ptr_array_index (kernel->disks, i))->name, name) == 0)
      return TRUE;
  return FALSE;
}

/**
 * pf_fake_disk_attach:
 * @on: an address, the name of a device, or of a block device
 * @parent: its folder
 *
 * Adds the disks that the board has there.
 */
void
pf_fake_disk_attach (PfFakeKernel *kernel, const char *on, PfFakeNode *parent)
{
  for (guint i = 0; i < kernel->board->disks->len; i++)
    {
      const PfFakeDisk *spec = g_ptr_array_index (kernel->board->disks, i);
      PfFakeDiskState *disk;

      if (strcmp (spec->on, on) != 0)
        continue;
      if (is_disk_name_taken (kernel, spec->name))
        {
          pf_fake_kernel_object (kernel, "disk", spec->name, "on",
                                 "this disk is there already, or on itself");
          continue;
        }
      disk = g_new0 (PfFakeDiskState, 1);
      disk->kernel = kernel;
      disk->spec = spec;
      disk->name = g_strdup (spec->name);
      disk->on = g_strdup (on);
      disk->mounts = g_strdupv (spec->mount);
      disk->file_system = g_strdup (spec->file_system);
      disk->swap = spec->swap;
      add_disk (disk, parent);
    }
}

static char *
choose_disk_name (PfFakeKernel *kernel)
{
  for (char letter = 'a'; letter < 'z'; letter++)
    {
      g_autofree char *name = g_strdup_printf ("sd%c", letter);

      if (!is_disk_name_taken (kernel, name))
        return g_steal_pointer (&name);
    }
  return g_strdup ("sdz");
}

/* usb-storage's disk; it is mounted, where the board says so, only until it goes for the first time. */
static void
add_usb_disk (PfFakeUsb *device, PfFakeNode *interface)
{
  PfFakeKernel *kernel = device->kernel;
  PfFakeDiskState *disk = g_new0 (PfFakeDiskState, 1);

  disk->kernel = kernel;
  disk->on = g_strdup (device->spec->name);
  disk->name = device->spec->disk != NULL && !is_disk_name_taken (kernel, device->spec->disk)
                   ? g_strdup (device->spec->disk)
                   : choose_disk_name (kernel);
  disk->file_system = g_strdup ("vfat");
  if (g_hash_table_add (kernel->seen_disks, g_strdup (disk->on)) && device->spec->mount != NULL)
    disk->mounts = g_strsplit (device->spec->mount, ";", -1);
  add_disk (disk, interface);
}

/**
 * pf_fake_disk_attach_usb:
 *
 * Adds the disk that a storage device has: those that the board names, else one of its own.
 */
void
pf_fake_disk_attach_usb (PfFakeUsb *device)
{
  PfFakeNode *interface = pf_fake_usb_files_get_interface (device, 0);
  const PfFakeBoard *board = device->kernel->board;

  for (guint i = 0; i < board->disks->len; i++)
    if (strcmp (((PfFakeDisk *) g_ptr_array_index (board->disks, i))->on, device->spec->name) == 0)
      {
        pf_fake_disk_attach (device->kernel, device->spec->name, interface);
        return;
      }
  add_usb_disk (device, interface);
}

/* What is there for the sake of no other disk as well. */
static void
remove_folders (PfFakeDiskState *disk)
{
  PfFakeNode *folder = disk->node->parent;

  pf_fake_node_remove (disk->node);
  while (folder != disk->parent && folder->children->len == 0)
    {
      PfFakeNode *empty = folder;

      folder = folder->parent;
      pf_fake_node_remove (empty);
    }
}

static void
remove_disk (PfFakeDiskState *disk)
{
  PfFakeKernel *kernel = disk->kernel;

  for (guint i = 0; i <= count_partitions (disk); i++)
    {
      g_autofree char *name = name_partition (disk, i);

      pf_fake_disk_detach (kernel, name);
    }
  emit_disk (disk, "remove");
  pf_fake_node_remove_all (disk->links);
  remove_folders (disk);
  g_ptr_array_remove (kernel->disks, disk);
}

/**
 * pf_fake_disk_detach:
 *
 * Removes the disks that pf_fake_disk_attach() or pf_fake_disk_attach_usb() has added there, and what lies on
 * them.
 */
void
pf_fake_disk_detach (PfFakeKernel *kernel, const char *on)
{
  for (guint i = kernel->disks->len; i > 0; i = MIN (i - 1, kernel->disks->len))
    {
      PfFakeDiskState *disk = g_ptr_array_index (kernel->disks, i - 1);

      if (strcmp (disk->on, on) == 0)
        remove_disk (disk);
    }
}

/**
 * pf_fake_disk_boot:
 *
 * Adds the disks that are on none: loop devices on a file.
 */
void
pf_fake_disk_boot (PfFakeKernel *kernel)
{
  attach_mapped (kernel, "none");
}

/* As the kernel writes it: words are separated by spaces. */
static char *
escape_mount (const char *where)
{
  g_auto (GStrv) words = g_strsplit (where, " ", -1);

  return g_strjoinv ("\\040", words);
}

/* File systems that can be on several disks have a device number of their own. */
static gboolean
is_without_number (const PfFakeDiskState *disk)
{
  static const char *const types[] = { "btrfs", "bcachefs", "zfs", NULL };

  return g_strv_contains (types, disk->file_system);
}

static void
append_mounts (const PfFakeDiskState *disk, gboolean with_numbers, GString *text)
{
  for (guint i = 0; disk->mounts != NULL && disk->mounts[i] != NULL; i++)
    {
      guint partition = is_mapped (disk) ? 0 : i + 1;
      g_autofree char *name = name_partition (disk, partition);
      g_autofree char *where = escape_mount (disk->mounts[i]);

      if (strcmp (disk->mounts[i], "-") == 0)
        continue;
      if (with_numbers && is_without_number (disk))
        g_string_append_printf (text, "%u 1 0:%u / %s rw,relatime shared:1 - %s %s%s rw\n",
                                30 + disk->number * MINORS_PER_DISK + i, 40 + disk->number, where,
                                disk->file_system, strcmp (disk->file_system, "zfs") == 0 ? "" : "/dev/",
                                strcmp (disk->file_system, "zfs") == 0 ? disk->spec->pool : name);
      else if (with_numbers)
        g_string_append_printf (text, "%u 1 %d:%u / %s rw,relatime shared:1 - %s /dev/%s rw\n",
                                30 + disk->number * MINORS_PER_DISK + i, MAJOR_NUMBER,
                                disk->number * MINORS_PER_DISK + partition, where, disk->file_system, name);
      else
        g_string_append_printf (text, "/dev/%s %s %s rw,relatime 0 0\n", name, where, disk->file_system);
    }
}

static int
show_mounts (gpointer owner, GString *text)
{
  PfFakeKernel *kernel = owner;

  g_string_append (text, "sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0\n"
                         "proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\n");
  for (guint i = 0; i < kernel->disks->len; i++)
    append_mounts (g_ptr_array_index (kernel->disks, i), FALSE, text);
  return 0;
}

/* What a service sees that the service manager keeps away from the disks, as ProtectHome= and its like do. */
static int
show_own_mounts (gpointer owner, GString *text)
{
  g_string_append (text, "tmpfs / tmpfs ro,relatime 0 0\n");
  return 0;
}

static int
show_mountinfo (gpointer owner, GString *text)
{
  PfFakeKernel *kernel = owner;

  g_string_append (text, "22 1 0:20 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw\n"
                         "23 1 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:12 - proc proc rw\n");
  for (guint i = 0; i < kernel->disks->len; i++)
    append_mounts (g_ptr_array_index (kernel->disks, i), TRUE, text);
  return 0;
}

static int
show_swaps (gpointer owner, GString *text)
{
  PfFakeKernel *kernel = owner;

  g_string_append (text, "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
  for (guint i = 0; i < kernel->disks->len; i++)
    {
      const PfFakeDiskState *disk = g_ptr_array_index (kernel->disks, i);
      g_autofree char *name = name_partition (disk, count_partitions (disk));

      if (disk->swap)
        g_string_append_printf (text, "/dev/%-34s partition\t999420\t\t0\t\t-2\n", name);
    }
  return 0;
}

/* How many places there are in disk->mounts, where there is any. */
static guint
count_mountable (const PfFakeDiskState *disk)
{
  return is_mapped (disk) ? 1 : count_partitions (disk) - (disk->swap ? 1 : 0);
}

static void
set_mount (PfFakeDiskState *disk, guint index, const char *where)
{
  guint count = count_mountable (disk);

  if (disk->mounts == NULL)
    {
      disk->mounts = g_new0 (char *, count + 1);
      for (guint i = 0; i < count; i++)
        disk->mounts[i] = g_strdup ("-");
    }
  g_free (disk->mounts[index]);
  disk->mounts[index] = g_strdup (where);
}

/**
 * pf_fake_disk_mount:
 * @partition: a partition, or a mapped disk
 * @where: where it is mounted from now on; "-" for nowhere
 *
 * Returns: 0; -ENODEV when there is no such partition
 */
int
pf_fake_disk_mount (PfFakeKernel *kernel, const char *partition, const char *where)
{
  for (guint i = 0; i < kernel->disks->len; i++)
    {
      PfFakeDiskState *disk = g_ptr_array_index (kernel->disks, i);

      for (guint j = 0; j < count_mountable (disk); j++)
        {
          g_autofree char *name = name_partition (disk, is_mapped (disk) ? 0 : j + 1);

          if (strcmp (name, partition) == 0)
            {
              set_mount (disk, j, where);
              return 0;
            }
        }
    }
  return -ENODEV;
}

static const PfFakeAttribute mounts_attribute = { "mounts", 0444, 0, show_mounts, NULL, NULL };
static const PfFakeAttribute mountinfo_attribute = { "mountinfo", 0444, 0, show_mountinfo, NULL, NULL };
static const PfFakeAttribute own_mounts_attribute = { "mounts", 0444, 0, show_own_mounts, NULL, NULL };
static const PfFakeAttribute swaps_attribute = { "swaps", 0444, 0, show_swaps, NULL, NULL };

/**
 * pf_fake_disk_add_proc_files:
 *
 * Adds the mounts of process 1, those that the reader sees itself, and proc/swaps.
 */
void
pf_fake_disk_add_proc_files (PfFakeKernel *kernel)
{
  PfFakeNode *first = pf_fake_node_add_folder (kernel->proc, "1");
  PfFakeNode *self = pf_fake_node_add_folder (kernel->proc, "self");

  pf_fake_node_add_text (first, "comm", "systemd\n");
  pf_fake_node_add (first, &mounts_attribute, kernel);
  pf_fake_node_add (first, &mountinfo_attribute, kernel);
  pf_fake_node_add (self, &own_mounts_attribute, kernel);
  pf_fake_node_add (kernel->proc, &swaps_attribute, kernel);
  pf_fake_node_add_link (kernel->proc, "mounts", "self/mounts");
}
