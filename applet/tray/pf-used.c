/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which profiles this person has seen in use, as they read and on this machine: only a first use is shown
 * beforehand. The helper's own record, of what was confirmed, cannot say so: a profile that moves no keyboard
 * is never confirmed, and would be shown every day. It also decides about safety, and this only about a
 * window; so this one is the person's own file, and losing it costs nothing.
 *
 * $XDG_STATE_HOME/portferry/used is a key file: the group [Used], and for each id the SHA-256 that
 * pf_used_fingerprint() makes. */

#include "pf-used.h"

#include <glib/gstdio.h>

#define GROUP "Used"
#define MAX_SIZE 65536

static void
add_text (GString *text, const char *value)
{
  g_string_append (text, value != NULL ? value : "");
  g_string_append_c (text, '\n');
}

static void
add_list (GString *text, const char *const *values)
{
  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    add_text (text, values[i]);
  add_text (text, ".");
}

/* Whatever makes it another machine: a controller more, less, or another one in its place. */
static void
add_machine (GString *text, PfClient *client)
{
  g_autoptr (GPtrArray) controllers = pf_client_list_controllers (client);

  for (guint i = 0; i < controllers->len; i++)
    {
      PfDBusController *controller = controllers->pdata[i];

      add_text (text, pf_dbus_controller_get_address (controller));
      add_text (text, pf_dbus_controller_get_vendor (controller));
      add_text (text, pf_dbus_controller_get_device (controller));
    }
}

/**
 * pf_used_fingerprint:
 * @client: a client that is READY
 * @profile_id: a profile
 *
 * Returns: (transfer full) (nullable): what the profile means on this machine, 64 hex digits; NULL when there
 * is no such profile
 */
char *
pf_used_fingerprint (PfClient *client, const char *profile_id)
{
  PfDBusProfile *profile = pf_client_find_profile (client, profile_id);
  g_autoptr (GString) text = g_string_new (NULL);

  if (profile == NULL)
    return NULL;
  add_list (text, pf_dbus_profile_get_controllers (profile));
  add_list (text, pf_dbus_profile_get_ports (profile));
  add_text (text, pf_dbus_profile_get_side (profile));
  add_text (text, pf_dbus_profile_get_super_speed_off (profile) ? "off" : "on");
  add_machine (text, client);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, -1);
}

static char *
get_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "portferry", "used", NULL);
}

/* A file that cannot be read is as good as none. */
static GKeyFile *
load (const char *path)
{
  GKeyFile *file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  GStatBuf status;

  if (g_stat (path, &status) != 0 || status.st_size > MAX_SIZE)
    return file;
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error))
    g_debug ("%s: %s", path, error->message);
  return file;
}

/**
 * pf_used_has:
 * @profile_id: a profile
 * @fingerprint: what it means now
 *
 * Returns: whether it was used, and means the same
 */
gboolean
pf_used_has (const char *profile_id, const char *fingerprint)
{
  g_autofree char *path = get_path ();
  g_autoptr (GKeyFile) file = load (path);
  g_autofree char *known = g_key_file_get_string (file, GROUP, profile_id, NULL);

  return g_strcmp0 (known, fingerprint) == 0;
}

/**
 * pf_used_add:
 * @profile_id: a profile that is in force
 * @fingerprint: what it means now
 */
void
pf_used_add (const char *profile_id, const char *fingerprint)
{
  g_autofree char *path = get_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GKeyFile) file = load (path);
  g_autofree char *known = g_key_file_get_string (file, GROUP, profile_id, NULL);
  g_autoptr (GError) error = NULL;

  if (g_strcmp0 (known, fingerprint) == 0)
    return;
  g_key_file_set_string (file, GROUP, profile_id, fingerprint);
  if (g_mkdir_with_parents (folder, 0700) != 0 || !g_key_file_save_to_file (file, path, &error))
    g_debug ("It will be shown again before it is used: %s", error != NULL ? error->message : folder);
}
