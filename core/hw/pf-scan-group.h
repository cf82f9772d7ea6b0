/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Within core/hw only. */
#pragma once

#include "pf-board.h"
#include "pf-tree.h"

G_BEGIN_DECLS

void pf_scan_group (PfTree *tree, PfGroup *group);

G_END_DECLS
