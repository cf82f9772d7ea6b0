/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean
pf_key_text_load (GKeyFile *file, const char *data, gsize length, GKeyFileFlags flags, GError **error);
gboolean pf_key_text_check_unique (const char *data, gsize length, GError **error);

G_END_DECLS
