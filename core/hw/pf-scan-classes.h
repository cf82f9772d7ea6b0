/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-tree.h"

G_BEGIN_DECLS

GPtrArray *pf_scan_list_addresses (PfTree *tree, GError **error);
GHashTable *pf_scan_read_classes (PfTree *tree, const GPtrArray *addresses);

G_END_DECLS
