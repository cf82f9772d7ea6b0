/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-message.h"

#include <glib/gi18n.h>

#include "pf-origin.h"
#include "pf-variant.h"
#include "pf-words.h"

#define MAX_NAMES 4

/* The names of what goes to @side, of one @kind; NULL where nothing does. */
static char *
join_moves (GVariant *moves, const char *kind, const char *side)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GVariantIter iter;
  GVariant *move;

  g_variant_iter_init (&iter, moves);
  while (g_variant_iter_loop (&iter, "@a{sv}", &move))
    if (g_str_equal (pf_variant_get_string (move, "kind"), kind)
        && g_str_equal (pf_variant_get_string (move, "to"), side))
      g_ptr_array_add (names, g_strdup (pf_variant_get_string (move, "name")));
  if (names->len == 0)
    return NULL;
  g_ptr_array_add (names, NULL);
  return pf_words_join ((const char *const *) names->pdata, MAX_NAMES);
}

/* People know their devices; controllers are named only where nothing is plugged in, and ports where neither
 * moves. */
static void
describe_kind (GString *text, GVariant *moves, const char *kind)
{
  g_autofree char *gone = join_moves (moves, kind, "guest");
  g_autofree char *come = join_moves (moves, kind, "host");

  if (gone != NULL)
    /* Translators: %s is a list of devices: "keyboard, mouse and webcam" */
    g_string_append_printf (text, _ ("%s went to the guest."), gone);
  if (gone != NULL && come != NULL)
    g_string_append_c (text, '\n');
  if (come != NULL)
    g_string_append_printf (text, _ ("%s came home."), come);
}

/**
 * pf_message_describe_moves:
 * @moves: an aa{sv} as in the signal Switched
 *
 * Returns: (transfer full): what moved, by name: "Logitech K120 and webcam C920 went to the guest."
 */
char *
pf_message_describe_moves (GVariant *moves)
{
  static const char *const kinds[] = { "device", "controller", "port" };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds) && text->len == 0; i++)
    describe_kind (text, moves, kinds[i]);
  if (text->len == 0)
    g_string_append (text, _ ("Nothing changed hands."));
  return g_string_free (text, FALSE);
}

/**
 * pf_message_describe_origin:
 * @origin: as in the signal Switched
 *
 * Returns: (transfer full) (nullable): who asked, where that was not the person at this desktop
 */
char *
pf_message_describe_origin (const char *origin)
{
  const char *vm = pf_origin_get_vm (origin);

  if (vm != NULL)
    /* Translators: %s is the name of a virtual machine */
    return g_strdup_printf (_ ("Asked for by the guest “%s”."), vm);
  if (g_str_equal (origin, "ctl"))
    return g_strdup (_ ("Asked for in a terminal."));
  if (pf_origin_is_guest (origin))
    return g_strdup (_ ("Asked for by the guest."));
  if (g_str_equal (origin, "boot"))
    return g_strdup (_ ("Done at system start."));
  if (g_str_equal (origin, "guard"))
    return g_strdup (_ ("Done by Portferry itself, to keep you safe."));
  return NULL;
}

/**
 * pf_message_describe_countdown:
 * @label: what people call the profile that waits to be kept
 * @seconds: how long it still waits
 *
 * Returns: (transfer full): what happens then
 */
char *
pf_message_describe_countdown (const char *label, guint seconds)
{
  /* Translators: %s is the name of a profile */
  return g_strdup_printf (ngettext ("%s goes back in %u second unless you keep it.",
                                    "%s goes back in %u seconds unless you keep it.", seconds),
                          label, seconds);
}
