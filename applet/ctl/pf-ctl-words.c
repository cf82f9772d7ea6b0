/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-ctl-words.h"

#include <glib/gi18n.h>

#include "pf-port-map.h"
#include "pf-variant.h"

/**
 * pf_ctl_words_get_owner:
 * @owner: "host", "guest" or "nobody"
 *
 * Returns: (transfer none): the same in the user's language
 */
const char *
pf_ctl_words_get_owner (const char *owner)
{
  if (g_strcmp0 (owner, "host") == 0)
    return C_ ("owner", "host");
  if (g_strcmp0 (owner, "guest") == 0)
    return C_ ("owner", "guest");
  return C_ ("owner", "nobody");
}

/**
 * pf_ctl_words_get_owner_style:
 * @owner: "host", "guest" or "nobody"
 *
 * Returns: how that is shown
 */
PfCtlStyle
pf_ctl_words_get_owner_style (const char *owner)
{
  return g_strcmp0 (owner, "guest") == 0 ? PF_CTL_STYLE_GUEST : PF_CTL_STYLE_PLAIN;
}

/**
 * pf_ctl_words_describe_profile:
 * @client: a client
 * @id: a profile's id
 *
 * Returns: (transfer full): its label in quotes, and its id where that says something else
 */
char *
pf_ctl_words_describe_profile (PfClient *client, const char *id)
{
  PfDBusProfile *profile = pf_client_find_profile (client, id);
  const char *label = profile != NULL ? pf_dbus_profile_get_label (profile) : NULL;

  if (label == NULL || g_str_equal (label, id))
    return g_strdup_printf ("“%s”", id);
  return g_strdup_printf ("“%s” (%s)", label, id);
}

/**
 * pf_ctl_words_format_bits:
 * @bits: of XUSB2PR
 * @with_names: show which port each place stands for instead of the bits
 *
 * The layout in which people know this register: "00 | EHCI #2 654321 | EHCI #1 87654321", highest bit first.
 *
 * Returns: (transfer full): one line
 */
char *
pf_ctl_words_format_bits (guint32 bits, gboolean with_names)
{
  GString *line = g_string_new (NULL);

  for (int bit = 15; bit >= 0; bit--)
    {
      if (bit == PF_PORT_MAP_N_BITS - 1)
        g_string_append (line, with_names ? " | EHCI #2 " : " |         ");
      else if (bit == PF_PORT_MAP_EHCI2_BASE - 1)
        g_string_append (line, with_names ? " | EHCI #1 " : " |         ");
      if (with_names && bit < PF_PORT_MAP_N_BITS)
        g_string_append_printf (line, "%u", pf_port_map_bit_to_ehci_port ((guint) bit));
      else
        g_string_append_c (line, !with_names && (bits & (1u << bit)) != 0 ? '1' : '0');
    }
  return g_string_free (line, FALSE);
}

/**
 * pf_ctl_words_print_moves:
 * @ctl: this run
 * @moves: an aa{sv} as in Preview
 * @indent: columns
 *
 * Prints what changes sides, by names.
 */
void
pf_ctl_words_print_moves (const PfCtl *ctl, GVariant *moves, guint indent)
{
  for (gsize i = 0; i < g_variant_n_children (moves); i++)
    {
      g_autoptr (GVariant) move = g_variant_get_child_value (moves, i);
      const char *to = pf_variant_get_string (move, "to");
      const char *name = pf_variant_get_string (move, "name");
      const char *address = pf_variant_get_string (move, "address");
      g_autofree char *shown = g_strdup (*name != '\0' ? name : address);

      if (g_str_equal (pf_variant_get_string (move, "kind"), "controller") && g_strcmp0 (name, address) != 0
          && strstr (name, address) == NULL)
        {
          g_free (shown);
          shown = g_strdup_printf ("%s %s", address, name);
        }
      pf_ctl_screen_say (&ctl->screen, indent, pf_ctl_words_get_owner_style (to), "%s: %s → %s", shown,
                         pf_ctl_words_get_owner (pf_variant_get_string (move, "from")),
                         pf_ctl_words_get_owner (to));
    }
}

/**
 * pf_ctl_words_print_objections:
 * @screen: where it goes
 * @objections: an aa{sv} as in Preview
 * @indent: columns
 *
 * Prints what speaks against a switch, and what can be overridden.
 */
void
pf_ctl_words_print_objections (const PfCtlScreen *screen, GVariant *objections, guint indent)
{
  for (gsize i = 0; i < g_variant_n_children (objections); i++)
    {
      g_autoptr (GVariant) objection = g_variant_get_child_value (objections, i);
      const char *code = pf_variant_get_string (objection, "code");
      const char *message = pf_variant_get_string (objection, "message");

      if (g_str_equal (pf_variant_get_string (objection, "severity"), "soft"))
        pf_ctl_screen_say (screen, indent, PF_CTL_STYLE_PROBLEM, _ ("%s (go on all the same: --override %s)"),
                           message, code);
      else
        pf_ctl_screen_say (screen, indent, PF_CTL_STYLE_PROBLEM, _ ("%s (%s; cannot be overridden)"), message,
                           code);
    }
}
