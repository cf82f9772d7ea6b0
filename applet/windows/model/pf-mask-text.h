/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *pf_mask_text_hex (guint32 value);
char *pf_mask_text_binary (guint32 value);
char *pf_mask_text_table (guint32 value);
char *pf_mask_text_spoken (guint32 value);

G_END_DECLS
