/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-error.h"
#include "pf-shortcut-backend.h"

/* LXQt's daemon keeps a list of actions, each with a number and one key combination (lxqt-globalkeys,
 * org.lxqt.global_key_shortcuts.daemon.xml). */
#define SERVICE "org.lxqt.global_key_shortcuts"
#define PATH "/daemon"
#define INTERFACE SERVICE ".daemon"

static const char *const desktops[] = { "LXQt", NULL };

static GPtrArray *
ask (const PfAccel *wanted)
{
  GPtrArray *calls = pf_shortcut_calls_new ();

  pf_shortcut_calls_add (calls, SERVICE, PATH, INTERFACE, "getAllActions", NULL);
  return calls;
}

/* Of each action: key combination, what it is called, whether it is in use, its type, and for a command that. */
static GPtrArray *
read_entries (const PfShortcutBackend *backend, GPtrArray *answers)
{
  GPtrArray *entries = pf_shortcut_entries_new ();
  GVariant *answer = answers->len > 0 ? g_ptr_array_index (answers, 0) : NULL;
  g_autoptr (GVariantIter) iter = NULL;
  guint64 id;
  const char *keys, *label, *type, *command;

  if (answer == NULL || !g_variant_is_of_type (answer, G_VARIANT_TYPE ("(a{t(ssbss)})")))
    return entries;
  g_variant_get (answer, "(a{t(ssbss)})", &iter);
  while (g_variant_iter_next (iter, "{t(&s&sb&s&s)}", &id, &keys, &label, NULL, &type, &command))
    {
      g_autofree char *place = g_strdup_printf ("%" G_GUINT64_FORMAT, id);

      pf_shortcut_entries_add (entries, keys, g_str_equal (type, "command") ? command : NULL,
                               *label != '\0' ? label : command, place);
    }
  return entries;
}

static GPtrArray *
set (const PfShortcutBackend *backend,
     GPtrArray *answers,
     const PfAccel *accel,
     const char *command,
     const char *label,
     GError **error)
{
  GPtrArray *calls = pf_shortcut_calls_new ();
  g_autofree char *keys = pf_accel_to_lxqt (accel);
  g_auto (GStrv) words = g_strsplit (command, " ", -1);

  pf_shortcut_calls_add (calls, SERVICE, PATH, INTERFACE, "addCommandAction",
                         g_variant_new ("(ss^ass)", keys, words[0], words + 1, label));
  return calls;
}

/* The daemon answers with the key combination, or with nothing where X gave it to another program. */
static gboolean
took (GVariant *answer, GError **error)
{
  const char *keys = "";

  if (g_variant_is_of_type (answer, G_VARIANT_TYPE ("(st)")))
    g_variant_get (answer, "(&st)", &keys, NULL);
  if (*keys != '\0')
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_FAILED,
               _ ("LXQt does not take that key combination: another program has it. Choose another one."));
  return FALSE;
}

static GPtrArray *
remove_entry (const PfShortcutBackend *backend, const PfShortcutEntry *entry)
{
  GPtrArray *calls = pf_shortcut_calls_new ();

  pf_shortcut_calls_add (calls, SERVICE, PATH, INTERFACE, "removeAction",
                         g_variant_new ("(t)", g_ascii_strtoull (entry->place, NULL, 10)));
  return calls;
}

const PfShortcutBackend pf_shortcut_lxqt = {
  .id = "lxqt",
  .label = "LXQt",
  .desktops = desktops,
  .service = SERVICE,
  .ask = ask,
  .read = read_entries,
  .set = set,
  .took = took,
  .remove = remove_entry,
};
