/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a switch and its way back have open at the same time is less than half of this. */
#define PF_DESCRIPTORS_RESERVE 64

gboolean pf_descriptors_check_reserve (GError **error);

G_END_DECLS
