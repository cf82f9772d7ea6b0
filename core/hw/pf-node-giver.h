/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-plan.h"
#include "pf-tree.h"

G_BEGIN_DECLS

gboolean pf_node_giver_give (PfTree *tree, const PfStep *step, GError **error);

G_END_DECLS
