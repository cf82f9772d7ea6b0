/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Collects what a scan finds on the disks. */

#include "pf-scan-disk-private.h"

#include <string.h>

static void
block_use_free (PfBlockUse *use)
{
  g_free (use->where);
  g_free (use);
}

/**
 * pf_scan_disk_add_use:
 * @scan: a scan
 * @block: the kernel's name of a block device
 * @is_swap: whether it is swapped to
 * @where: mount point, or the swap file
 *
 * Notes what a block device is used for; the same is noted once.
 */
void
pf_scan_disk_add_use (PfDiskScan *scan, const char *block, gboolean is_swap, const char *where)
{
  GPtrArray *uses = g_hash_table_lookup (scan->uses, block);
  PfBlockUse *use;

  if (uses == NULL)
    {
      uses = g_ptr_array_new_with_free_func ((GDestroyNotify) block_use_free);
      g_hash_table_insert (scan->uses, g_strdup (block), uses);
    }
  for (guint i = 0; i < uses->len; i++)
    if (strcmp (((PfBlockUse *) g_ptr_array_index (uses, i))->where, where) == 0)
      return;
  use = g_new0 (PfBlockUse, 1);
  use->is_swap = is_swap;
  use->where = g_strdup (where);
  g_ptr_array_add (uses, use);
}

/**
 * pf_scan_disk_find_below_file:
 * @scan: a scan whose mounts are read
 * @file: a path of process 1
 *
 * Returns: (transfer full) (nullable): the block device that a file is on: that of the longest mount point
 * above it
 */
char *
pf_scan_disk_find_below_file (const PfDiskScan *scan, const char *file)
{
  const GPtrArray *mounts = scan->mounts;
  const PfMount *best = NULL;

  for (guint i = 0; i < mounts->len; i++)
    {
      const PfMount *mount = g_ptr_array_index (mounts, i);
      gsize length = strlen (mount->where);
      gboolean is_above = g_str_has_prefix (file, mount->where)
                          && (length == 1 || file[length] == '/' || file[length] == '\0');

      if (is_above && (best == NULL || length >= strlen (best->where)))
        best = mount;
    }
  return best != NULL ? pf_mounts_find_block (scan->tree, best->number, best->source) : NULL;
}
