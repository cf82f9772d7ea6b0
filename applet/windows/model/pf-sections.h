/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "pf-sockets.h"

G_BEGIN_DECLS

/**
 * PfSection:
 * @key: names it among the others
 * @title: in words
 * @note: (nullable): why there is less to see than one would think
 * @sockets: (element-type PfSocket): unowned
 *
 * Sockets that are shown together: those of a place, or those of a controller whose place nobody knows.
 */
typedef struct
{
  char *key;
  char *title;
  char *note;
  GPtrArray *sockets;
} PfSection;

GPtrArray *pf_sections_list (GPtrArray *sockets, GPtrArray *controllers);

G_END_DECLS
