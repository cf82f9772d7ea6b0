/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PF_GUEST_REPLY_BUSY "error busy Too many requests; wait a little.\r\n"
#define PF_GUEST_REPLY_WRONG "error syntax Say toggle, switch ID, home, confirm or status.\r\n"
#define PF_GUEST_REPLY_TOO_LONG "error too-long A line has at most 256 bytes.\r\n"

char *pf_guest_reply_for_error (const GError *error);
char *pf_guest_reply_for_state (const char *state, const char *profile, guint seconds, guint n_left);

G_END_DECLS
