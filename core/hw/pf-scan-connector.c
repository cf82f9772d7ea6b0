/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is read of the connectors of graphics cards, wherever those hang. */

#include "pf-scan-connector.h"

#include <string.h>

/**
 * pf_scan_connector_get_name:
 * @entry: name of a folder in class/drm, for example "card0-HDMI-A-1"
 *
 * Returns: (transfer none) (nullable): the connector's own, "HDMI-A-1"; NULL for what is no connector
 */
const char *
pf_scan_connector_get_name (const char *entry)
{
  const char *digits = entry + strlen ("card");
  gsize length;

  if (!g_str_has_prefix (entry, "card"))
    return NULL;
  length = strspn (digits, "0123456789");
  return length > 0 && digits[length] == '-' && digits[length + 1] != '\0' ? digits + length + 1 : NULL;
}

/**
 * pf_scan_attribute_is:
 * @tree: the kernel
 * @directory: below /sys
 * @attribute: a file in it
 * @value: a text without a line break
 *
 * Returns: whether the attribute reads as @value
 */
gboolean
pf_scan_attribute_is (PfTree *tree, const char *directory, const char *attribute, const char *value)
{
  g_autofree char *path = g_strdup_printf ("%s/%s", directory, attribute);
  g_autofree char *text = pf_tree_read_text (tree, PF_TREE_SYS, path);

  return g_strcmp0 (text, value) == 0;
}
