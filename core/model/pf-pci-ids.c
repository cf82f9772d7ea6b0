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
  if (strlen (text) != strlen ("8086:8cb1"))
    return FALSE;
  /* g_ascii_string_to_unsigned() takes a vertical tab for a part of a number. */
  for (guint i = 0; text[i] != '\0'; i++)
    if (i == 4 ? text[i] != ':' : !g_ascii_isxdigit (text[i]))
      return FALSE;
  *vendor = (guint16) g_ascii_strtoull (text, NULL, 16);
  *device = (guint16) g_ascii_strtoull (text + 5, NULL, 16);
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
