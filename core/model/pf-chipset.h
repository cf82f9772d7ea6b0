/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PF_CHIPSET_MAX_EHCIS 2
#define PF_CHIPSET_MAX_PORTS 16
#define PF_CHIPSET_NO_BIT (-1)

/**
 * PfChipset:
 * @vendor: PCI vendor ID of the xHCI
 * @device: PCI device ID of the xHCI
 * @name: in words
 * @require_address: where the xHCI has to be, normally "0000:00:14.0"; NULL for anywhere
 * @ehci_count: how many companion EHCIs there can be
 * @ehci: the companions, EHCI #1 first: IDs and address
 * @usbr_bit: the internal port that must never change, or PF_CHIPSET_NO_BIT
 * @mask_max: the most bits of XUSB2PR that may ever be changed
 * @ehci_bits: bit of port 1, 2, 3 ... of each EHCI's rate matching hub; PF_CHIPSET_NO_BIT where it cannot move
 * @xhci_bits: bit of port 1, 2, 3 ... of the xHCI's USB2 root hub, by Linux port number
 * @super_speed_bits: bit in USB3_PSSEN of port 1, 2, 3 ... of the xHCI's USB3 root hub
 * @denied_subsystems: (nullable): "vvvv:dddd" on which Linux itself refuses to route
 * @experimental: the map was inferred, not seen
 *
 * What is known of one xHCI with a routing register. Read from chipsets.conf, where each fact has its source.
 */
typedef struct
{
  guint16 vendor;
  guint16 device;
  char *name;
  char *require_address;
  guint ehci_count;
  struct
  {
    guint16 vendor;
    guint16 device;
    char *address;
  } ehci[PF_CHIPSET_MAX_EHCIS];
  int usbr_bit;
  guint32 mask_max;
  guint32 super_speed_mask_max;
  gint8 ehci_bits[PF_CHIPSET_MAX_EHCIS][PF_CHIPSET_MAX_PORTS];
  gint8 xhci_bits[PF_CHIPSET_MAX_PORTS];
  gint8 super_speed_bits[PF_CHIPSET_MAX_PORTS];
  char **denied_subsystems;
  gboolean experimental;
} PfChipset;

/**
 * PfChipsetTable:
 *
 * The allowlist of xHCIs whose routing register may be written, and what is known of other chips.
 */
typedef struct _PfChipsetTable PfChipsetTable;

PfChipsetTable *pf_chipset_table_new (void);
void pf_chipset_table_free (PfChipsetTable *table);
gboolean pf_chipset_table_add (PfChipsetTable *table, const char *data, gsize length, GError **error);
const PfChipset *pf_chipset_table_lookup (const PfChipsetTable *table, guint16 vendor, guint16 device);
const PfChipset *
pf_chipset_table_lookup_companion (const PfChipsetTable *table, guint16 vendor, guint16 device);
const GPtrArray *pf_chipset_table_get_quirks (const PfChipsetTable *table, guint16 vendor, guint16 device);
guint pf_chipset_table_get_size (const PfChipsetTable *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfChipsetTable, pf_chipset_table_free)

G_END_DECLS
