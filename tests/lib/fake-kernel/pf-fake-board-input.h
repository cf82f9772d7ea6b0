/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-board.h"

G_BEGIN_DECLS

gboolean pf_fake_board_read_input (
    PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error);
void pf_fake_board_free_input (gpointer input);

G_END_DECLS
