/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Exit codes; the man page documents them. */
#define PF_CTL_EXIT_DONE 0
#define PF_CTL_EXIT_FAILED 1
#define PF_CTL_EXIT_USAGE 2
#define PF_CTL_EXIT_NOT_AUTHORIZED 3
#define PF_CTL_EXIT_OBJECTION 4

int pf_ctl_exit_from_error (const GError *error);

G_END_DECLS
