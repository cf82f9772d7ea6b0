/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-board.h"

G_BEGIN_DECLS

/**
 * PfDriftFacts:
 * @is: XUSB2PR as it reads now
 * @firmware_mask: XUSB2PRM: what the kernel's own routing sets
 * @resumed: the machine has slept and woken up a moment ago
 * @may_sleep: power/control of the xHCI is "auto"
 * @owner: who has the xHCI
 * @held: a process has its group open
 *
 * What is known when a routing register holds something else than what was left in it.
 */
typedef struct
{
  guint32 is;
  guint32 firmware_mask;
  gboolean resumed;
  gboolean may_sleep;
  PfOwner owner;
  gboolean held;
} PfDriftFacts;

PfDriftFacts pf_drift_get_facts (const PfRouter *router, gboolean resumed);
const char *pf_drift_find_cause (const PfDriftFacts *facts);

G_END_DECLS
