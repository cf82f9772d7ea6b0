/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-board.h"
#include "pf-tree.h"

G_BEGIN_DECLS

typedef struct _PfAdapters PfAdapters;

PfAdapters *pf_adapters_scan (PfTree *tree, const PfBoard *board);
void pf_adapters_free (PfAdapters *adapters);
gboolean pf_adapters_add_by_name (const PfAdapters *adapters, const char *name, PfInput *input);
gboolean pf_adapters_add_by_address (const PfAdapters *adapters, const char *address, PfInput *input);
void pf_scan_adapters_find_place (const PfBoard *board, char **elements, PfUsePlace *place);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfAdapters, pf_adapters_free)

G_END_DECLS
