/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-names.h"

#include <libudev.h>

#include "pf-id-file.h"
#include "pf-text.h"

struct _PfNames
{
  struct udev *udev;
  struct udev_hwdb *hwdb;
  PfIdFile *pci;
  PfIdFile *usb;
  GHashTable *known; /* modalias -> name: a scan asks for the same ones again and again */
};

typedef struct
{
  guint32 class_code;
  guint32 mask;
  const char *words;
} ClassName;

/* From the PCI Code and ID Assignment Specification; what USB controllers share their slots with. */
static const ClassName class_names[] = {
  { 0x0c0300, 0xffffff, "UHCI USB controller" },
  { 0x0c0310, 0xffffff, "OHCI USB controller" },
  { 0x0c0320, 0xffffff, "EHCI USB controller" },
  { 0x0c0330, 0xffffff, "xHCI USB controller" },
  { 0x0c0340, 0xffffff, "USB4 controller" },
  { 0x0c0300, 0xffff00, "USB controller" },
  { 0x0c0500, 0xffff00, "SMBus controller" },
  { 0x060000, 0xffff00, "Host bridge" },
  { 0x060100, 0xffff00, "ISA bridge" },
  { 0x060400, 0xffff00, "PCI bridge" },
  { 0x060000, 0xff0000, "Bridge" },
  { 0x010000, 0xff0000, "Storage controller" },
  { 0x020000, 0xff0000, "Network controller" },
  { 0x030000, 0xff0000, "Display controller" },
  { 0x040000, 0xff0000, "Audio or video device" },
  { 0x100000, 0xff0000, "Encryption controller" },
};

static const char *const pci_ids[] = {
  "/usr/share/hwdata/pci.ids",
  "/usr/share/misc/pci.ids",
  NULL,
};

static const char *const usb_ids[] = {
  "/usr/share/hwdata/usb.ids",
  "/usr/share/misc/usb.ids",
  "/var/lib/usbutils/usb.ids",
  NULL,
};

/**
 * pf_names_new:
 *
 * Opens udev's hardware database and, for machines that have none, the files of hwdata. Where neither is
 * there, names are made of numbers.
 *
 * Returns: (transfer full): the names
 */
PfNames *
pf_names_new (void)
{
  PfNames *names = g_new0 (PfNames, 1);

  names->udev = udev_new ();
  if (names->udev != NULL)
    names->hwdb = udev_hwdb_new (names->udev);
  names->pci = pf_id_file_open (pci_ids);
  names->usb = pf_id_file_open (usb_ids);
  names->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return names;
}

void
pf_names_free (PfNames *names)
{
  g_clear_pointer (&names->hwdb, udev_hwdb_unref);
  g_clear_pointer (&names->udev, udev_unref);
  g_clear_pointer (&names->pci, pf_id_file_free);
  g_clear_pointer (&names->usb, pf_id_file_free);
  g_hash_table_unref (names->known);
  g_free (names);
}

static char *
dup_name (const char *value)
{
  g_autofree char *text = pf_text_clean (value, strlen (value));

  return pf_text_to_name (text);
}

static void
look_up_hwdb (PfNames *names, const char *modalias, char **vendor_name, char **device_name)
{
  struct udev_list_entry *entry = NULL;

  if (names->hwdb != NULL)
    entry = udev_hwdb_get_properties_list_entry (names->hwdb, modalias, 0);
  for (; entry != NULL; entry = udev_list_entry_get_next (entry))
    {
      const char *key = udev_list_entry_get_name (entry);
      const char *value = udev_list_entry_get_value (entry);

      if (g_strcmp0 (key, "ID_VENDOR_FROM_DATABASE") == 0 && *vendor_name == NULL)
        *vendor_name = dup_name (value);
      else if (g_strcmp0 (key, "ID_MODEL_FROM_DATABASE") == 0 && *device_name == NULL)
        *device_name = dup_name (value);
    }
}

/* Vendor and device in words; where one of them is unknown, @kind and the numbers stand for it. */
static char *
look_up (PfNames *names,
         const PfIdFile *file,
         const char *modalias,
         guint16 vendor,
         guint16 device,
         const char *kind)
{
  g_autofree char *vendor_name = NULL;
  g_autofree char *device_name = NULL;

  look_up_hwdb (names, modalias, &vendor_name, &device_name);
  if ((vendor_name == NULL || device_name == NULL) && file != NULL)
    {
      g_clear_pointer (&vendor_name, g_free);
      g_clear_pointer (&device_name, g_free);
      pf_id_file_lookup (file, vendor, device, &vendor_name, &device_name);
    }
  if (vendor_name == NULL)
    return g_strdup_printf ("%s %04x:%04x", kind, vendor, device);
  if (device_name == NULL)
    return g_strdup_printf ("%s %s %04x:%04x", vendor_name, kind, vendor, device);
  return g_strdup_printf ("%s %s", vendor_name, device_name);
}

static char *
look_up_once (
    PfNames *names, const PfIdFile *file, char *modalias, guint16 vendor, guint16 device, const char *kind)
{
  const char *known = g_hash_table_lookup (names->known, modalias);

  if (known == NULL)
    {
      g_autofree char *full = look_up (names, file, modalias, vendor, device, kind);
      char *name = pf_text_to_name (full);

      g_hash_table_insert (names->known, g_strdup (modalias), name);
      known = name;
    }
  return g_strdup (known);
}

static const char *
describe_class (guint32 class_code)
{
  for (guint i = 0; i < G_N_ELEMENTS (class_names); i++)
    if ((class_code & class_names[i].mask) == class_names[i].class_code)
      return class_names[i].words;
  return "PCI device";
}

/**
 * pf_names_get_pci:
 * @vendor: vendor ID
 * @device: device ID
 * @class_code: 24 bits: what to call a device that the database does not know
 *
 * Returns: (transfer full): vendor and device in words, for example "Intel Corporation 9 Series Chipset
 * Family USB xHCI Controller", or "xHCI USB controller 1234:5678"
 */
char *
pf_names_get_pci (PfNames *names, guint16 vendor, guint16 device, guint32 class_code)
{
  /* The shape of hwdb's keys, "pci:v00008086d00008CB1*"; sub-IDs are of no use for a name. */
  g_autofree char *modalias
      = g_strdup_printf ("pci:v%08Xd%08Xsv00000000sd00000000bc%02Xsc%02Xi%02X", vendor, device,
                         (class_code >> 16) & 0xff, (class_code >> 8) & 0xff, class_code & 0xff);

  return look_up_once (names, names->pci, modalias, vendor, device, describe_class (class_code));
}

/**
 * pf_names_get_usb:
 * @vendor: vendor ID
 * @product: product ID
 *
 * Returns: (transfer full): vendor and product in words, or "USB device 1234:5678"
 */
char *
pf_names_get_usb (PfNames *names, guint16 vendor, guint16 product)
{
  g_autofree char *modalias = g_strdup_printf ("usb:v%04Xp%04X", vendor, product);

  return look_up_once (names, names->usb, modalias, vendor, product, "USB device");
}
