/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether a controller can be unplugged: one in a dock behind a Thunderbolt or USB4 port, or in a hot-plug
 * slot. */

#include "pf-scan-removable.h"

#include <linux/pci_regs.h>
#include <string.h>

#include "pf-pci-address.h"
#include "pf-reset-quirk.h"

#define DEVICES "bus/pci/devices"
#define MAX_BRIDGES 32      /* on the way to a function; a bound for trees that somebody made up */
#define MAX_CAPABILITIES 48 /* as in drivers/pci/pci.c: PCI_FIND_CAP_TTL */
#define VSEC_ID_INTEL_TBT 0x1234
#define VENDOR_INTEL 0x8086

/* Older kernels call all behind a port that faces outwards "removable", the computer's own Thunderbolt chip too
 * (commit 3b96b895127b, "PCI: Detect and trust built-in Thunderbolt chips", in Linux 6.13, and also in later
 * releases of 6.11, 5.15 and others). */
#define OWN_CHIP_IS_FIXED PF_KERNEL_VERSION (6, 13)

typedef enum
{
  BRIDGE_PLAIN,
  BRIDGE_HOT_PLUG,    /* what is behind it can be pulled at any time */
  BRIDGE_THUNDERBOLT, /* of a Thunderbolt chip: the computer's own one, or one in a dock */
  BRIDGE_DOCK,        /* of a Thunderbolt chip for docks only */
  BRIDGE_TUNNEL,      /* the root port of a USB4 port: all behind it is plugged in */
} Bridge;

/* From the PCI ID database, and Barlow Ridge's hubs from drivers/thunderbolt/nhi.h. Not checked: 5780, 5783, those
 * of Raptor Lake (a71f ...) and Lunar Lake (a84e ...), and AMD's 150a and 14ef. */
static const struct
{
  guint16 vendor;
  guint16 device;
  Bridge bridge;
} known[] = {
  /* Light Ridge, Eagle Ridge, Light Peak, Cactus Ridge, Port Ridge: one ID for all functions of the chip. */
  { 0x8086, 0x1513, BRIDGE_THUNDERBOLT },
  { 0x8086, 0x151a, BRIDGE_THUNDERBOLT },
  { 0x8086, 0x151b, BRIDGE_THUNDERBOLT },
  { 0x8086, 0x1547, BRIDGE_THUNDERBOLT },
  { 0x8086, 0x1548, BRIDGE_THUNDERBOLT },
  { 0x8086, 0x1549, BRIDGE_THUNDERBOLT },
  /* Redwood Ridge, Falcon Ridge, Win Ridge */
  { 0x8086, 0x1567, BRIDGE_THUNDERBOLT },
  { 0x8086, 0x1569, BRIDGE_THUNDERBOLT },
  { 0x8086, 0x156b, BRIDGE_THUNDERBOLT },
  { 0x8086, 0x156d, BRIDGE_THUNDERBOLT },
  { 0x8086, 0x157e, BRIDGE_THUNDERBOLT },
  /* Alpine Ridge */
  { 0x8086, 0x1576, BRIDGE_THUNDERBOLT },
  { 0x8086, 0x1578, BRIDGE_THUNDERBOLT },
  { 0x8086, 0x15c0, BRIDGE_THUNDERBOLT },
  { 0x8086, 0x15d3, BRIDGE_THUNDERBOLT },
  { 0x8086, 0x15da, BRIDGE_THUNDERBOLT },
  /* Titan Ridge, Maple Ridge, Barlow Ridge */
  { 0x8086, 0x15e7, BRIDGE_THUNDERBOLT },
  { 0x8086, 0x15ea, BRIDGE_THUNDERBOLT },
  { 0x8086, 0x1136, BRIDGE_THUNDERBOLT },
  { 0x8086, 0x5780, BRIDGE_THUNDERBOLT },
  { 0x8086, 0x5783, BRIDGE_THUNDERBOLT },
  /* Titan Ridge DD, Goshen Ridge, Barlow Ridge Hub */
  { 0x8086, 0x15ef, BRIDGE_DOCK },
  { 0x8086, 0x0b26, BRIDGE_DOCK },
  { 0x8086, 0x5786, BRIDGE_DOCK },
  { 0x8086, 0x57a4, BRIDGE_DOCK },
  /* Ice Lake, Tiger Lake-LP and -H, Alder Lake-P, Raptor Lake-P, Meteor Lake-P, Lunar Lake-M */
  { 0x8086, 0xa71f, BRIDGE_TUNNEL },
  { 0x8086, 0xa72f, BRIDGE_TUNNEL },
  { 0x8086, 0xa76e, BRIDGE_TUNNEL },
  { 0x8086, 0xa84e, BRIDGE_TUNNEL },
  { 0x8086, 0xa84f, BRIDGE_TUNNEL },
  { 0x8086, 0xa860, BRIDGE_TUNNEL },
  { 0x8086, 0x8a1d, BRIDGE_TUNNEL },
  { 0x8086, 0x8a1f, BRIDGE_TUNNEL },
  { 0x8086, 0x8a21, BRIDGE_TUNNEL },
  { 0x8086, 0x8a23, BRIDGE_TUNNEL },
  { 0x8086, 0x9a23, BRIDGE_TUNNEL },
  { 0x8086, 0x9a25, BRIDGE_TUNNEL },
  { 0x8086, 0x9a27, BRIDGE_TUNNEL },
  { 0x8086, 0x9a29, BRIDGE_TUNNEL },
  { 0x8086, 0x9a2b, BRIDGE_TUNNEL },
  { 0x8086, 0x9a2d, BRIDGE_TUNNEL },
  { 0x8086, 0x9a2f, BRIDGE_TUNNEL },
  { 0x8086, 0x9a31, BRIDGE_TUNNEL },
  { 0x8086, 0x461f, BRIDGE_TUNNEL },
  { 0x8086, 0x462f, BRIDGE_TUNNEL },
  { 0x8086, 0x463f, BRIDGE_TUNNEL },
  { 0x8086, 0x466e, BRIDGE_TUNNEL },
  { 0x8086, 0x7ec4, BRIDGE_TUNNEL },
  { 0x8086, 0x7ec5, BRIDGE_TUNNEL },
  { 0x8086, 0x7ec6, BRIDGE_TUNNEL },
  { 0x8086, 0x7ec7, BRIDGE_TUNNEL },
  /* AMD Rembrandt, Phoenix, Strix */
  { 0x1022, 0x150a, BRIDGE_TUNNEL },
  { 0x1022, 0x14cd, BRIDGE_TUNNEL },
  { 0x1022, 0x14ef, BRIDGE_TUNNEL },
};

