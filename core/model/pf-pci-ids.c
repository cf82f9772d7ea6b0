/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-pci-ids.h"

#include <string.h>

/**
 * pf_pci_ids_parse:
 * @text: vendor and device as lspci -n writes them, for example "8086:8cb1"
 * @vendor: (out): vendor ID
 * @device: (out): device ID
 *
 * Returns: whether @text is exactly that: four hex digits, a colon, four hex digits
 */
gboolean
pf_pci_ids_parse (const char *text, guint16 *vendor, guint16 *device)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 2);
  guint64 v, d;

  if (g_strv_length (parts) != 2 || strlen (parts[0]) != 4 || strlen (parts[1]) != 4)
    return FALSE;
  if (!g_ascii_string_to_unsigned (parts[0], 16, 0, G_MAXUINT16, &v, NULL)
      || !g_ascii_string_to_unsigned (parts[1], 16, 0, G_MAXUINT16, &d, NULL))
    return FALSE;
  *vendor = (guint16) v;
  *device = (guint16) d;
  return TRUE;
}

/**
 * pf_pci_ids_to_string:
 * @vendor: vendor ID
 * @device: device ID
 *
 * Returns: (transfer full): the IDs as pf_pci_ids_parse() reads them
 */
char *
pf_pci_ids_to_string (guint16 vendor, guint16 device)
{
  return g_strdup_printf ("%04x:%04x", vendor, device);
}
