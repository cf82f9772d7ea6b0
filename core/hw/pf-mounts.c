/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-mounts.h"

#include <string.h>
#include <sys/sysmacros.h>

#include "pf-text.h"

/* Anybody who may make user namespaces can make mounts, and containers have many; but those are not in the
 * table of process 1. A bound all the same. */
#define MAX_MOUNTS 16384
#define MAX_SWAPS 32 /* the kernel's MAX_SWAPFILES */

static void
mount_free (PfMount *mount)
{
  g_free (mount->number);
  g_free (mount->where);
  g_free (mount->type);
  g_free (mount->source);
  g_free (mount->options);
  g_free (mount);
}

static void
swap_free (PfSwap *swap)
{
  g_free (swap->path);
  g_free (swap);
}

/* Spaces and the like are octal escapes in these tables (mangle() in fs/proc_namespace.c). */
static char *
decode (const char *word)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (const char *c = word; *c != '\0'; c++)
    {
      if (c[0] == '\\' && c[1] >= '0' && c[1] <= '3' && c[2] >= '0' && c[2] <= '7' && c[3] >= '0'
          && c[3] <= '7')
        {
          g_string_append_c (text, (char) ((c[1] - '0') << 6 | (c[2] - '0') << 3 | (c[3] - '0')));
          c += 3;
        }
      else
        g_string_append_c (text, *c);
    }
  return pf_text_clean (text->str, text->len);
}

static void
add_mount (GPtrArray *mounts,
           const char *number,
           const char *where,
           const char *type,
           const char *source,
           const char *options)
{
  PfMount *mount = g_new0 (PfMount, 1);

  mount->number = g_strdup (number);
  mount->where = decode (where);
  mount->type = decode (type);
  mount->source = decode (source);
  mount->options = decode (options);
  g_ptr_array_add (mounts, mount);
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw" (proc(5)): any number of words before the
 * "-" */
static void
parse_mountinfo_line (GPtrArray *mounts, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  guint n_words = g_strv_length (words);

  for (guint i = 6; i + 2 < n_words; i++)
    if (strcmp (words[i], "-") == 0)
      {
        add_mount (mounts, words[2], words[4], words[i + 1], words[i + 2], words[i + 3] != NULL ? words[i + 3] : "");
        return;
      }
}

/* "/dev/sda1 /boot ext4 rw,relatime 0 0" */
static void
parse_mounts_line (GPtrArray *mounts, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);

  if (g_strv_length (words) >= 4)
    add_mount (mounts, "", words[1], words[2], words[0], words[3]);
}

/**
 * pf_mounts_read:
 * @tree: the kernel
 *
 * Reads the mounts of process 1. Our own view is not the machine's: the service manager gives the helper a
 * mount namespace (ProtectSystem=, ProtectHome=, PrivateTmp=) in which some things are covered and what is
 * mounted later may be missing. It is the fallback all the same: some mounts are better than none.
 *
 * Returns: (transfer full) (element-type PfMount): in the kernel's order
 */
GPtrArray *
pf_mounts_read (PfTree *tree)
{
  static const struct
  {
    const char *path;
    void (*parse) (GPtrArray *mounts, const char *line);
  } tables[] = {
    { "1/mountinfo", parse_mountinfo_line },
    { "1/mounts", parse_mounts_line },
    { "mounts", parse_mounts_line },
  };
  GPtrArray *mounts = g_ptr_array_new_with_free_func ((GDestroyNotify) mount_free);

  for (guint i = 0; i < G_N_ELEMENTS (tables) && mounts->len == 0; i++)
    {
      g_autofree char *text = pf_tree_read_table (tree, PF_TREE_PROC, tables[i].path);
      g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);

      for (guint j = 0; lines[j] != NULL && mounts->len < MAX_MOUNTS; j++)
        tables[i].parse (mounts, lines[j]);
    }
  return mounts;
}

/**
 * pf_mounts_read_swaps:
 * @tree: the kernel
 *
 * Returns: (transfer full) (element-type PfSwap): what the kernel swaps to
 */
GPtrArray *
pf_mounts_read_swaps (PfTree *tree)
{
  GPtrArray *swaps = g_ptr_array_new_with_free_func ((GDestroyNotify) swap_free);
  g_autofree char *text = pf_tree_read_table (tree, PF_TREE_PROC, "swaps");
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);

  /* A heading comes first: "Filename Type Size Used Priority", in columns. */
  for (guint i = 1; lines[0] != NULL && lines[i] != NULL && swaps->len < MAX_SWAPS; i++)
    {
      g_auto (GStrv) words = g_strsplit_set (lines[i], " \t", -1);
      PfSwap *swap;

      if (words[0] == NULL || *words[0] != '/')
        continue;
      swap = g_new0 (PfSwap, 1);
      swap->path = decode (words[0]);
      swap->is_file = g_strv_contains ((const char *const *) words, "file");
      g_ptr_array_add (swaps, swap);
    }
  return swaps;
}

static char *
find_by_number (PfTree *tree, const char *number)
{
  g_autofree char *path = g_strdup_printf ("dev/block/%s", number);

  if (*number == '\0' || g_str_has_prefix (number, "0:") || strchr (number, '/') != NULL)
    return NULL;
  return pf_tree_read_link_name (tree, PF_TREE_SYS, path);
}

/* "vg-root" -> "dm-0" */
static char *
find_mapped (PfTree *tree, const char *name)
{
  g_autoptr (GPtrArray) blocks = pf_tree_list (tree, PF_TREE_SYS, "class/block");

  for (guint i = 0; i < blocks->len; i++)
    {
      const char *block = g_ptr_array_index (blocks, i);
      g_autofree char *path = g_strdup_printf ("class/block/%s/dm/name", block);
      g_autofree char *text = NULL;

      if (!g_str_has_prefix (block, "dm-"))
        continue;
      text = pf_tree_read_text (tree, PF_TREE_SYS, path);
      if (g_strcmp0 (text, name) == 0)
        return g_strdup (block);
    }
  return NULL;
}

/* By the node's number where there is a node, else by its name. */
static char *
find_by_source (PfTree *tree, const char *source)
{
  const char *path = source + strlen ("/dev/");
  g_autofree char *name = NULL;
  g_autofree char *class_path = NULL;
  struct stat status;

  if (!g_str_has_prefix (source, "/dev/") || *path == '\0')
    return NULL;
  if (pf_tree_stat (tree, PF_TREE_DEV, path, &status) && S_ISBLK (status.st_mode))
    {
      g_autofree char *number = g_strdup_printf ("%u:%u", major (status.st_rdev), minor (status.st_rdev));

      return find_by_number (tree, number);
    }
  name = g_path_get_basename (path);
  class_path = g_strdup_printf ("class/block/%s", name);
  if (pf_tree_stat (tree, PF_TREE_SYS, class_path, &status))
    return g_steal_pointer (&name);
  return g_str_has_prefix (path, "mapper/") ? find_mapped (tree, name) : NULL;
}

/**
 * pf_mounts_find_block:
 * @tree: the kernel
 * @number: of a PfMount, or ""
 * @source: of the same, or the path of a PfSwap
 *
 * Returns: (transfer full) (nullable): the kernel's name of the block device: "sdb1", "dm-0"; NULL when there
 * is none, as for tmpfs
 */
char *
pf_mounts_find_block (PfTree *tree, const char *number, const char *source)
{
  char *block = find_by_number (tree, number);

  return block != NULL ? block : find_by_source (tree, source);
}
