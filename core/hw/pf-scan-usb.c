/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-scan-usb.h"

#include <string.h>

#include "pf-scan-interface.h"
#include "pf-text.h"

/* USB allows seven tiers (USB 2.0, 4.1.1) and 127 devices on a bus; a bound for trees that somebody made up.
 */
#define MAX_DEPTH 7
#define MAX_DEVICES 512

#define CLASS_HUB 0x09

#define INTEL_USB 0x8087

typedef struct
{
  PfTree *tree;
  PfNames *names;
  PfController *controller;
} UsbScan;

/* The hubs that 7, 8, 9 series and X99 chipsets put between EHCI and sockets. From hardware listings
 * (linux-usb.org's usb.ids, and lsusb of such machines). */
static const guint16 rate_matching_hubs[] = { 0x0024, 0x8000, 0x8001, 0x8002, 0x8008, 0x8009, 0x800a };

static guint
read_number (PfTree *tree, const char *directory, const char *attribute, guint base)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", directory, attribute);
  guint64 value = 0;

  pf_tree_read_uint (tree, PF_TREE_SYS, path, base, &value);
  return (guint) MIN (value, G_MAXUINT);
}

/* In Mbit/s. Low speed reads "1.5" and becomes 1; "unknown" becomes 0. */
static guint
read_speed (PfTree *tree, const char *directory)
{
  g_autofree char *path = g_strdup_printf ("%s/speed", directory);
  g_autofree char *text = pf_tree_read_text (tree, PF_TREE_SYS, path);

  return text == NULL ? 0 : (guint) MIN (g_ascii_strtoull (text, NULL, 10), G_MAXUINT);
}

static char *
read_name (PfTree *tree, const char *directory, const char *attribute)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", directory, attribute);
  g_autofree char *text = pf_tree_read_text (tree, PF_TREE_SYS, path);

  return pf_text_to_name (text);
}

/* Whether @product names its maker already: "Logitech USB Keyboard" of "Logitech, Inc.". */
static gboolean
mentions_maker (const char *product, const char *maker)
{
  g_autofree char *first_word = g_strndup (maker, strcspn (maker, " ,.("));
  g_autofree char *needle = g_utf8_casefold (first_word, -1);
  g_autofree char *hay = g_utf8_casefold (product, -1);

  return strstr (hay, needle) != NULL;
}

static char *
name_device (const UsbScan *scan, const char *directory, guint16 vendor, guint16 product)
{
  g_autofree char *product_name = read_name (scan->tree, directory, "product");
  g_autofree char *maker = NULL;
  g_autofree char *both = NULL;

  if (product_name == NULL)
    return pf_names_get_usb (scan->names, vendor, product);
  maker = read_name (scan->tree, directory, "manufacturer");
  if (maker == NULL || mentions_maker (product_name, maker))
    return g_steal_pointer (&product_name);
  both = g_strdup_printf ("%s %s", maker, product_name);
  return pf_text_to_name (both);
}

static gboolean
is_rate_matching_hub (const UsbScan *scan, const PfUsbDevice *device)
{
  if (scan->controller->kind != PF_CONTROLLER_KIND_EHCI || device->vendor != INTEL_USB)
    return FALSE;
  if (strchr (device->sysname, '.') != NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (rate_matching_hubs); i++)
    if (device->product == rate_matching_hubs[i])
      return TRUE;
  return FALSE;
}

/* A name the kernel gives: @prefix, "3-" or "3-1.", and a port number. */
static gboolean
is_child_name (const char *name, const char *prefix)
{
  const char *port = name + strlen (prefix);

  if (!g_str_has_prefix (name, prefix) || *port == '\0' || strlen (port) > 3)
    return FALSE;
  return strspn (port, "0123456789") == strlen (port);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strverscmp (*(const char *const *) a, *(const char *const *) b);
}

static void scan_children (
    const UsbScan *scan, const char *directory, GPtrArray *entries, const char *prefix, guint depth);

static void
scan_device (const UsbScan *scan, const char *directory, const char *sysname, guint depth)
{
  g_autoptr (GPtrArray) entries = NULL;
  g_autofree char *id_path = g_strdup_printf ("%s/idVendor", directory);
  g_autofree char *prefix = g_strdup_printf ("%s.", sysname);
  PfUsbDevice *device;
  guint64 vendor;

  /* Gone in the meantime. */
  if (!pf_tree_read_uint (scan->tree, PF_TREE_SYS, id_path, 16, &vendor))
    return;
  device = pf_controller_add_device (scan->controller, sysname);
  device->vendor = (guint16) vendor;
  device->product = (guint16) read_number (scan->tree, directory, "idProduct", 16);
  g_free (device->name);
  device->name = name_device (scan, directory, device->vendor, device->product);
  device->speed = read_speed (scan->tree, directory);
  device->is_hub = read_number (scan->tree, directory, "bDeviceClass", 16) == CLASS_HUB;
  device->ports = device->is_hub ? read_number (scan->tree, directory, "maxchild", 10) : 0;
  device->is_rate_matching = is_rate_matching_hub (scan, device);
  entries = pf_tree_list (scan->tree, PF_TREE_SYS, directory);
  pf_scan_interfaces (scan->tree, directory, entries, device);
  if (device->is_hub)
    scan_children (scan, directory, entries, prefix, depth + 1);
}

static void
scan_children (
    const UsbScan *scan, const char *directory, GPtrArray *entries, const char *prefix, guint depth)
{
  if (depth > MAX_DEPTH)
    return;
  g_ptr_array_sort (entries, compare_names);
  for (guint i = 0; i < entries->len && scan->controller->devices->len < MAX_DEVICES; i++)
    {
      const char *name = g_ptr_array_index (entries, i);
      g_autofree char *path = g_strdup_printf ("%s/%s", directory, name);

      if (is_child_name (name, prefix))
        scan_device (scan, path, name, depth);
    }
}

static void
scan_root_hub (const UsbScan *scan, const char *directory, guint number)
{
  g_autoptr (GPtrArray) entries = pf_tree_list (scan->tree, PF_TREE_SYS, directory);
  g_autofree char *prefix = g_strdup_printf ("%u-", number);
  guint bus = read_number (scan->tree, directory, "busnum", 10);

  pf_controller_add_root_hub (scan->controller, bus != 0 ? bus : number, read_speed (scan->tree, directory),
                              read_number (scan->tree, directory, "maxchild", 10));
  scan_children (scan, directory, entries, prefix, 1);
}

/**
 * pf_scan_usb:
 * @controller: (inout): a controller whose function is filled
 *
 * Reads the root hubs of a controller, and what is plugged in below them. A controller whose driver is not
 * the kernel's own USB driver has none.
 */
void
pf_scan_usb (PfTree *tree, PfNames *names, PfController *controller)
{
  g_autofree char *directory = g_strdup_printf ("bus/pci/devices/%s", controller->function->address);
  g_autoptr (GPtrArray) entries = pf_tree_list (tree, PF_TREE_SYS, directory);
  const UsbScan scan = { tree, names, controller };

  g_ptr_array_sort (entries, compare_names);
  for (guint i = 0; i < entries->len; i++)
    {
      const char *name = g_ptr_array_index (entries, i);
      g_autofree char *path = g_strdup_printf ("%s/%s", directory, name);
      guint64 number;

      if (g_str_has_prefix (name, "usb")
          && g_ascii_string_to_unsigned (name + strlen ("usb"), 10, 1, G_MAXUINT16, &number, NULL))
        scan_root_hub (&scan, path, (guint) number);
    }
}
