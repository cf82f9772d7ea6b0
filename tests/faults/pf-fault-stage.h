/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One switch on its bench: plays schedules, and judges what came of them. */
#pragma once

#include "pf-fault-plan.h"

G_BEGIN_DECLS

typedef enum
{
  PF_FAULT_REACHED,  /* what was wanted */
  PF_FAULT_RESTORED, /* exactly what was before */
  PF_FAULT_DEGRADED, /* neither, because the kernel refused; it is said what, and the way home is open */
  PF_FAULT_LOST,     /* all else */
  PF_FAULT_N_OUTCOMES
} PfFaultOutcome;

typedef struct _PfFaultStage PfFaultStage;

PfFaultStage *pf_fault_stage_new (guint index);
void pf_fault_stage_free (PfFaultStage *stage);
const PfFaultOps *pf_fault_stage_get_ops (const PfFaultStage *stage);
PfFaultOutcome
pf_fault_stage_play (PfFaultStage *stage, const PfFaultSchedule *schedule, gboolean with_story);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfFaultStage, pf_fault_stage_free)

G_END_DECLS
