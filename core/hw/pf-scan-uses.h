/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-board.h"
#include "pf-tree.h"

G_BEGIN_DECLS

void pf_scan_uses (PfTree *tree, PfBoard *board);

/* Its parts, a file each. */
void pf_scan_uses_of_disks (PfTree *tree, PfBoard *board);
void pf_scan_uses_of_networks (PfTree *tree, PfBoard *board);
void pf_scan_uses_of_screens (PfTree *tree, PfBoard *board);
void pf_scan_uses_of_sound (PfTree *tree, PfBoard *board);
void pf_scan_uses_of_docks (PfTree *tree, PfBoard *board);

G_END_DECLS
