/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Questions that an IOMMU group of a linked PfBoard answers. */

#include "pf-board.h"

#define HEADER_TYPE_BRIDGE 1

/* What vfio accepts beside its own drivers: no driver, pci-stub, and any driver of a PCI-to-PCI bridge
 * (vfio_dev_driver_allowed() and the device-owner rules of pci_dma_configure(), Linux 6.1). */
static gboolean
stays_out_of_the_way (const PfFunction *function)
{
  if (function->driver == NULL || g_str_equal (function->driver, "pci-stub"))
    return TRUE;
  if (g_str_equal (function->driver, "pcieport") || pf_function_is_lent (function))
    return TRUE;
  return function->is_pci && function->header_type == HEADER_TYPE_BRIDGE;
}

/**
 * pf_group_find_stuck:
 * @group: a group
 *
 * Returns: (transfer none) (nullable): a member about which the kernel does not answer
 */
const PfFunction *
pf_group_find_stuck (const PfGroup *group)
{
  for (guint i = 0; i < group->members->len; i++)
    {
      const PfFunction *member = group->members->pdata[i];

      if (member->is_stuck)
        return member;
    }
  return NULL;
}

/**
 * pf_group_is_viable:
 * @group: an IOMMU group
 * @blocker: (out) (optional): the member that prevents it
 *
 * Whether vfio will accept the group once every member that can be lent is on vfio-pci: those that cannot, bridges
 * and devices that are not PCI, must not have a driver of the host that uses DMA.
 *
 * Returns: whether the group can be lent
 */
gboolean
pf_group_is_viable (const PfGroup *group, const PfFunction **blocker)
{
  for (guint i = 0; i < group->members->len; i++)
    {
      const PfFunction *member = group->members->pdata[i];

      if (member->is_pci && !pf_function_is_bridge (member))
        continue;
      if (stays_out_of_the_way (member))
        continue;
      if (blocker != NULL)
        *blocker = member;
      return FALSE;
    }
  return TRUE;
}

/**
 * pf_group_describe_held:
 * @group: number of an IOMMU group
 * @holder: (nullable): the process that has it open
 *
 * Returns: (transfer full): why it cannot be returned, and what to do
 */
char *
pf_group_describe_held (int group, const char *holder)
{
  return g_strdup_printf ("IOMMU group %d is in use by %s. Detach it from the VM, or stop the VM, first.",
                          group, holder != NULL ? holder : "a VM");
}
