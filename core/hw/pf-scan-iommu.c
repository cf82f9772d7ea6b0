/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is known of the machine's IOMMU: whose it is, whether the firmware offers it and the kernel uses it.
 */

#include "pf-scan-iommu.h"

#include <string.h>

#define HOST_BRIDGE "bus/pci/devices/0000:00:00.0"
#define VENDOR_ID "vendor_id"

/* Returns: (transfer full) (nullable): "GenuineIntel" from "vendor_id\t: GenuineIntel". Zhaoxin's has blanks
 * at both ends. */
static char *
find_vendor_id (const char *cpuinfo)
{
  const char *line = cpuinfo != NULL ? strstr (cpuinfo, VENDOR_ID) : NULL;
  const char *colon = line != NULL ? strchr (line, ':') : NULL;

  return colon != NULL ? g_strstrip (g_strndup (colon + 1, strcspn (colon + 1, "\n"))) : NULL;
}

/* A saved copy may lack /proc/cpuinfo; then the host bridge tells. */
static PfCpuVendor
read_cpu_vendor (PfTree *tree)
{
  g_autofree char *text = pf_tree_read_text (tree, PF_TREE_PROC, "cpuinfo");
  g_autofree char *id = find_vendor_id (text);
  PfCpuVendor cpu_vendor = pf_cpu_vendor_from_id (id);
  guint64 vendor = 0;

  /* The host bridge tells only where a copy has no cpuinfo: the doctor reads that alone. */
  if (id != NULL)
    return cpu_vendor;
  pf_tree_read_uint (tree, PF_TREE_SYS, HOST_BRIDGE "/vendor", 16, &vendor);
  switch (vendor)
    {
    case 0x8086: /* Intel */
    case 0x1d17: /* Zhaoxin */
    case 0x1106: /* VIA, before it */
      return PF_CPU_VENDOR_INTEL;
    case 0x1022: /* AMD */
    case 0x1d94: /* Hygon */
      return PF_CPU_VENDOR_AMD;
    default:
      return PF_CPU_VENDOR_UNKNOWN;
    }
}

static gboolean
has_any (PfTree *tree, const char *directory)
{
  g_autoptr (GPtrArray) names = pf_tree_list (tree, PF_TREE_SYS, directory);

  return names->len > 0;
}

/* The tables themselves are root's; that they are there everybody may see. */
static PfIommuTable
read_table (PfTree *tree)
{
  struct stat status;

  if (!has_any (tree, "firmware/acpi/tables"))
    return PF_IOMMU_TABLE_UNKNOWN;
  if (pf_tree_stat (tree, PF_TREE_SYS, "firmware/acpi/tables/DMAR", &status)
      || pf_tree_stat (tree, PF_TREE_SYS, "firmware/acpi/tables/IVRS", &status))
    return PF_IOMMU_TABLE_PRESENT;
  return PF_IOMMU_TABLE_ABSENT;
}

/**
 * pf_scan_iommu:
 * @tree: the kernel
 * @board: a board that is being filled
 *
 * Reads what pf_iommu_judge() wants to know.
 */
void
pf_scan_iommu (PfTree *tree, PfBoard *board)
{
  board->cpu_vendor = read_cpu_vendor (tree);
  board->has_iommu = has_any (tree, "kernel/iommu_groups");
  board->has_iommu_driver = has_any (tree, "class/iommu");
  board->iommu_table = read_table (tree);
  g_free (board->kernel_parameters);
  board->kernel_parameters = pf_tree_read_text (tree, PF_TREE_PROC, "cmdline");
}
