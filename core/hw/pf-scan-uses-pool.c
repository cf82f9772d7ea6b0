/* SPDX-License-Identifier: GPL-3.0-or-later */

/* File systems on several disks. Each is mounted as one of its disks, or as none of them, and needs all. */

#include <string.h>

#include "pf-scan-disk-private.h"
#include "pf-text.h"
#include "pf-udev-db.h"

#define BCACHEFS "fs/bcachefs"

/* All of @members are used for what one of them is used for; @name says what they are part of. */
static void
join_members (PfDiskScan *scan, const GPtrArray *members, const char *name)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < members->len; i++)
    {
      const GPtrArray *uses = g_hash_table_lookup (scan->uses, g_ptr_array_index (members, i));

      for (guint j = 0; uses != NULL && j < uses->len; j++)
        g_ptr_array_add (all, g_strdup (((PfBlockUse *) g_ptr_array_index (uses, j))->where));
    }
  for (guint i = 0; i < members->len; i++)
    {
      const char *member = g_ptr_array_index (members, i);

      g_hash_table_insert (scan->pools, g_strdup (member), g_strdup (name));
      for (guint j = 0; j < all->len; j++)
        pf_scan_disk_add_use (scan, member, FALSE, g_ptr_array_index (all, j));
    }
}

static void
join_disks (PfDiskScan *scan, const GPtrArray *members, const char *type)
{
  g_autofree char *name = g_strdup_printf ("%s on %u disks", type, members->len);

  if (members->len > 1)
    join_members (scan, members, name);
}

/* fs/btrfs/sysfs.c */
static void
read_btrfs (PfDiskScan *scan)
{
  g_autoptr (GPtrArray) ids = pf_tree_list (scan->tree, PF_TREE_SYS, "fs/btrfs");

  for (guint i = 0; i < ids->len; i++)
    {
      const char *id = g_ptr_array_index (ids, i);
      g_autofree char *directory = g_strdup_printf ("fs/btrfs/%s/devices", id);
      g_autoptr (GPtrArray) members = pf_tree_list (scan->tree, PF_TREE_SYS, directory);

      if (strcmp (id, "features") != 0)
        join_disks (scan, members, "btrfs");
    }
}

/* /sys/fs/bcachefs/UUID/dev-N/block is a link to the block device (bch2_dev_sysfs_online() in
 * fs/bcachefs/super.c). */
static GPtrArray *
list_bcachefs (const PfDiskScan *scan, const char *id)
{
  GPtrArray *members = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *directory = g_strdup_printf (BCACHEFS "/%s", id);
  g_autoptr (GPtrArray) names = pf_tree_list (scan->tree, PF_TREE_SYS, directory);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *path = g_strdup_printf ("%s/%s/block", directory, name);
      char *block
          = g_str_has_prefix (name, "dev-") ? pf_tree_read_link_name (scan->tree, PF_TREE_SYS, path) : NULL;

      if (block != NULL)
        g_ptr_array_add (members, block);
    }
  return members;
}

/* "/dev/sdb1:/dev/sda1": what bcachefs gives as its source, for there is no other way to name them all. */
static void
read_listed (PfDiskScan *scan, const PfMount *mount)
{
  g_auto (GStrv) paths = g_strsplit (mount->source, ":", -1);
  g_autoptr (GPtrArray) members = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; paths[i] != NULL; i++)
    {
      char *block = pf_mounts_find_block (scan->tree, "", paths[i]);

      if (block == NULL)
        continue;
      g_ptr_array_add (members, block);
      pf_scan_disk_add_use (scan, block, FALSE, mount->where);
    }
  join_disks (scan, members, mount->type);
}

/* "UUID=...", "/dev/disk/by-uuid/..." */
static const char *
get_uuid (const char *source)
{
  static const char *const prefixes[] = { "UUID=", "/dev/disk/by-uuid/" };

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (source, prefixes[i]))
      return source + strlen (prefixes[i]);
  return NULL;
}

static char *
read_udev (const PfDiskScan *scan, const char *block, const char *property)
{
  g_autofree char *path = g_strdup_printf (BLOCKS "/%s/dev", block);
  g_autofree char *number = pf_tree_read_text (scan->tree, PF_TREE_SYS, path);
  g_autofree char *id = number != NULL ? g_strconcat ("b", number, NULL) : NULL;

  return id != NULL ? pf_udev_db_read (scan->tree, id, property) : NULL;
}

/* Adds the disk to which the link in /dev leads; where there is no link, those on which udev has seen the ID. */
static void
read_by_uuid (PfDiskScan *scan, const PfMount *mount, const char *uuid)
{
  g_autoptr (GPtrArray) names = pf_tree_list (scan->tree, PF_TREE_SYS, BLOCKS);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *its = read_udev (scan, g_ptr_array_index (names, i), "ID_FS_UUID");

      if (its != NULL && g_ascii_strcasecmp (its, uuid) == 0)
        pf_scan_disk_add_use (scan, g_ptr_array_index (names, i), FALSE, mount->where);
    }
}

