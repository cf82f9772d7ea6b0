/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A switch and its way back have fewer than half of this many open at a time. */
#define PF_DESCRIPTORS_RESERVE 64

gboolean pf_descriptors_check_reserve (GError **error);

G_END_DECLS
