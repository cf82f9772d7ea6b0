/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-board.h"
#include "pf-tree.h"

G_BEGIN_DECLS

void pf_scan_iommu (PfTree *tree, PfBoard *board);

G_END_DECLS
