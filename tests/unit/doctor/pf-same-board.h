/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void pf_same_board_assert (const char *board, const char *report);

G_END_DECLS
