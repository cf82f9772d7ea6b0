/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-scan-classes.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "pf-pci-address.h"

#define DEVICES "bus/pci/devices"
/* What a link in there begins with. */
#define WAY_UP "../../../"

/* A machine can have a thousand functions, and the class of each has to be read to find the few that matter.
 * So the directory that neighbours are in is opened once, and not looked up again for each file. */
typedef struct
{
  PfTree *tree;
  PfTree *devices;
  PfTree *place;
  char *place_path;
} ClassReader;

static int
compare_addresses (gconstpointer a, gconstpointer b)
{
  return pf_pci_address_compare (*(const char *const *) a, *(const char *const *) b);
}

/**
 * pf_scan_list_addresses:
 * @error: where there is no PCI bus to look at
 *
 * Returns: (transfer full) (element-type utf8): the addresses of all PCI functions, in order
 */
GPtrArray *
pf_scan_list_addresses (PfTree *tree, GError **error)
{
  int descriptor = pf_tree_open (tree, PF_TREE_SYS, DEVICES, O_RDONLY | O_DIRECTORY, error);
  GPtrArray *names;

  if (descriptor < 0)
    {
      g_prefix_error (error, "This machine's PCI bus cannot be seen. ");
      return NULL;
    }
  close (descriptor);
  names = pf_tree_list (tree, PF_TREE_SYS, DEVICES);
  for (guint i = names->len; i > 0; i--)
    if (!pf_pci_address_is_canonical (g_ptr_array_index (names, i - 1)))
      g_ptr_array_remove_index (names, i - 1);
  g_ptr_array_sort (names, compare_addresses);
  return names;
}

/* The directory that the function's own directory is in: for a link
 * "../../../devices/pci0000:00/0000:00:14.0" this is "devices/pci0000:00". NULL where the copy has no such
 * links. */
static PfTree *
find_place (ClassReader *reader, const char *address)
{
  g_autofree char *target = pf_tree_read_link (reader->devices, PF_TREE_SYS, address);
  g_autofree char *name = target == NULL ? NULL : g_path_get_basename (target);
  g_autofree char *path = NULL;

  if (g_strcmp0 (name, address) != 0 || !g_str_has_prefix (target, WAY_UP))
    return NULL;
  path = g_path_get_dirname (target + strlen (WAY_UP));
  if (g_strcmp0 (path, reader->place_path) != 0)
    {
      g_clear_pointer (&reader->place, pf_tree_unref);
      g_free (reader->place_path);
      reader->place = pf_tree_new_below (reader->tree, path);
      reader->place_path = g_steal_pointer (&path);
    }
  return reader->place;
}

static guint
read_class (ClassReader *reader, const char *address)
{
  PfTree *place = find_place (reader, address);
  g_autofree char *path = g_strdup_printf ("%s%s/class", place != NULL ? "" : DEVICES "/", address);
  guint64 class_code = 0;

  pf_tree_read_uint (place != NULL ? place : reader->tree, PF_TREE_SYS, path, 16, &class_code);
  return (guint) class_code & 0xffffff;
}

/**
 * pf_scan_read_classes:
 * @addresses: (element-type utf8): from pf_scan_list_addresses(), has to outlive what is returned
 *
 * Returns: (transfer full) (element-type utf8 guint): the class of each; 0 where it cannot be read
 */
GHashTable *
pf_scan_read_classes (PfTree *tree, const GPtrArray *addresses)
{
  GHashTable *classes = g_hash_table_new (g_str_hash, g_str_equal);
  ClassReader reader = { .tree = tree, .devices = pf_tree_new_below (tree, DEVICES) };

  if (reader.devices == NULL)
    return classes;
  for (guint i = 0; i < addresses->len; i++)
    {
      char *address = g_ptr_array_index (addresses, i);

      g_hash_table_insert (classes, address, GUINT_TO_POINTER (read_class (&reader, address)));
    }
  g_clear_pointer (&reader.place, pf_tree_unref);
  g_free (reader.place_path);
  pf_tree_unref (reader.devices);
  return classes;
}
