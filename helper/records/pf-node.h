/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-plan.h"

G_BEGIN_DECLS

gboolean pf_node_resolve (const PfProfile *profile, uid_t caller, PfNode *node, GError **error);

G_END_DECLS
