/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-plan.h"

G_BEGIN_DECLS

PfPlan *pf_take_home_compute (const PfBoard *board,
                              const PfController *controller,
                              const char *profile,
                              GError **error);
char *pf_take_home_name (const PfBoard *board, const char *address);

G_END_DECLS
