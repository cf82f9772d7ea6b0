/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Within core/model only: what the readers of the chipset table share. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

G_GNUC_PRINTF (4, 5)
gboolean pf_chipset_file_fail (GError **error, const char *group, const char *key, const char *format, ...);
gboolean
pf_chipset_file_read_text (GKeyFile *file, const char *group, const char *key, char **text, GError **error);

G_END_DECLS
