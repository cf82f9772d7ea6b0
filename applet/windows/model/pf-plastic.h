/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PfPlastic:
 * @id: what the helper calls the colour; "" for unknown
 * @word: what people call it; to be translated
 * @rgb: 0xRRGGBB
 *
 * The colour of the plastic in a socket.
 */
typedef struct
{
  const char *id;
  const char *word;
  guint32 rgb;
} PfPlastic;

extern const PfPlastic pf_plastics[];
extern const guint pf_n_plastics;

const PfPlastic *pf_plastic_find (const char *id);

G_END_DECLS
