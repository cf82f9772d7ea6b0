/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who had the nodes of functions before we lent the rest of their group. */

#include "pf-loan-devices.h"

#include <string.h>

#include "pf-pci-address.h"

#define KEY "DeviceNode-"

static void
device_node_free (PfDeviceNode *device)
{
  g_free (device->address);
  g_free (device);
}

/**
 * pf_loan_devices_new:
 *
 * Returns: (transfer full) (element-type PfDeviceNode): a list of nodes with nothing in it
 */
GPtrArray *
pf_loan_devices_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) device_node_free);
}

/**
 * pf_loan_find_device:
 * @loan: a loan
 * @address: PCI address of a function
 *
 * Returns: (transfer none) (nullable): who had its node before
 */
const PfDeviceNode *
pf_loan_find_device (const PfLoan *loan, const char *address)
{
  for (guint i = 0; i < loan->devices->len; i++)
    {
      const PfDeviceNode *device = loan->devices->pdata[i];

      if (g_str_equal (device->address, address))
        return device;
    }
  return NULL;
}

/**
 * pf_loan_add_device:
 * @loan: a loan
 * @address: PCI address of a function that others had lent
 * @node: who had its node before
 *
 * The first record counts: it says whom the node goes back to.
 *
 * Returns: whether nothing was recorded of it before
 */
gboolean
pf_loan_add_device (PfLoan *loan, const char *address, const PfNode *node)
{
  PfDeviceNode *device;

  if (pf_loan_find_device (loan, address) != NULL)
    return FALSE;
  device = g_new0 (PfDeviceNode, 1);
  device->address = g_strdup (address);
  device->node = *node;
  g_ptr_array_add (loan->devices, device);
  return TRUE;
}

/**
 * pf_loan_devices_copy:
 * @copy: where to add
 * @loan: a loan
 */
void
pf_loan_devices_copy (PfLoan *copy, const PfLoan *loan)
{
  for (guint i = 0; i < loan->devices->len; i++)
    {
      const PfDeviceNode *device = loan->devices->pdata[i];

      pf_loan_add_device (copy, device->address, &device->node);
    }
}

/**
 * pf_loan_devices_write:
 * @loan: a loan
 * @file: the record of what is lent
 * @group: where the loan is in it
 */
void
pf_loan_devices_write (const PfLoan *loan, GKeyFile *file, const char *group)
{
  for (guint i = 0; i < loan->devices->len; i++)
    {
      const PfDeviceNode *device = loan->devices->pdata[i];
      g_autofree char *key = g_strconcat (KEY, device->address, NULL);
      g_autofree char *text
          = g_strdup_printf ("%u:%u:%o", device->node.uid, device->node.gid, device->node.mode);

      g_key_file_set_string (file, group, key, text);
    }
}

/**
 * pf_loan_devices_read:
 * @loan: where to add
 * @file: the record of what is lent; what earlier versions wrote says nothing of these nodes
 * @group: where the loan is in it
 *
 * Returns: whether all that is said of them could be read
 */
gboolean
pf_loan_devices_read (PfLoan *loan, GKeyFile *file, const char *group)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      const char *address = keys[i] + strlen (KEY);
      g_autofree char *text = NULL;
      PfNode node;

      if (!g_str_has_prefix (keys[i], KEY))
        continue;
      text = g_key_file_get_string (file, group, keys[i], NULL);
      if (!pf_pci_address_is_canonical (address) || text == NULL || !pf_loans_parse_node (text, &node))
        return FALSE;
      pf_loan_add_device (loan, address, &node);
    }
  return TRUE;
}

/**
 * pf_loans_parse_node:
 * @text: "UID:GID:MODE", with the mode in octal
 * @node: (out): who may open a node
 *
 * Returns: whether it could be read; @node is untouched otherwise
 */
gboolean
pf_loans_parse_node (const char *text, PfNode *node)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", -1);
  guint64 uid, gid, mode;

  if (g_strv_length (parts) != 3 || !g_ascii_string_to_unsigned (parts[0], 10, 0, G_MAXUINT32, &uid, NULL)
      || !g_ascii_string_to_unsigned (parts[1], 10, 0, G_MAXUINT32, &gid, NULL)
      || !g_ascii_string_to_unsigned (parts[2], 8, 0, 0777, &mode, NULL))
    return FALSE;
  *node = (PfNode){ .uid = (uid_t) uid, .gid = (gid_t) gid, .mode = (mode_t) mode };
  return TRUE;
}
