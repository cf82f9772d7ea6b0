/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-plan.h"
#include "pf-tree.h"

G_BEGIN_DECLS

void pf_scan_taken (PfTree *tree, PfBoard *board, const PfPlan *plan);

/* Its parts, a file each. */
void pf_scan_openers (PfTree *tree, PfBoard *board, const GPtrArray *places, gint64 patience);
void pf_scan_contents (PfTree *tree, PfBoard *board, const GPtrArray *places);

G_END_DECLS
