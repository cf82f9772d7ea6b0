/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *pf_variant_get_string (GVariant *dict, const char *key);
guint32 pf_variant_get_uint (GVariant *dict, const char *key);
gboolean pf_variant_get_boolean (GVariant *dict, const char *key);
const char **pf_variant_get_strv (GVariant *dict, const char *key);

G_END_DECLS
