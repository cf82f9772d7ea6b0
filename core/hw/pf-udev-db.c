/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-udev-db.h"

#include <string.h>

/**
 * pf_udev_db_read:
 * @tree: the kernel, and udev's database
 * @id: of a device, as udev calls it: "b8:17" or "c189:5" by device number, "+input:input3" by subsystem and name
 *   (sd_device_get_device_id())
 * @property: for example "ID_SEAT"
 *
 * What udev's rules have said of a device. libudev reads the same files, but only those of /run/udev, and only for
 * devices of /sys: it knows no saved copy and no fake kernel. The lines are "E:PROPERTY=VALUE" (device_update_db() in
 * systemd's src/libsystemd/sd-device/device-private.c).
 *
 * Returns: (transfer full) (nullable): its value; NULL when udev has not said it, or there is no udev
 */
char *
pf_udev_db_read (PfTree *tree, const char *id, const char *property)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gsize length = strlen (property);

  if (*id == '\0' || strchr (id, '/') != NULL)
    return NULL;
  text = pf_tree_read_table (tree, PF_TREE_UDEV, id);
  lines = g_strsplit (text != NULL ? text : "", "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "E:") && strncmp (lines[i] + 2, property, length) == 0
        && lines[i][2 + length] == '=')
      return g_strdup (lines[i] + 2 + length + 1);
  return NULL;
}
