/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-scan-function.h"

#include <linux/pci_regs.h>
#include <string.h>

#include "pf-pci-address.h"
#include "pf-text.h"

#define DEVICES "bus/pci/devices"
#define GROUPS "kernel/iommu_groups"
#define MAX_BRIDGES 32 /* on the way to a function; a bound for trees that somebody made up */
#define MULTI_FUNCTION 0x80

static char *
attribute_path (const PfFunction *function, const char *attribute)
{
  return g_strdup_printf (DEVICES "/%s/%s", function->address, attribute);
}

static char *
read_attribute (const PfScanSource *source, const PfFunction *function, const char *attribute)
{
  g_autofree char *path = attribute_path (function, attribute);

  return pf_tree_read_text (source->tree, PF_TREE_SYS, path);
}

static guint32
read_number (const PfScanSource *source, const PfFunction *function, const char *attribute)
{
  g_autofree char *path = attribute_path (function, attribute);
  guint64 value = 0;

  pf_tree_read_uint (source->tree, PF_TREE_SYS, path, 16, &value);
  return (guint32) value;
}

/* "0000:00:1c.4" -> "1c.4" */
static const char *
get_device_number (const char *address)
{
  return strrchr (address, ':') + 1;
}

/* Root buses are called "pci0000:00". The root bus of a domain behind a VMD stands below a function. */
static gboolean
is_root_bus_name (const char *name)
{
  g_autofree char *first = NULL;

  if (!g_str_has_prefix (name, "pci"))
    return FALSE;
  first = g_strconcat (name + strlen ("pci"), ":00.0", NULL);
  return pf_pci_address_is_canonical (first);
}

/* Of "../../../devices/pci0000:00/0000:00:1c.4/0000:03:00.0"; NULL when this is no PCI device's place. */
static char *
path_from_place (const char *place)
{
  g_auto (GStrv) elements = g_strsplit (place, "/", -1);
  g_autoptr (GString) path = g_string_new (NULL);

  for (guint i = 0; elements[i] != NULL; i++)
    {
      if (is_root_bus_name (elements[i]))
        g_string_append_printf (path, "%s%s", path->len == 0 ? "" : "/", elements[i]);
      else if (path->len > 0 && pf_pci_address_is_canonical (elements[i]))
        g_string_append_printf (path, "/%s", get_device_number (elements[i]));
    }
  return path->len == 0 ? NULL : g_strdup (path->str);
}

/* Whether @address is on the bus below @bridge. */
static gboolean
is_below (const PfScanSource *source, const char *bridge, const char *address)
{
  g_autofree char *inside = g_strdup_printf (DEVICES "/%s/%s", bridge, address);
  g_autofree char *config = g_strdup_printf (DEVICES "/%s/config", bridge);
  g_autofree char *bus = NULL;
  gsize domain_length = (gsize) (strchr (bridge, ':') - bridge);
  struct stat status;
  guint8 secondary;

  if (pf_tree_stat (source->tree, PF_TREE_SYS, inside, &status))
    return TRUE;
  if (pf_tree_read_bytes (source->tree, PF_TREE_SYS, config, PCI_SECONDARY_BUS, &secondary, 1) != 1)
    return FALSE;
  bus = g_strdup_printf ("%.*s:%02x:", (int) domain_length, bridge, secondary);
  return g_str_has_prefix (address, bus);
}

static const char *
find_bridge (const PfScanSource *source, const char *address)
{
  GHashTableIter iter;
  gpointer other, class_code;

  g_hash_table_iter_init (&iter, source->classes);
  while (g_hash_table_iter_next (&iter, &other, &class_code))
    if (GPOINTER_TO_UINT (class_code) >> 8 == 0x0604 && strcmp (other, address) != 0
        && is_below (source, other, address))
      return other;
  return NULL;
}

/* For a copy in which links have become directories: asks the bridges. */
static char *
path_from_bridges (const PfScanSource *source, const char *address)
{
  g_autoptr (GString) path = g_string_new (NULL);

  for (guint i = 0; i < MAX_BRIDGES; i++)
    {
      const char *bridge = find_bridge (source, address);

      g_string_prepend (path, get_device_number (address));
      g_string_prepend_c (path, '/');
      if (bridge == NULL)
        break;
      address = bridge;
    }
  g_string_prepend_len (path, address, strrchr (address, ':') - address);
  g_string_prepend (path, "pci");
  return g_strdup (path->str);
}

static char *
read_driver_from_uevent (const PfScanSource *source, const PfFunction *function)
{
  g_autofree char *text = read_attribute (source, function, "uevent");
  g_auto (GStrv) lines = g_strsplit (text == NULL ? "" : text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "DRIVER="))
      return pf_text_to_name (lines[i] + strlen ("DRIVER="));
  return NULL;
}

