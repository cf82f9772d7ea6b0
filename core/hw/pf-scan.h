/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-board.h"
#include "pf-names.h"
#include "pf-tree.h"

G_BEGIN_DECLS

PfBoard *pf_scan (PfTree *tree, const PfChipsetTable *chipsets, PfNames *names, const PfLoans *loans, GError **error);

G_END_DECLS
