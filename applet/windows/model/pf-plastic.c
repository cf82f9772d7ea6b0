/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-plastic.h"

#include <glib/gi18n.h>

const PfPlastic pf_plastics[] = {
  { "", N_ ("Not noted"), 0x808080 },    { "black", N_ ("Black"), 0x262626 },
  { "white", N_ ("White"), 0xf2f2f2 },   { "grey", N_ ("Grey"), 0x8c8c8c },
  { "blue", N_ ("Blue"), 0x1a59cc },     { "teal", N_ ("Teal"), 0x0d9999 },
  { "red", N_ ("Red"), 0xcc1a1a },       { "yellow", N_ ("Yellow"), 0xe6bf0d },
  { "orange", N_ ("Orange"), 0xf2800d }, { "green", N_ ("Green"), 0x269933 },
  { "purple", N_ ("Purple"), 0x8033a6 },
};

const guint pf_n_plastics = G_N_ELEMENTS (pf_plastics);

/**
 * pf_plastic_find:
 * @id: a colour as the helper calls it
 *
 * Returns: (transfer none): what is known of it; of the unknown one where it is none of ours
 */
const PfPlastic *
pf_plastic_find (const char *id)
{
  for (guint i = 0; i < pf_n_plastics; i++)
    if (g_str_equal (pf_plastics[i].id, id))
      return &pf_plastics[i];
  return &pf_plastics[0];
}
