/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-roots.h"

G_BEGIN_DECLS

#define PF_DAEMON_IDLE_SECONDS 30

gboolean pf_daemon_run (const PfRoots *roots, guint idle_seconds, GError **error);

G_END_DECLS
