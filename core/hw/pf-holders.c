/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-holders.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "pf-text.h"

/* A node through which a process can hold the group. */
typedef struct
{
  char *name; /* last element of its path */
  dev_t number;
} Node;

static void
node_free (Node *node)
{
  g_free (node->name);
  g_free (node);
}

static void
add_node (GPtrArray *nodes, PfTree *tree, const char *path)
{
  struct stat status;
  Node *node;

  if (!pf_tree_stat (tree, PF_TREE_DEV, path, &status))
    return;
  node = g_new0 (Node, 1);
  node->name = g_path_get_basename (path);
  node->number = status.st_rdev;
  g_ptr_array_add (nodes, node);
}

/* The group's own node, and those that iommufd users open instead: /dev/vfio/devices/vfioX (since Linux 6.6).
 */
static GPtrArray *
list_nodes (PfTree *tree, int group)
{
  GPtrArray *nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) node_free);
  g_autofree char *group_path = g_strdup_printf ("vfio/%d", group);
  g_autofree char *devices = g_strdup_printf ("kernel/iommu_groups/%d/devices", group);
  g_autoptr (GPtrArray) members = pf_tree_list (tree, PF_TREE_SYS, devices);

  add_node (nodes, tree, group_path);
  for (guint i = 0; i < members->len; i++)
    {
      const char *member = g_ptr_array_index (members, i);
      g_autofree char *directory = g_strdup_printf ("%s/%s/vfio-dev", devices, member);
      g_autoptr (GPtrArray) names = pf_tree_list (tree, PF_TREE_SYS, directory);

      for (guint j = 0; j < names->len; j++)
        {
          const char *name = g_ptr_array_index (names, j);
          g_autofree char *path = g_strdup_printf ("vfio/devices/%s", name);

          add_node (nodes, tree, path);
        }
    }
  return nodes;
}

/* Whether descriptor @name in @directory, a process's fd directory, is @node. What the link says is a first
 * sieve only: libvirt gives QEMU a /dev of its own, so that the path proves nothing, and the device number
 * decides. The sieve keeps this from asking file systems that may never answer. Outside a real procfs there
 * are no numbers. */
static gboolean
descriptor_is_node (int directory, const char *name, const Node *node, gboolean is_procfs)
{
  char target[256];
  gssize length = readlinkat (directory, name, target, sizeof target - 1);
  struct stat status;
  g_autofree char *last = NULL;

  if (length <= 0)
    return FALSE;
  target[length] = '\0';
  if (g_str_has_suffix (target, " (deleted)"))
    target[length - (gssize) strlen (" (deleted)")] = '\0';
  last = g_path_get_basename (target);
  if (strcmp (last, node->name) != 0)
    return FALSE;
  if (!is_procfs)
    return strstr (target, "/vfio/") != NULL;
  return fstatat (directory, name, &status, 0) == 0 && S_ISCHR (status.st_mode)
         && status.st_rdev == node->number;
}

static gboolean
process_has_node (PfTree *tree, const char *process, GPtrArray *nodes)
{
  g_autofree char *path = g_strdup_printf ("%s/fd", process);
  g_autoptr (GPtrArray) names = pf_tree_list (tree, PF_TREE_PROC, path);
  int directory
      = names->len == 0 ? -1 : pf_tree_open_quiet (tree, PF_TREE_PROC, path, O_RDONLY | O_DIRECTORY);
  gboolean found = FALSE;
  gboolean is_procfs;
  struct statfs status;

  if (directory < 0)
    return FALSE;
  is_procfs = fstatfs (directory, &status) == 0 && status.f_type == PROC_SUPER_MAGIC;
  for (guint i = 0; i < names->len && !found; i++)
    for (guint j = 0; j < nodes->len && !found; j++)
      found = descriptor_is_node (directory, g_ptr_array_index (names, i), g_ptr_array_index (nodes, j),
                                  is_procfs);
  close (directory);
  return found;
}

static char *
describe_process (PfTree *tree, const char *process)
{
  g_autofree char *path = g_strdup_printf ("%s/comm", process);
  g_autofree char *text = pf_tree_read_text (tree, PF_TREE_PROC, path);
  g_autofree char *name = pf_text_to_name (text);

  return g_strdup_printf ("%s (%s)", name == NULL ? "process" : name, process);
}

/**
 * pf_holders_find:
 * @group: number of an IOMMU group
 *
 * Looks through /proc for the process that has the group's node, or that of one of its devices, open. Other
 * people's descriptors can be seen only with CAP_SYS_PTRACE.
 *
 * Returns: (transfer full) (nullable): "NAME (PID)"; NULL when nobody holds it, or when it cannot be told
 */
char *
pf_holders_find (PfTree *tree, int group)
{
  g_autoptr (GPtrArray) nodes = list_nodes (tree, group);
  g_autoptr (GPtrArray) processes = pf_tree_list (tree, PF_TREE_PROC, ".");

  for (guint i = 0; i < processes->len; i++)
    {
      const char *process = g_ptr_array_index (processes, i);

      if (g_ascii_isdigit (*process) && process_has_node (tree, process, nodes))
        return describe_process (tree, process);
    }
  return NULL;
}

/**
 * pf_holders_group_is_held:
 * @group: number of an IOMMU group
 * @holder: (out) (optional) (transfer full) (nullable): who holds it, "NAME (PID)"; NULL where it cannot be
 * told
 *
 * Asks by opening the group's node and closing it at once, which the kernel refuses with EBUSY while somebody
 * else has it open (vfio_group_fops_open() in drivers/vfio/group.c). A program that opens it in the same
 * microseconds is refused: the price of an answer that needs no knowledge of other processes. Every other
 * refusal, such as EPERM for a group without an IOMMU behind it, says nothing about holders.
 *
 * Returns: whether a process has the group, or one of its devices, open
 */
gboolean
pf_holders_group_is_held (PfTree *tree, int group, char **holder)
{
  g_autofree char *path = g_strdup_printf ("vfio/%d", group);
  g_autofree char *name = NULL;
  gboolean is_certain, is_held;
  struct stat status;
  int descriptor;

  if (holder != NULL)
    *holder = NULL;
  if (!pf_tree_stat (tree, PF_TREE_DEV, path, &status)
      || !(S_ISCHR (status.st_mode) || S_ISREG (status.st_mode)))
    return FALSE;
  descriptor = pf_tree_open_quiet (tree, PF_TREE_DEV, path, O_RDWR | O_NONBLOCK);
  if (descriptor >= 0)
    {
      close (descriptor);
      return FALSE;
    }
  if (errno != EBUSY && errno != EACCES && errno != EPERM)
    return FALSE;
  is_certain = errno == EBUSY;
  name = pf_holders_find (tree, group);
  is_held = is_certain || name != NULL;
  if (holder != NULL)
    *holder = g_steal_pointer (&name);
  return is_held;
}
