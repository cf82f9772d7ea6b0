/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-tree.h"

G_BEGIN_DECLS

char *pf_holders_find (PfTree *tree, int group);
gboolean pf_holders_group_is_held (PfTree *tree, int group, char **holder);

G_END_DECLS
