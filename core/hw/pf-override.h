/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-tree.h"

G_BEGIN_DECLS

void pf_override_read_all (PfTree *tree, const GPtrArray *functions);
gboolean pf_override_read (PfTree *tree, const char *address, char **value);

G_END_DECLS
