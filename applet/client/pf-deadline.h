/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gint64 pf_deadline_clamp (guint64 deadline);
guint pf_deadline_get_seconds_left (guint64 deadline, gint64 now);

G_END_DECLS
