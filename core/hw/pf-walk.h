/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int pf_walk_open (int root, const char *path, int flags);

G_END_DECLS
