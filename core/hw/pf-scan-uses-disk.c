/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What disks are used for: mounted, swapped to, or part of a volume that is. */

#include <string.h>

#include "pf-scan-disk-private.h"
#include "pf-scan-place.h"
#include "pf-scan-uses.h"
#include "pf-text.h"

/* Volumes on one disk, and how deep they lie on each other (LUKS on LVM on md ...): bounds for trees that
 * somebody made up. */
#define MAX_HOLDERS 256
#define MAX_DEPTH 16

/* One block device of the board, and what lies on it. */
typedef struct
{
  const PfDiskScan *scan;
  const PfUsePlace *place;
  const char *name;
  gboolean is_removable;
  guint n_holders; /* seen so far */
} Disk;

static void
read_mounts (PfDiskScan *scan)
{
  g_autoptr (GPtrArray) swaps = pf_mounts_read_swaps (scan->tree);

  for (guint i = 0; i < scan->mounts->len; i++)
    {
      const PfMount *mount = g_ptr_array_index (scan->mounts, i);
      g_autofree char *block = pf_mounts_find_block (scan->tree, mount->number, mount->source);

      if (block != NULL)
        pf_scan_disk_add_use (scan, block, FALSE, mount->where);
    }
  for (guint i = 0; i < swaps->len; i++)
    {
      const PfSwap *swap = g_ptr_array_index (swaps, i);
      g_autofree char *block = swap->is_file ? pf_scan_disk_find_below_file (scan, swap->path)
                                             : pf_mounts_find_block (scan->tree, "", swap->path);

      if (block != NULL)
        pf_scan_disk_add_use (scan, block, TRUE, swap->is_file ? swap->path : "swap");
    }
}

static gboolean
is_at_or_below (const char *where, const char *folder)
{
  gsize length = strlen (folder);

  return g_str_has_prefix (where, folder) && (where[length] == '\0' || where[length] == '/');
}

static gboolean
is_any (const char *where, const char *const *folders)
{
  for (; *folders != NULL; folders++)
    if (is_at_or_below (where, *folders))
      return TRUE;
  return FALSE;
}

/* /home itself, and the homes in it; what people mount further below is theirs to lose. */
static gboolean
is_home (const char *where)
{
  if (!is_at_or_below (where, "/home"))
    return is_at_or_below (where, "/root");
  where += strlen ("/home");
  return *where == '\0' || strchr (where + 1, '/') == NULL;
}

static PfUseKind
classify (const Disk *disk, const char *where)
{
  static const char *const boot[] = { "/boot", "/efi", NULL };
  /* The second line: where live systems keep the medium they run from (Debian, Ubuntu, Fedora, Arch). */
  static const char *const system[]
      = { "/usr",      "/var",      "/opt",   "/srv",           "/etc",         "/tmp",
          "/nix",      "/gnu",      "/bin",   "/sbin",          "/lib",         "/lib64", /**/
          "/run/live", "/lib/live", "/cdrom", "/run/initramfs", "/run/archiso", NULL };
  static const char *const removable[] = { "/media", "/run/media", NULL };

  if (strcmp (where, "/") == 0)
    return PF_USE_ROOT;
  if (is_any (where, boot))
    return PF_USE_BOOT;
  if (is_home (where))
    return PF_USE_HOME;
  if (is_any (where, system))
    return PF_USE_SYSTEM;
  return disk->is_removable || is_any (where, removable) ? PF_USE_MOUNT : PF_USE_SYSTEM;
}

static void
add_disk_use (const Disk *disk, PfUseKind kind, const char *where)
{
  g_autofree char *name = pf_text_to_name (where);

  pf_board_add_use (disk->scan->board, kind, disk->place, disk->name, name != NULL ? name : "?");
}

static char *
name_holder (const PfDiskScan *scan, const char *holder)
{
  g_autofree char *path = g_strdup_printf (BLOCKS "/%s/dm/name", holder);
  g_autofree char *text = pf_tree_read_text (scan->tree, PF_TREE_SYS, path);
  char *name = pf_text_to_name (text);

  return name != NULL ? name : g_strdup (holder);
}

static void add_uses_of (Disk *disk, const char *block, guint depth);

static void
add_holder (Disk *disk, const char *holder, guint depth)
{
  g_autofree char *name = NULL;

  if (depth >= MAX_DEPTH || disk->n_holders >= MAX_HOLDERS)
    return;
  name = name_holder (disk->scan, holder);
  disk->n_holders++;
  add_disk_use (disk, PF_USE_VOLUME, name);
  add_uses_of (disk, holder, depth + 1);
}

