/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "pf-plan.h"
#include "pf-tree.h"

G_BEGIN_DECLS

void pf_binder_settle_async (PfTree *tree, const PfStep *step, GAsyncReadyCallback callback, gpointer user_data);
gboolean pf_binder_settle_finish (GAsyncResult *result, GError **error);

G_END_DECLS