static guint16
read_id (PfTree *tree, const char *address, const char *attribute)
{
  g_autofree char *path = g_strdup_printf (DEVICES "/%s/%s", address, attribute);
  guint64 value = 0;

  pf_tree_read_uint (tree, PF_TREE_SYS, path, 16, &value);
  return (guint16) value;
}

static guint32
get_config (const guint8 *config, gsize length, gsize offset, gsize size)
{
  guint32 value = 0;

  for (gsize i = 0; i < size && offset + i < length; i++)
    value |= (guint32) config[offset + i] << 8 * i;
  return value;
}

/* A slot out of which people pull things without asking first (PCI Express Base Specification, Slot
 * Capabilities). */
static gboolean
is_hot_plug (const guint8 *config, gsize length)
{
  gsize offset = get_config (config, length, PCI_CAPABILITY_LIST, 1) & ~3u;
  const guint32 both = PCI_EXP_SLTCAP_HPC | PCI_EXP_SLTCAP_HPS;

  if ((get_config (config, length, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST) == 0)
    return FALSE;
  for (guint i = 0; i < MAX_CAPABILITIES && offset >= PCI_STD_HEADER_SIZEOF; i++)
    {
      if (get_config (config, length, offset, 1) == PCI_CAP_ID_EXP)
        return (get_config (config, length, offset + PCI_EXP_FLAGS, 2) & PCI_EXP_FLAGS_SLOT) != 0
               && (get_config (config, length, offset + PCI_EXP_SLTCAP, 4) & both) == both;
      offset = get_config (config, length, offset + PCI_CAP_LIST_NEXT, 1) & ~3u;
    }
  return FALSE;
}

/* As set_pcie_thunderbolt() in drivers/pci/probe.c does. */
static gboolean
has_thunderbolt_vsec (const guint8 *config, gsize length)
{
  gsize offset = PCI_CFG_SPACE_SIZE;

  for (guint i = 0; i < MAX_CAPABILITIES * 4 && offset >= PCI_CFG_SPACE_SIZE && offset + 8 <= length; i++)
    {
      guint32 header = get_config (config, length, offset, 4);

      if (header == 0 || header == G_MAXUINT32)
        return FALSE;
      if (PCI_EXT_CAP_ID (header) == PCI_EXT_CAP_ID_VNDR
          && PCI_VNDR_HEADER_ID (get_config (config, length, offset + PCI_VNDR_HEADER, 4))
                 == VSEC_ID_INTEL_TBT)
        return TRUE;
      offset = PCI_EXT_CAP_NEXT (header);
    }
  return FALSE;
}

static Bridge
read_bridge (PfTree *tree, const char *address)
{
  guint16 vendor = read_id (tree, address, "vendor"), device = read_id (tree, address, "device");
  g_autofree char *path = g_strdup_printf (DEVICES "/%s/config", address);
  guint8 config[PCI_CFG_SPACE_EXP_SIZE] = { 0 };
  gssize length;

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].vendor == vendor && known[i].device == device && known[i].bridge != BRIDGE_THUNDERBOLT)
      return known[i].bridge;
  length = pf_tree_read_bytes (tree, PF_TREE_SYS, path, 0, config, sizeof config);
  if (length > 0 && is_hot_plug (config, (gsize) length))
    return BRIDGE_HOT_PLUG;
  if (length > 0 && vendor == VENDOR_INTEL && has_thunderbolt_vsec (config, (gsize) length))
    return BRIDGE_THUNDERBOLT;
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].vendor == vendor && known[i].device == device)
      return known[i].bridge;
  return BRIDGE_PLAIN;
}

