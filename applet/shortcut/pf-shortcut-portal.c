/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-portal-choice.h"
#include "pf-portal-request.h"
#include "pf-shortcut-backend.h"
#include "pf-shortcut.h"

/* Any desktop whose own settings are not known here, and that has the GlobalShortcuts portal. What is set
 * here is a wish on disk; PfPortalKeys in the tray tells the portal. Who else has the keys cannot be asked.
 */

static GPtrArray *
read_entries (const PfShortcutBackend *backend, GPtrArray *answers)
{
  GPtrArray *entries = pf_shortcut_entries_new ();
  g_autoptr (GPtrArray) choices = pf_portal_choices_load ();
  g_autofree char *path = pf_portal_choices_get_path ();

  for (guint i = 0; i < choices->len; i++)
    {
      const PfPortalChoice *choice = g_ptr_array_index (choices, i);

      pf_shortcut_entries_add_accel (entries, pf_accel_copy (choice->accel), choice->command, choice->command,
                                     path);
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
  g_autoptr (GPtrArray) choices = pf_portal_choices_load ();

  pf_portal_choices_set (choices, command, accel);
  return pf_portal_choices_save (choices, error) ? pf_shortcut_calls_new () : NULL;
}

/* A file that cannot be written shows in what is listed afterwards. */
static GPtrArray *
remove_entry (const PfShortcutBackend *backend, const PfShortcutEntry *entry)
{
  g_autoptr (GPtrArray) choices = pf_portal_choices_load ();
  g_autoptr (GError) error = NULL;

  pf_portal_choices_remove (choices, entry->command);
  if (!pf_portal_choices_save (choices, &error))
    g_message ("%s", error->message);
  return pf_shortcut_calls_new ();
}

const PfShortcutBackend pf_shortcut_portal = {
  .id = PF_SHORTCUT_PORTAL,
  .label = "XDG Desktop Portal",
  .service = PF_PORTAL_NAME,
  .read = read_entries,
  .set = set,
  .remove = remove_entry,
};
