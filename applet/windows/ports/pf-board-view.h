/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "pf-client.h"
#include "pf-socket.h"

G_BEGIN_DECLS

#define PF_TYPE_BOARD_VIEW (pf_board_view_get_type ())
G_DECLARE_FINAL_TYPE (PfBoardView, pf_board_view, PF, BOARD_VIEW, GtkBox)

/**
 * PfBoardView:
 *
 * The machine as a picture of its sockets, by place.
 *
 * Signals:
 *  - `socket-activated` (PfBoardView *, const char *key): a person chose that socket.
 */
GtkWidget *pf_board_view_new (gboolean can_pick);
void pf_board_view_show (PfBoardView *view, GPtrArray *sockets, GPtrArray *controllers);
void pf_board_view_light (PfBoardView *view, const char *key);

typedef gboolean (*PfBoardViewIsPicked) (const PfSocket *socket, gpointer user_data);
void pf_board_view_show_picked (PfBoardView *view,
                                GPtrArray *sockets,
                                PfBoardViewIsPicked is_picked,
                                gpointer user_data);

G_END_DECLS