/* The bridges on the way to a function, the root port first. */
static GArray *
read_way (PfTree *tree, const char *address)
{
  g_autofree char *directory = g_strdup_printf (DEVICES "/%s", address);
  g_autofree char *place = pf_tree_read_link (tree, PF_TREE_SYS, directory);
  g_auto (GStrv) elements = g_strsplit (place != NULL ? place : "", "/", -1);
  GArray *way = g_array_new (FALSE, FALSE, sizeof (Bridge));

  for (guint i = 0; elements[i] != NULL && way->len < MAX_BRIDGES; i++)
    if (pf_pci_address_is_canonical (elements[i]) && !g_str_equal (elements[i], address))
      {
        Bridge bridge = read_bridge (tree, elements[i]);

        g_array_append_val (way, bridge);
      }
  return way;
}

/* How far down the way the computer's own Thunderbolt chip begins; a port of it is the next bridge. */
static guint
find_own_chip (const GArray *way)
{
  for (guint i = 0; i < way->len; i++)
    {
      Bridge bridge = g_array_index (way, Bridge, i);

      if (bridge == BRIDGE_THUNDERBOLT)
        return i;
      if (bridge == BRIDGE_TUNNEL || bridge == BRIDGE_DOCK)
        break;
    }
  return way->len;
}

/* A part of the computer's own chip, such as its USB controller: no bridge of anything plugged in is on the
 * way. */
static gboolean
is_own_part (const GArray *way)
{
  guint chip = find_own_chip (way);

  return chip + 2 == way->len && g_array_index (way, Bridge, chip + 1) == BRIDGE_THUNDERBOLT;
}

static gboolean
can_be_pulled (const GArray *way)
{
  if (is_own_part (way))
    return FALSE;
  if (find_own_chip (way) + 2 < way->len)
    return TRUE;
  for (guint i = 0; i < way->len; i++)
    if (g_array_index (way, Bridge, i) != BRIDGE_PLAIN
        && g_array_index (way, Bridge, i) != BRIDGE_THUNDERBOLT)
      return TRUE;
  return FALSE;
}

/**
 * pf_scan_removable:
 * @tree: the kernel
 * @address: of a PCI function
 * @kernel_version: of the running kernel; 0 when it is not known
 *
 * The kernel's word (the attribute "removable", since Linux 5.14) counts where it has one. Else the bridges
 * on the way tell: hot-plug slots, and those of Thunderbolt chips.
 *
 * Returns: whether it can be unplugged while the computer runs
 */
gboolean
pf_scan_removable (PfTree *tree, const char *address, guint kernel_version)
{
  g_autofree char *path = g_strdup_printf (DEVICES "/%s/removable", address);
  g_autofree char *word = pf_tree_read_text (tree, PF_TREE_SYS, path);
  g_autoptr (GArray) way = NULL;

  if (word != NULL && g_str_equal (g_strchomp (word), "fixed"))
    return FALSE;
  way = read_way (tree, address);
  if (word != NULL && g_str_equal (word, "removable"))
    return kernel_version >= OWN_CHIP_IS_FIXED || !is_own_part (way);
  return can_be_pulled (way);
}