static char **
read_reset_methods (const PfScanSource *source, const PfFunction *function)
{
  g_autofree char *text = read_attribute (source, function, "reset_method");
  g_autofree char *reset = attribute_path (function, "reset");
  g_autoptr (GStrvBuilder) methods = g_strv_builder_new ();
  g_auto (GStrv) words = g_strsplit_set (text == NULL ? "" : text, " \t\n", -1);
  gboolean found = FALSE;
  struct stat status;

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      {
        g_strv_builder_add (methods, words[i]);
        found = TRUE;
      }
  /* Before Linux 5.15 there was only the trigger, and no word about how. */
  if (text == NULL && pf_tree_stat (source->tree, PF_TREE_SYS, reset, &status))
    {
      g_strv_builder_add (methods, "reset");
      found = TRUE;
    }
  return found ? g_strv_builder_end (methods) : NULL;
}

static void
list_groups (PfScanSource *source)
{
  g_autoptr (GPtrArray) groups = pf_tree_list (source->tree, PF_TREE_SYS, GROUPS);

  source->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < groups->len; i++)
    {
      const char *group = g_ptr_array_index (groups, i);
      g_autofree char *path = g_strdup_printf (GROUPS "/%s/devices", group);
      g_autoptr (GPtrArray) members = pf_tree_list (source->tree, PF_TREE_SYS, path);
      guint64 number;

      if (!g_ascii_string_to_unsigned (group, 10, 0, G_MAXINT, &number, NULL))
        continue;
      for (guint j = 0; j < members->len; j++)
        g_hash_table_insert (source->groups, g_strdup (g_ptr_array_index (members, j)),
                             GINT_TO_POINTER ((int) number));
    }
}

static int
read_group (PfScanSource *source, const PfFunction *function)
{
  g_autofree char *path = attribute_path (function, "iommu_group");
  g_autofree char *name = pf_tree_read_link_name (source->tree, PF_TREE_SYS, path);
  guint64 number;
  gpointer group;

  if (name != NULL && g_ascii_string_to_unsigned (name, 10, 0, G_MAXINT, &number, NULL))
    return (int) number;
  if (source->groups == NULL)
    list_groups (source);
  if (g_hash_table_lookup_extended (source->groups, function->address, NULL, &group))
    return GPOINTER_TO_INT (group);
  return -1;
}

/* @header_type from config space, which only root may read beyond byte 64, and which a copy may lack
 * altogether. */
static void
read_config (const PfScanSource *source, PfFunction *function)
{
  g_autofree char *path = attribute_path (function, "config");
  guint8 header[PCI_STD_HEADER_SIZEOF] = { 0 };
  gssize length = pf_tree_read_bytes (source->tree, PF_TREE_SYS, path, 0, header, sizeof header);

  function->dead = function->vendor == 0xffff || (length >= 4 && memcmp (header, "\xff\xff\xff\xff", 4) == 0);
  if (length > PCI_HEADER_TYPE && !function->dead)
    function->header_type = (guint8) (header[PCI_HEADER_TYPE] & ~MULTI_FUNCTION);
  else
    function->header_type
        = function->class_code >> 8 == 0x0604 ? PCI_HEADER_TYPE_BRIDGE : PCI_HEADER_TYPE_NORMAL;
}

/**
 * pf_scan_function:
 * @source: what to read
 * @function: (inout): only @function->address is set
 *
 * Fills everything there is to know about one PCI function, but for its override: see pf_override_read_all().
 */
void
pf_scan_function (PfScanSource *source, PfFunction *function)
{
  g_autofree char *directory = g_strdup_printf (DEVICES "/%s", function->address);
  g_autofree char *place = pf_tree_read_link (source->tree, PF_TREE_SYS, directory);
  g_autofree char *driver = attribute_path (function, "driver");

  function->is_pci = TRUE;
  function->vendor = (guint16) read_number (source, function, "vendor");
  function->device = (guint16) read_number (source, function, "device");
  function->subsystem_vendor = (guint16) read_number (source, function, "subsystem_vendor");
  function->subsystem_device = (guint16) read_number (source, function, "subsystem_device");
  function->class_code = read_number (source, function, "class") & 0xffffff;
  read_config (source, function);
  function->path = place == NULL ? NULL : path_from_place (place);
  if (function->path == NULL)
    function->path = path_from_bridges (source, function->address);
  function->driver = pf_tree_read_link_name (source->tree, PF_TREE_SYS, driver);
  if (function->driver == NULL && place == NULL)
    function->driver = read_driver_from_uevent (source, function);
  function->iommu_group = read_group (source, function);
  function->reset_methods = read_reset_methods (source, function);
  function->name = pf_names_get_pci (source->names, function->vendor, function->device, function->class_code);
}

/**
 * pf_scan_function_platform:
 * @source: what to read
 * @function: (inout): only @function->address is set
 * @group: its IOMMU group
 *
 * Fills what there is to know about a member of a group that is no PCI function.
 */
void
pf_scan_function_platform (PfScanSource *source, PfFunction *function, int group)
{
  g_autofree char *path = g_strdup_printf (GROUPS "/%d/devices/%s/driver", group, function->address);

  function->is_pci = FALSE;
  function->iommu_group = group;
  function->name = pf_text_to_name (function->address);
  function->driver = pf_tree_read_link_name (source->tree, PF_TREE_SYS, path);
}
