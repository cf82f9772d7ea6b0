/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean pf_module_load (const char *module, gpointer user_data, GError **error);

G_END_DECLS