/* Loop devices, which the kernel lists nowhere. Those on a disk that the host lives on anyway, such as the
 * snaps of Ubuntu, are left out: that disk is objected to already. */
static void
add_loops (Disk *disk, const char *block, guint depth)
{
  const GPtrArray *uses = g_hash_table_lookup (disk->scan->uses, block);
  const GPtrArray *loops = g_hash_table_lookup (disk->scan->loops, block);

  for (guint i = 0; uses != NULL && i < uses->len; i++)
    {
      const PfBlockUse *use = g_ptr_array_index (uses, i);

      if (!use->is_swap && classify (disk, use->where) != PF_USE_MOUNT)
        return;
    }
  for (guint i = 0; loops != NULL && i < loops->len; i++)
    add_holder (disk, g_ptr_array_index (loops, i), depth);
}

/* What @block, the disk itself or a volume that it is part of, is used for. */
static void
add_uses_of (Disk *disk, const char *block, guint depth)
{
  const GPtrArray *uses = g_hash_table_lookup (disk->scan->uses, block);
  const char *pool = g_hash_table_lookup (disk->scan->pools, block);
  g_autofree char *directory = g_strdup_printf (BLOCKS "/%s/holders", block);
  g_autoptr (GPtrArray) holders = NULL;

  for (guint i = 0; uses != NULL && i < uses->len; i++)
    {
      const PfBlockUse *use = g_ptr_array_index (uses, i);
      PfUseKind kind = use->is_swap ? PF_USE_SWAP : classify (disk, use->where);
      gboolean is_part = depth > 0 || pool != NULL;

      /* A stick that was unlocked is no longer one that can simply be unmounted. */
      add_disk_use (disk, kind == PF_USE_MOUNT && is_part ? PF_USE_VOLUME : kind, use->where);
    }
  if (pool != NULL)
    add_disk_use (disk, PF_USE_VOLUME, pool);
  holders = pf_tree_list (disk->scan->tree, PF_TREE_SYS, directory);
  for (guint i = 0; i < holders->len; i++)
    add_holder (disk, g_ptr_array_index (holders, i), depth);
  add_loops (disk, block, depth);
}

/* Each disk is asked for its pool. From there on it is like the disks of a btrfs. */
static void
add_zfs (const Disk *disk)
{
  g_autofree char *perhaps = pf_scan_pools_guess_zfs (disk->scan, disk->name);

  if (perhaps != NULL)
    add_disk_use (disk, PF_USE_VOLUME, perhaps);
}

static gboolean
is_removable (const PfDiskScan *scan, const char *name, const PfUsePlace *place)
{
  g_autofree char *own = g_strdup_printf (BLOCKS "/%s/removable", name);
  g_autofree char *parent = g_strdup_printf (BLOCKS "/%s/../removable", name);
  guint64 value = 0;

  if (place->usb != NULL)
    return TRUE;
  if (!pf_tree_read_uint (scan->tree, PF_TREE_SYS, own, 10, &value))
    pf_tree_read_uint (scan->tree, PF_TREE_SYS, parent, 10, &value);
  return value == 1;
}

static void
add_disk (const PfDiskScan *scan, const char *name)
{
  g_autofree char *path = g_strdup_printf (BLOCKS "/%s", name);
  g_auto (PfUsePlace) place = { 0 };
  Disk disk = { .scan = scan, .place = &place, .name = name };

  if (!pf_scan_place (scan->tree, scan->board, path, &place))
    return;
  disk.is_removable = is_removable (scan, name, &place);
  add_uses_of (&disk, name, 0);
  add_zfs (&disk);
}

/**
 * pf_scan_uses_of_disks:
 * @tree: the kernel
 * @board: (inout): a linked board
 */
void
pf_scan_uses_of_disks (PfTree *tree, PfBoard *board)
{
  g_autoptr (GPtrArray) names = pf_tree_list (tree, PF_TREE_SYS, BLOCKS);
  PfDiskScan scan = { .tree = tree, .board = board };

  if (names->len == 0)
    return;
  scan.uses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  scan.pools = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  scan.loops = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  scan.mounts = pf_mounts_read (tree);
  read_mounts (&scan);
  pf_scan_loops (&scan);
  pf_scan_pools (&scan);
  for (guint i = 0; i < names->len; i++)
    add_disk (&scan, g_ptr_array_index (names, i));
  g_hash_table_unref (scan.uses);
  g_hash_table_unref (scan.pools);
  g_hash_table_unref (scan.loops);
  g_ptr_array_unref (scan.mounts);
  g_free (scan.zfs_pool);
}
