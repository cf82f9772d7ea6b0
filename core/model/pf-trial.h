/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-plan.h"

G_BEGIN_DECLS

/* Where its plan leads to. Not home: what leads there is finished by whoever finds it in the journal, and this has to go
 * back. */
#define PF_TRIAL_PROFILE "trial"

PfPlan *pf_trial_compute (const PfBoard *board, const PfRouter *router, guint bit, GError **error);
char **pf_trial_list_seen (const PfBoard *board, const char *router, guint bit, gboolean on_xhci);

G_END_DECLS
