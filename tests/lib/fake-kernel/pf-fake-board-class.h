/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-fake-board.h"

G_BEGIN_DECLS

void pf_fake_board_free_disk (gpointer disk);
void pf_fake_board_free_net (gpointer net);
void pf_fake_board_free_drm (gpointer drm);
void pf_fake_board_free_sound (gpointer sound);
gboolean pf_fake_board_read_disk (
    PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error);
gboolean pf_fake_board_read_net (
    PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error);
gboolean pf_fake_board_read_drm (
    PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error);
gboolean pf_fake_board_read_sound (
    PfFakeBoard *board, GKeyFile *file, const char *group, const char *name, GError **error);

G_END_DECLS
