/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads what belongs to an IOMMU group besides its members. */

#include "pf-scan-group.h"

#include <string.h>

#include "pf-device-node.h"
#include "pf-holders.h"

/* More than a machine has. The kernel writes what the firmware says, at most a page of it. */
#define MAX_REGIONS 64
#define MAX_LINES 4096

static void
read_group_node (PfTree *tree, PfGroup *group)
{
  g_autofree char *path = g_strdup_printf ("vfio/%d", group->id);
  struct stat status;

  if (!pf_tree_stat (tree, PF_TREE_DEV, path, &status))
    return;
  group->has_node = TRUE;
  group->node_uid = status.st_uid;
  group->node_gid = status.st_gid;
  group->node_mode = status.st_mode & 07777;
}

static void
read_device_node (PfTree *tree, PfFunction *function)
{
  dev_t number;
  g_autofree char *path = pf_device_node_find (tree, function->address, &number);
  struct stat status;

  if (path == NULL || !pf_tree_stat (tree, PF_TREE_DEV, path, &status)
      || !pf_device_node_is (&status, number))
    return;
  function->has_node = TRUE;
  function->node = (PfNode){ status.st_uid, status.st_gid, status.st_mode & 07777 };
}

static gboolean
read_nodes (PfTree *tree, PfGroup *group)
{
  gboolean any;

  read_group_node (tree, group);
  any = group->has_node;
  for (guint i = 0; i < group->members->len; i++)
    {
      PfFunction *member = g_ptr_array_index (group->members, i);

      if (member->is_pci)
        read_device_node (tree, member);
      any |= member->has_node;
    }
  return any;
}

static gboolean
parse_address (const char *word, guint64 *address)
{
  return g_str_has_prefix (word, "0x")
         && g_ascii_string_to_unsigned (word + 2, 16, 0, G_MAXUINT64, address, NULL);
}

/* "0xSTART 0xEND TYPE". Only the type "direct" counts: vfio may do without the regions of "direct-relaxable". */
static gboolean
parse_region (const char *line, PfRegion *region)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 4);

  return g_strv_length (words) == 3 && strcmp (words[2], "direct") == 0
         && parse_address (words[0], &region->start) && parse_address (words[1], &region->end)
         && region->start <= region->end;
}

/* Documentation/ABI/testing/sysfs-kernel-iommu_groups. */
static void
read_reserved (PfTree *tree, PfGroup *group)
{
  g_autofree char *path = g_strdup_printf ("kernel/iommu_groups/%d/reserved_regions", group->id);
  g_autofree char *text = pf_tree_read_table (tree, PF_TREE_SYS, path);
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", MAX_LINES);

  for (guint i = 0; lines[i] != NULL && group->reserved->len < MAX_REGIONS; i++)
    {
      PfRegion region;

      if (parse_region (lines[i], &region))
        g_array_append_val (group->reserved, region);
    }
}

/**
 * pf_scan_group:
 * @tree: the kernel
 * @group: a group with its members
 *
 * Reads who has its nodes, who has them open, and which memory the firmware has reserved for it.
 */
void
pf_scan_group (PfTree *tree, PfGroup *group)
{
  read_reserved (tree, group);
  if (read_nodes (tree, group))
    group->held = pf_holders_group_is_held (tree, group->id, &group->holder);
}
