/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-plan.h"

G_BEGIN_DECLS

GPtrArray *pf_taken_list (const PfBoard *board, const PfPlan *plan);

G_END_DECLS
