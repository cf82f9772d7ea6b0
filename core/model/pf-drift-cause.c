/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-drift-cause.h"

/**
 * pf_drift_get_facts:
 * @router: a router whose register was changed
 * @resumed: the machine has slept and woken up a moment ago
 *
 * Returns: what can be told from the board
 */
PfDriftFacts
pf_drift_get_facts (const PfRouter *router, gboolean resumed)
{
  const PfController *controller = router->controller;

  return (PfDriftFacts){
    .is = router->value,
    .firmware_mask = router->firmware_mask,
    .resumed = resumed,
    .may_sleep = router->power == PF_POWER_AUTO,
    .owner = pf_function_get_owner (controller->function),
    .held = controller->group != NULL && controller->group->held,
  };
}

/**
 * pf_drift_find_cause:
 * @facts: what is known
 *
 * When xhci_hcd resumes, from system sleep or from runtime suspend, it routes every port that the firmware lets it to
 * the xHCI (usb_enable_intel_xhci_ports() in drivers/usb/host/pci-quirks.c). Another value after a sleep, or any while
 * xhci_hcd does not have the controller, is the firmware's. A guest that has the xHCI can write the register itself:
 * vfio passes that part of config space through.
 *
 * Returns: (transfer none): "resume", "runtime-pm", "firmware", "guest" or "unknown"
 */
const char *
pf_drift_find_cause (const PfDriftFacts *facts)
{
  gboolean as_kernel_does = (facts->is & facts->firmware_mask) == facts->firmware_mask;

  if (facts->owner == PF_OWNER_HOST && as_kernel_does && facts->resumed)
    return "resume";
  if (facts->resumed)
    return "firmware";
  if (facts->owner == PF_OWNER_GUEST && facts->held)
    return "guest";
  if (facts->owner == PF_OWNER_HOST && as_kernel_does && facts->may_sleep)
    return "runtime-pm";
  return "unknown";
}
