/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-plan.h"

G_BEGIN_DECLS

/* Where its plan leads to, in the journal. Not home: what leads there is finished by whoever finds it, and this has to go
 * back. */
#define PF_TAKE_HOME_PROFILE "take-home"

PfPlan *pf_take_home_plan (const PfBoard *board, const PfController *controller, GError **error);
PfPlan *pf_take_home_compute (const PfBoard *board, const PfController *controller, GError **error);
char *pf_take_home_advise (const PfBoard *board, const PfController *controller);
char *pf_take_home_name (const PfBoard *board, const char *address);

G_END_DECLS
