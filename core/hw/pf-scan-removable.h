/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-tree.h"

G_BEGIN_DECLS

gboolean pf_scan_removable (PfTree *tree, const char *address, guint kernel_version);

G_END_DECLS
