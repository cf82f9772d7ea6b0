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

/* Intel's chipsets have their EHCI #1 at 00:1d and their EHCI #2 at 00:1a, as datasheets and firmwares number
 * them. That does not depend on whether their xHCI is visible, can route, or has ports of both. Returns: 1 or
 * 2 for such an EHCI; else 0 */
static guint
find_ehci_number (PfDBusController *controller)
{
  const char *address = pf_ctl_text_or_empty (pf_dbus_controller_get_address (controller));

  if (g_strcmp0 (pf_dbus_controller_get_vendor (controller), "8086") != 0
      || g_strcmp0 (pf_dbus_controller_get_kind (controller), "ehci") != 0)
    return 0;
  if (g_str_has_prefix (address, "0000:00:1d."))
    return 1;
  return g_str_has_prefix (address, "0000:00:1a.") ? 2 : 0;
}

/**
 * pf_ctl_words_describe_controller:
 * @controller: a controller
 *
 * Returns: (transfer full): its name; that of an EHCI in an Intel chipset with the number that people know it
 * by, since the two have the same name
 */
char *
pf_ctl_words_describe_controller (PfDBusController *controller)
{
  g_autofree char *name
      = pf_ctl_text_shorten_vendor (pf_ctl_text_or_empty (pf_dbus_controller_get_name (controller)));
  guint number = find_ehci_number (controller);

  return number > 0 ? g_strdup_printf ("EHCI #%u: %s", number, name) : g_steal_pointer (&name);
}

static char *
describe_move (GVariant *move)
{
  const char *address = pf_variant_get_string (move, "address");
  const char *kind = pf_variant_get_string (move, "kind");
  gboolean is_function = g_str_equal (kind, "controller") || g_str_equal (kind, "function");
  g_autofree char *name = pf_ctl_text_shorten_vendor (pf_variant_get_string (move, "name"));

  if (*name == '\0')
    return g_strdup (address);
  if (is_function && strstr (name, address) == NULL)
    return g_strdup_printf ("%s %s", address, name);
  return g_steal_pointer (&name);
}

static void
print_move (const PfCtl *ctl, guint indent, const char *what, const char *from, const char *to)
{
  pf_ctl_screen_say (&ctl->screen, indent, pf_ctl_words_get_owner_style (to), "%s: %s → %s", what,
                     pf_ctl_words_get_owner (from), pf_ctl_words_get_owner (to));
}

static gboolean
is_port_move (GVariant *move, const char *from, const char *to)
{
  return g_str_equal (pf_variant_get_string (move, "kind"), "port")
         && g_str_equal (pf_variant_get_string (move, "from"), from)
         && g_str_equal (pf_variant_get_string (move, "to"), to);
}

/* Prints all ports that move as the one at @first does, unless an earlier one has done so. */
static void
print_port_moves (const PfCtl *ctl, GVariant *moves, gsize first, guint indent)
{
  g_autoptr (GVariant) move = g_variant_get_child_value (moves, first);
  const char *from = pf_variant_get_string (move, "from"), *to = pf_variant_get_string (move, "to");
  g_autoptr (GString) names = g_string_new (NULL);

  for (gsize i = 0; i < g_variant_n_children (moves); i++)
    {
      g_autoptr (GVariant) other = g_variant_get_child_value (moves, i);
      g_autofree char *name = NULL;

      if (!is_port_move (other, from, to))
        continue;
      if (i < first)
        return;
      name = describe_move (other);
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
    }
  print_move (ctl, indent, names->str, from, to);
}

/**
 * pf_ctl_words_print_moves:
 * @ctl: this run
 * @moves: an aa{sv} as in Preview
 * @indent: columns
 *
 * Prints what changes sides, by names; the ports on one line.
 */
void
pf_ctl_words_print_moves (const PfCtl *ctl, GVariant *moves, guint indent)
{
  for (gsize i = 0; i < g_variant_n_children (moves); i++)
    {
      g_autoptr (GVariant) move = g_variant_get_child_value (moves, i);
      g_autofree char *what = describe_move (move);

      if (g_str_equal (pf_variant_get_string (move, "kind"), "port"))
        print_port_moves (ctl, moves, i, indent);
      else
        print_move (ctl, indent, what, pf_variant_get_string (move, "from"),
                    pf_variant_get_string (move, "to"));
    }
}

static guint
count_notes (GVariant *objections)
{
  guint count = 0;

  for (gsize i = 0; i < g_variant_n_children (objections); i++)
    {
      g_autoptr (GVariant) objection = g_variant_get_child_value (objections, i);

      count += g_str_equal (pf_variant_get_string (objection, "severity"), "note") ? 1 : 0;
    }
  return count;
}

/**
 * pf_ctl_words_speak_against:
 * @objections: an aa{sv} as in Preview
 *
 * Returns: whether there is more in it than notes
 */
gboolean
pf_ctl_words_speak_against (GVariant *objections)
{
  return count_notes (objections) < g_variant_n_children (objections);
}

/**
 * pf_ctl_words_print_notes:
 * @screen: where it goes
 * @objections: an aa{sv} as in Preview
 *
 * Prints what people should know before a switch although it does not speak against it.
 */
void
pf_ctl_words_print_notes (const PfCtlScreen *screen, GVariant *objections)
{
  if (count_notes (objections) == 0)
    return;
  pf_ctl_screen_say (screen, 0, PF_CTL_STYLE_HEADING, _ ("Good to know:"));
  for (gsize i = 0; i < g_variant_n_children (objections); i++)
    {
      g_autoptr (GVariant) objection = g_variant_get_child_value (objections, i);

      if (g_str_equal (pf_variant_get_string (objection, "severity"), "note"))
        pf_ctl_screen_say (screen, 2, PF_CTL_STYLE_PLAIN, "%s", pf_variant_get_string (objection, "message"));
    }
}

/**
 * pf_ctl_words_print_objections:
 * @screen: where it goes
 * @objections: an aa{sv} as in Preview
 * @indent: columns
 *
 * Prints what speaks against a switch, and what can be overridden. Leaves notes out.
 */
void
pf_ctl_words_print_objections (const PfCtlScreen *screen, GVariant *objections, guint indent)
{
  for (gsize i = 0; i < g_variant_n_children (objections); i++)
    {
      g_autoptr (GVariant) objection = g_variant_get_child_value (objections, i);
      const char *code = pf_variant_get_string (objection, "code");
      const char *message = pf_variant_get_string (objection, "message");
      const char *severity = pf_variant_get_string (objection, "severity");

      if (g_str_equal (severity, "note"))
        continue;
      if (g_str_equal (severity, "soft"))
        pf_ctl_screen_say (screen, indent, PF_CTL_STYLE_PROBLEM, _ ("%s (go on all the same: --override %s)"),
                           message, code);
      else
        pf_ctl_screen_say (screen, indent, PF_CTL_STYLE_PROBLEM, _ ("%s (%s; cannot be overridden)"), message,
                           code);
    }
}
