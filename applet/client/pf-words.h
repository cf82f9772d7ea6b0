/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *pf_words_shorten (const char *text, guint max_chars);
char *pf_words_shorten_name (const char *name);
const char *pf_words_shorten_address (const char *address);
char *pf_words_join (const char *const *names, guint max_names);
char **pf_words_wrap (const char *text, guint columns);

G_END_DECLS
