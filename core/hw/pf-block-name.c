/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-block-name.h"

#include "pf-text.h"

#define SECTOR 512 /* whatever the disk's own are (Documentation/ABI/stable/sysfs-block) */

/* As on the label of the disk: powers of ten. */
static char *
describe_size (guint64 sectors)
{
  guint64 bytes = sectors < G_MAXUINT64 / SECTOR ? sectors * SECTOR : 0;

  if (bytes >= 1000000000000)
    return g_strdup_printf ("%.1f TB", (double) bytes / 1e12);
  if (bytes >= 1000000000)
    return g_strdup_printf ("%.0f GB", (double) bytes / 1e9);
  return bytes > 0 ? g_strdup_printf ("%.0f MB", (double) bytes / 1e6) : NULL;
}

/**
 * pf_block_name_get_model:
 * @tree: the kernel
 * @disk: the kernel's name of a disk
 *
 * Returns: (transfer full) (nullable): "Samsung SSD 860, 500 GB", or what of it is known
 */
char *
pf_block_name_get_model (PfTree *tree, const char *disk)
{
  g_autofree char *model_path = g_strdup_printf ("class/block/%s/device/model", disk);
  g_autofree char *size_path = g_strdup_printf ("class/block/%s/size", disk);
  g_autofree char *text = pf_tree_read_text (tree, PF_TREE_SYS, model_path);
  g_autofree char *model = pf_text_to_name (text);
  g_autofree char *size = NULL;
  guint64 sectors = 0;

  pf_tree_read_uint (tree, PF_TREE_SYS, size_path, 10, &sectors);
  size = describe_size (sectors);
  if (model != NULL && size != NULL)
    return g_strdup_printf ("%s, %s", model, size);
  return model != NULL ? g_steal_pointer (&model) : g_steal_pointer (&size);
}
