/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PF_TEXT_MAX_NAME 128 /* characters */

char *pf_text_clean (const char *bytes, gsize length);
char *pf_text_to_name (const char *text);
gboolean pf_text_is_printable (const char *text, gsize max_characters);

G_END_DECLS