static void
read_bcachefs (PfDiskScan *scan)
{
  g_autoptr (GPtrArray) ids = pf_tree_list (scan->tree, PF_TREE_SYS, BCACHEFS);

  for (guint i = 0; i < ids->len; i++)
    {
      const char *id = g_ptr_array_index (ids, i);
      g_autoptr (GPtrArray) members = list_bcachefs (scan, id);

      for (guint j = 0; j < scan->mounts->len; j++)
        {
          const PfMount *mount = g_ptr_array_index (scan->mounts, j);
          const char *uuid = get_uuid (mount->source);

          for (guint k = 0; uuid != NULL && g_ascii_strcasecmp (uuid, id) == 0 && k < members->len; k++)
            pf_scan_disk_add_use (scan, g_ptr_array_index (members, k), FALSE, mount->where);
        }
      join_disks (scan, members, "bcachefs");
    }
}

/* --- ZFS --- */

/* Imported pools have a folder each. */
static gboolean
is_imported (const PfDiskScan *scan, const char *pool)
{
  g_autofree char *path = g_strdup_printf ("spl/kstat/zfs/%s", pool);
  struct stat status;

  return *pool != '\0' && strchr (pool, '/') == NULL && pf_tree_stat (scan->tree, PF_TREE_PROC, path, &status)
         && S_ISDIR (status.st_mode);
}

/* Data sets are mounted by name: "tank/home". */
static void
add_data_sets (PfDiskScan *scan, const char *block, const char *pool)
{
  gsize length = strlen (pool);

  for (guint i = 0; i < scan->mounts->len; i++)
    {
      const PfMount *mount = g_ptr_array_index (scan->mounts, i);

      if (strcmp (mount->type, "zfs") == 0 && g_str_has_prefix (mount->source, pool)
          && (mount->source[length] == '\0' || mount->source[length] == '/' || mount->source[length] == '@'))
        pf_scan_disk_add_use (scan, block, FALSE, mount->where);
    }
}

/* ZFS tells nobody in sysfs which disks it has; udev has read the label that is on each. */
static void
read_zfs_label (PfDiskScan *scan, const char *block)
{
  g_autofree char *type = read_udev (scan, block, "ID_FS_TYPE");
  g_autofree char *label
      = g_strcmp0 (type, "zfs_member") == 0 ? read_udev (scan, block, "ID_FS_LABEL") : NULL;
  g_autofree char *name = label != NULL ? pf_text_to_name (label) : NULL;

  if (name == NULL || !is_imported (scan, label))
    return;
  g_hash_table_insert (scan->pools, g_strdup (block), g_strdup_printf ("the ZFS pool %s", name));
  add_data_sets (scan, block, label);
}

static void
read_zfs (PfDiskScan *scan)
{
  g_autoptr (GPtrArray) pools = pf_tree_list (scan->tree, PF_TREE_PROC, "spl/kstat/zfs");
  g_autoptr (GPtrArray) blocks = NULL;

  for (guint i = 0; i < pools->len && scan->zfs_pool == NULL; i++)
    if (is_imported (scan, g_ptr_array_index (pools, i)))
      scan->zfs_pool = pf_text_to_name (g_ptr_array_index (pools, i));
  if (scan->zfs_pool == NULL)
    return;
  blocks = pf_tree_list (scan->tree, PF_TREE_SYS, BLOCKS);
  for (guint i = 0; i < blocks->len; i++)
    read_zfs_label (scan, g_ptr_array_index (blocks, i));
}

/**
 * pf_scan_pools:
 * @scan: a scan whose mounts are read
 *
 * Notes which block devices are part of a file system on several, and where that is mounted.
 */
void
pf_scan_pools (PfDiskScan *scan)
{
  for (guint i = 0; i < scan->mounts->len; i++)
    {
      const PfMount *mount = g_ptr_array_index (scan->mounts, i);
      const char *uuid = get_uuid (mount->source);

      if (g_str_has_prefix (mount->source, "/dev/") && strchr (mount->source, ':') != NULL)
        read_listed (scan, mount);
      else if (uuid != NULL)
        read_by_uuid (scan, mount, uuid);
    }
  read_btrfs (scan);
  read_bcachefs (scan);
  read_zfs (scan);
}

/**
 * pf_scan_pools_guess_zfs:
 * @scan: a scan
 * @block: a block device
 *
 * For where udev has said nothing of a disk. The partitions that ZFS makes are called "zfs-..."; while a pool
 * is imported, such a one may be part of it.
 *
 * Returns: (transfer full) (nullable): what @block may be part of
 */
char *
pf_scan_pools_guess_zfs (const PfDiskScan *scan, const char *block)
{
  g_autofree char *path = g_strdup_printf (BLOCKS "/%s/uevent", block);
  g_autofree char *type = NULL;
  g_autofree char *text = NULL;

  if (scan->zfs_pool == NULL)
    return NULL;
  type = read_udev (scan, block, "ID_FS_TYPE");
  text = type == NULL ? pf_tree_read_text (scan->tree, PF_TREE_SYS, path) : NULL;
  return text != NULL && strstr (text, "PARTNAME=zfs") != NULL
             ? g_strdup_printf ("a ZFS pool, perhaps %s", scan->zfs_pool)
             : NULL;
}
