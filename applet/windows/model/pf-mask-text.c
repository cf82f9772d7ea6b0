/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-mask-text.h"

#include <glib/gi18n.h>

#include "pf-port-map.h"
#include "pf-words.h"

/* A value of the routing register, written as the HOWTOs do: two bits that nothing uses, the ports of EHCI #2
 * from 6 down to 1, those of EHCI #1 from 8 down to 1. A 1 is a port on the xHCI, a 0 one on its EHCI. */

#define N_EHCI1 8
#define N_EHCI2 6
#define N_UNUSED 2

/**
 * pf_mask_text_hex:
 * @value: of the register
 *
 * Returns: (transfer full): "0x3bff"
 */
char *
pf_mask_text_hex (guint32 value)
{
  return g_strdup_printf ("0x%04x", value);
}

static void
append_bits (GString *text, guint32 value, guint first, guint n)
{
  for (guint i = n; i > 0; i--)
    g_string_append_c (text, (value & (1u << (first + i - 1))) != 0 ? '1' : '0');
}

/**
 * pf_mask_text_binary:
 * @value: of the register
 *
 * Returns: (transfer full): "00 | 111011 | 11111111"
 */
char *
pf_mask_text_binary (guint32 value)
{
  GString *text = g_string_new (NULL);

  append_bits (text, value, N_EHCI1 + N_EHCI2, N_UNUSED);
  g_string_append (text, " | ");
  append_bits (text, value, N_EHCI1, N_EHCI2);
  g_string_append (text, " | ");
  append_bits (text, value, 0, N_EHCI1);
  return g_string_free (text, FALSE);
}

/**
 * pf_mask_text_table:
 * @value: of the register
 *
 * Returns: (transfer full): three lines for a font whose letters are of one width: the EHCIs, the numbers of
 * their ports, and the bits beneath
 */
char *
pf_mask_text_table (guint32 value)
{
  g_autofree char *binary = pf_mask_text_binary (value);

  return g_strdup_printf ("     EHCI#2   EHCI#1 \n"
                          "00 | 654321 | 87654321\n"
                          "%s",
                          binary);
}

/**
 * pf_mask_text_spoken:
 * @value: of the register
 *
 * Returns: (transfer full): which ports are on an EHCI, for a screen reader
 */
char *
pf_mask_text_spoken (guint32 value)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *hex = pf_mask_text_hex (value);
  g_autofree char *list = NULL;

  for (guint bit = 0; bit < PF_PORT_MAP_N_BITS; bit++)
    if ((value & (1u << bit)) == 0)
      g_ptr_array_add (names, pf_port_map_bit_to_name (bit));
  if (names->len == 0)
    /* Translators: %s is a number like 0x3fff */
    return g_strdup_printf (_ ("Routing register %s: every port on the xHCI"), hex);
  g_ptr_array_add (names, NULL);
  list = pf_words_join ((const char *const *) names->pdata, PF_PORT_MAP_N_BITS);
  /* Translators: the first %s is a number like 0x3bff, the second a list of ports like "ehci2/3" */
  return g_strdup_printf (_ ("Routing register %s: on their EHCI are %s"), hex, list);
}
