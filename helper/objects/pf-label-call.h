/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-board.h"
#include "pf-labels.h"

G_BEGIN_DECLS

gboolean pf_label_call_set_port (const PfBoard *board,
                                 PfLabels *labels,
                                 const char *path,
                                 const char *port,
                                 const char *label,
                                 GError **error);
gboolean pf_label_call_set_socket (const PfBoard *board,
                                   PfLabels *labels,
                                   const char *path,
                                   const char *socket,
                                   GVariant *settings,
                                   GError **error);

int pf_label_call_find_port (
    const PfBoard *board, const char *path, const char *port, char **address, GError **error);

G_END_DECLS
