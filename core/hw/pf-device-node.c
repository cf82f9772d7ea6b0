/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The node of one function on vfio-pci, /dev/vfio/devices/vfioN, which programs that use iommufd open instead
 * of the group's. It is there since Linux 6.6, with CONFIG_VFIO_DEVICE_CDEV (drivers/vfio/device_cdev.c). The
 * kernel takes another N at every bind, so that only sysfs tells which one it is. */

#include "pf-device-node.h"

#include <sys/sysmacros.h>

#define DEVICES "bus/pci/devices"

/* "MAJOR:MINOR"; the kernel gives a major number of at most 12 bits and a minor one of at most 20. */
static gboolean
parse_number (const char *text, dev_t *number)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 3);
  guint64 major, minor;

  if (g_strv_length (parts) != 2 || !g_ascii_string_to_unsigned (parts[0], 10, 0, 0xfff, &major, NULL)
      || !g_ascii_string_to_unsigned (g_strchomp (parts[1]), 10, 0, 0xfffff, &minor, NULL))
    return FALSE;
  *number = makedev ((guint) major, (guint) minor);
  return TRUE;
}

/**
 * pf_device_node_find:
 * @tree: the kernel
 * @address: PCI address of a function
 * @number: (out): the device number that its node has to have
 *
 * Asks sysfs, never /dev. Kernels without such nodes have the folder vfio-dev too (since Linux 6.1), and no
 * number in it.
 *
 * Returns: (transfer full) (nullable): path of its node below /dev; NULL when the function has none
 */
char *
pf_device_node_find (PfTree *tree, const char *address, dev_t *number)
{
  g_autofree char *directory = g_strdup_printf (DEVICES "/%s/vfio-dev", address);
  g_autoptr (GPtrArray) names = pf_tree_list (tree, PF_TREE_SYS, directory);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *path = g_strdup_printf ("%s/%s/dev", directory, name);
      g_autofree char *text = pf_tree_read_text (tree, PF_TREE_SYS, path);

      if (text != NULL && parse_number (text, number))
        return g_strdup_printf ("vfio/devices/%s", name);
    }
  return NULL;
}

/**
 * pf_device_node_is:
 * @status: of a file in /dev
 * @number: from pf_device_node_find()
 *
 * Returns: whether it is that device's node. Only root can make another file there; tests do, who have no
 * devices
 */
gboolean
pf_device_node_is (const struct stat *status, dev_t number)
{
  return S_ISCHR (status->st_mode) ? status->st_rdev == number : S_ISREG (status->st_mode);
}
