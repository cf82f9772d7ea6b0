/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-tree.h"

G_BEGIN_DECLS

char *pf_block_name_get_model (PfTree *tree, const char *disk);

G_END_DECLS
