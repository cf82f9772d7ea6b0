/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Within core/model only. */
#pragma once

#include "pf-plan.h"

G_BEGIN_DECLS

void pf_plan_lend_devices (PfStep *step, const PfGroup *group);
void pf_plan_return_devices (PfStep *step, const PfGroup *group, const PfLoan *loan);
void pf_plan_add_nodes (
    PfPlan *plan, const PfBoard *board, const PfProfile *profile, const PfNode *node, GHashTable *groups);

G_END_DECLS
