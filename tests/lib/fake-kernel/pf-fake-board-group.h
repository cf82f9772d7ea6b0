/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-board.h"

G_BEGIN_DECLS

void pf_fake_board_group_free (gpointer group);
gboolean pf_fake_board_group_read (
    PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error);

G_END_DECLS
