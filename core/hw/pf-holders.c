/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-holders.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "pf-openers.h"

/* Those that iommufd users open: /dev/vfio/devices/vfioX (since Linux 6.6). */
static void
add_device_nodes (GPtrArray *nodes, PfTree *tree, int group)
{
  g_autofree char *devices = g_strdup_printf ("kernel/iommu_groups/%d/devices", group);
  g_autoptr (GPtrArray) members = pf_tree_list (tree, PF_TREE_SYS, devices);

  for (guint i = 0; i < members->len; i++)
    {
      const char *member = g_ptr_array_index (members, i);
      g_autofree char *directory = g_strdup_printf ("%s/%s/vfio-dev", devices, member);
      g_autoptr (GPtrArray) names = pf_tree_list (tree, PF_TREE_SYS, directory);

      for (guint j = 0; j < names->len; j++)
        {
          const char *name = g_ptr_array_index (names, j);
          g_autofree char *path = g_strdup_printf ("vfio/devices/%s", name);

          pf_openers_add (nodes, tree, path);
        }
    }
}

/**
 * pf_holders_find:
 * @group: number of an IOMMU group
 *
 * Looks through /proc for the process that has the group's node, or that of one of its devices, open. Other
 * people's descriptors can be seen only with CAP_SYS_PTRACE.
 *
 * Returns: (transfer full) (nullable): as from pf_openers_find_vm(); NULL when nobody holds it, or when it
 *   cannot be told
 */
char *
pf_holders_find (PfTree *tree, int group)
{
  g_autoptr (GPtrArray) nodes = pf_openers_new ();
  g_autofree char *path = g_strdup_printf ("vfio/%d", group);

  pf_openers_add (nodes, tree, path);
  add_device_nodes (nodes, tree, group);
  return pf_openers_find_vm (tree, nodes);
}

/* Who has nodes of its functions open. The kernel lets everybody open one, so that only /proc tells.
 */
static gboolean
find_device_holder (PfTree *tree, int group, char **holder)
{
  g_autoptr (GPtrArray) nodes = pf_openers_new ();
  g_autofree char *name = NULL;

  add_device_nodes (nodes, tree, group);
  name = nodes->len > 0 ? pf_openers_find_vm (tree, nodes) : NULL;
  if (name == NULL)
    return FALSE;
  if (holder != NULL)
    *holder = g_steal_pointer (&name);
  return TRUE;
}

/**
 * pf_holders_group_is_held:
 * @group: number of an IOMMU group
 * @holder: (out) (optional) (transfer full) (nullable): who holds it, as from pf_holders_find(); NULL
 *   where it cannot be told
 *
 * Asks by opening the group's node and closing it at once, which the kernel refuses with EBUSY while somebody
 * else has it open (vfio_group_fops_open() in drivers/vfio/group.c), or has taken one of its devices by the
 * node of that. A program that opens it in the same microseconds is refused: the price of an answer that
 * needs no knowledge of other processes. Every other refusal, such as EPERM for a group without an IOMMU
 * behind it, says nothing about holders.
 *
 * Who has only opened the node of a device refuses nobody yet, and keeps the device from being unbound all
 * the same (vfio_device_fops_cdev_open() in drivers/vfio/device_cdev.c): where there are such nodes, /proc is
 * asked as well.
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
    return find_device_holder (tree, group, holder);
  descriptor = pf_tree_open_quiet (tree, PF_TREE_DEV, path, O_RDWR | O_NONBLOCK);
  if (descriptor >= 0)
    {
      close (descriptor);
      return find_device_holder (tree, group, holder);
    }
  if (errno != EBUSY && errno != EACCES && errno != EPERM)
    return find_device_holder (tree, group, holder);
  is_certain = errno == EBUSY;
  name = pf_holders_find (tree, group);
  is_held = is_certain || name != NULL;
  if (holder != NULL)
    *holder = g_steal_pointer (&name);
  return is_held;
}
