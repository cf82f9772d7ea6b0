/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean pf_fake_board_text_check (const char *text, gsize length, GError **error);
guint pf_fake_board_text_find_line (const char *text, const char *group, const char *key);
gboolean pf_fake_board_text_is_file_name (const char *name);

G_END_DECLS
