/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What lies on a file of a disk: loop devices, and file systems on folders of another one. The kernel has no
 * "holders" link for either. */

#include <string.h>

#include "pf-scan-disk-private.h"

static char *
read_attribute (const PfDiskScan *scan, const char *block, const char *attribute)
{
  g_autofree char *path = g_strdup_printf (BLOCKS "/%s/%s", block, attribute);

  return pf_tree_read_text (scan->tree, PF_TREE_SYS, path);
}

static void
add_loop (PfDiskScan *scan, const char *below, const char *loop)
{
  GPtrArray *loops = g_hash_table_lookup (scan->loops, below);

  if (loops == NULL)
    {
      loops = g_ptr_array_new_with_free_func (g_free);
      g_hash_table_insert (scan->loops, g_strdup (below), loops);
    }
  g_ptr_array_add (loops, g_strdup (loop));
}

/* "/home/ada/image.img", "/dev/sdb1"; " (deleted)" behind it when the file has no name any more
 * (loop_attr_backing_file_show() in drivers/block/loop.c). */
static char *
find_below (const PfDiskScan *scan, const char *loop)
{
  g_autofree char *file = read_attribute (scan, loop, "loop/backing_file");

  if (file == NULL || *file != '/')
    return NULL;
  if (g_str_has_suffix (file, " (deleted)"))
    file[strlen (file) - strlen (" (deleted)")] = '\0';
  return g_str_has_prefix (file, "/dev/") ? pf_mounts_find_block (scan->tree, "", file)
                                          : pf_scan_disk_find_below_file (scan, file);
}

/* The partitions of a loop device lie on it. */
static void
add_partitions (PfDiskScan *scan, const char *below, const char *loop)
{
  g_autofree char *folder = g_strdup_printf (BLOCKS "/%s", loop);
  g_autofree char *prefix = g_strdup_printf ("%sp", loop);
  g_autoptr (GPtrArray) names = pf_tree_list (scan->tree, PF_TREE_SYS, folder);

  for (guint i = 0; i < names->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (names, i), prefix))
      add_loop (scan, below, g_ptr_array_index (names, i));
}

/* Paths in @list, separated by colons, are folders or files that a file system at @where needs. */
static void
add_paths (PfDiskScan *scan, const char *list, const char *where)
{
  g_auto (GStrv) paths = g_strsplit (list, ":", -1);

  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_autofree char *block = *paths[i] == '/' ? pf_scan_disk_find_below_file (scan, paths[i]) : NULL;

      if (block != NULL)
        pf_scan_disk_add_use (scan, block, FALSE, where);
    }
}

/* "lowerdir=/a:/b,upperdir=/c,workdir=/d" of overlay; "logdev=/dev/sdb1", "rtdev=" of XFS, which names disks.
 */
static void
add_options (PfDiskScan *scan, const PfMount *mount)
{
  static const char *const folders[] = { "lowerdir=", "lowerdir+=", "datadir+=", "upperdir=" };
  static const char *const disks[] = { "logdev=", "rtdev=" };
  g_auto (GStrv) options = g_strsplit (mount->options, ",", -1);

  for (guint i = 0; options[i] != NULL; i++)
    {
      for (guint j = 0; j < G_N_ELEMENTS (folders); j++)
        if (g_str_has_prefix (options[i], folders[j]))
          add_paths (scan, options[i] + strlen (folders[j]), mount->where);
      for (guint j = 0; j < G_N_ELEMENTS (disks); j++)
        {
          g_autofree char *block = g_str_has_prefix (options[i], disks[j])
                                       ? pf_mounts_find_block (scan->tree, "", options[i] + strlen (disks[j]))
                                       : NULL;

          if (block != NULL)
            pf_scan_disk_add_use (scan, block, FALSE, mount->where);
        }
    }
}

/* File systems on folders of others: eCryptfs, mergerfs and gocryptfs name those as what is mounted. */
static gboolean
is_on_folders (const PfMount *mount)
{
  return *mount->source == '/' && !g_str_has_prefix (mount->source, "/dev/")
         && (strcmp (mount->type, "ecryptfs") == 0 || g_str_has_prefix (mount->type, "fuse"));
}

/**
 * pf_scan_loops:
 * @scan: a scan whose mounts are read
 *
 * Notes which loop devices, and which mounts, need a disk below a file or a folder.
 */
void
pf_scan_loops (PfDiskScan *scan)
{
  g_autoptr (GPtrArray) names = pf_tree_list (scan->tree, PF_TREE_SYS, BLOCKS);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *below = g_str_has_prefix (name, "loop") && strchr (name, 'p') == strrchr (name, 'p')
                                   ? find_below (scan, name)
                                   : NULL;

      if (below == NULL)
        continue;
      add_loop (scan, below, name);
      add_partitions (scan, below, name);
    }
  for (guint i = 0; i < scan->mounts->len; i++)
    {
      const PfMount *mount = g_ptr_array_index (scan->mounts, i);

      if (strcmp (mount->type, "overlay") == 0 || strcmp (mount->type, "xfs") == 0)
        add_options (scan, mount);
      if (is_on_folders (mount))
        add_paths (scan, mount->source, mount->where);
    }
}
