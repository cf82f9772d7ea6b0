/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "pf-ctl-json.h"
#include "pf-ctl-table.h"
#include "pf-ctl-words.h"
#include "pf-ctl.h"

#define ID_COLUMN 1
#define LABEL_COLUMN 2
#define CONTENTS_COLUMN 3
#define MIN_WIDTH 10

static char *
describe_contents (PfDBusProfile *profile)
{
  const char *const *controllers = pf_dbus_profile_get_controllers (profile);
  const char *const *ports = pf_dbus_profile_get_ports (profile);
  g_autofree char *first = controllers != NULL ? g_strjoinv (", ", (char **) controllers) : g_strdup ("");
  g_autofree char *second = ports != NULL ? g_strjoinv (", ", (char **) ports) : g_strdup ("");

  if (pf_dbus_profile_get_built_in (profile))
    return g_strdup (_ ("everything belongs to the host"));
  return g_strdup_printf ("%s%s%s", first, *first != '\0' && *second != '\0' ? ", " : "", second);
}

static void
add_profile (PfCtlTable *table, PfDBusProfile *profile, const char *active)
{
  const char *id = pf_dbus_profile_get_id (profile);
  gboolean is_active = g_strcmp0 (id, active) == 0;
  g_autofree char *contents = describe_contents (profile);
  const char *cells[] = { is_active ? "*" : "", id, pf_dbus_profile_get_label (profile), contents };

  pf_ctl_table_add_row (table, cells);
  if (is_active)
    pf_ctl_table_style_cell (table, ID_COLUMN, PF_CTL_STYLE_HEADING);
  if (!pf_dbus_profile_get_valid (profile))
    {
      g_autofree char *text
          = g_strdup_printf (_ ("! cannot be applied: %s"), pf_dbus_profile_get_problem (profile));

      pf_ctl_table_add_paragraph (table, 3, PF_CTL_STYLE_PROBLEM, text);
    }
}

static void
print_profiles (const PfCtl *ctl)
{
  const char *titles[] = { "", _ ("ID"), _ ("LABEL"), _ ("BELONGS TO THE GUEST"), NULL };
  g_autoptr (GPtrArray) profiles = pf_client_list_profiles (ctl->client);
  g_autoptr (PfCtlTable) table = pf_ctl_table_new (titles);
  g_autofree char *active = pf_client_get_active_profile_id (ctl->client);

  pf_ctl_table_set_flexible (table, ID_COLUMN, MIN_WIDTH);
  pf_ctl_table_set_flexible (table, LABEL_COLUMN, MIN_WIDTH);
  pf_ctl_table_set_flexible (table, CONTENTS_COLUMN, MIN_WIDTH);
  for (guint i = 0; i < profiles->len; i++)
    add_profile (table, profiles->pdata[i], active);
  pf_ctl_table_print (table, &ctl->screen);
  if (profiles->len == 1)
    pf_ctl_screen_say (&ctl->screen, 0, PF_CTL_STYLE_PLAIN,
                       _ ("There is no profile yet but home. Make one with: portferryctl add"));
}

static gboolean
run_profiles (PfCtl *ctl, char **arguments, GError **error)
{
  if (!pf_ctl_wake (ctl, error))
    return FALSE;
  if (ctl->json)
    {
      g_autoptr (JsonBuilder) json = json_builder_new ();

      pf_ctl_json_add_profiles (json, ctl->client);
      pf_ctl_json_print (json, TRUE);
    }
  else
    print_profiles (ctl);
  return TRUE;
}

const PfCtlCommand pf_ctl_command_profiles = {
  .name = "profiles",
  .summary = N_ ("List the profiles; “*” marks the one in force"),
  .run = run_profiles,
};
