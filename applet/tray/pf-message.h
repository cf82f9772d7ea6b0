/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *pf_message_describe_moves (GVariant *moves);
char *pf_message_describe_origin (const char *origin);
char *pf_message_describe_countdown (const char *label, guint seconds);

G_END_DECLS
