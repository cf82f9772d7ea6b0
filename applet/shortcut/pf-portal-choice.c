/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pf-portal-choice.h"

#include <glib/gi18n.h>

#include "pf-error.h"
#include "pf-shortcut.h"

#define FOLDER "portferry"
#define FILE_NAME "portal-shortcuts"
#define KEYS "Keys"
#define CHOSEN "Chosen"
#define WAS_BOUND "WasBound"

static void
free_choice (gpointer data)
{
  PfPortalChoice *choice = data;

  g_free (choice->command);
  pf_accel_free (choice->accel);
  g_free (choice);
}

static PfPortalChoice *
add (GPtrArray *choices, const char *command, PfAccel *accel)
{
  PfPortalChoice *choice = g_new0 (PfPortalChoice, 1);

  choice->command = g_strdup (command);
  choice->accel = accel;
  g_ptr_array_add (choices, choice);
  return choice;
}

/**
 * pf_portal_choices_get_path:
 *
 * Returns: (transfer full): where they stand
 */
char *
pf_portal_choices_get_path (void)
{
  return g_build_filename (g_get_user_config_dir (), FOLDER, FILE_NAME, NULL);
}

/**
 * pf_portal_choices_load:
 *
 * Returns: (transfer full) (element-type PfPortalChoice): what was chosen. A command that is none of ours, or
 * keys that are none, count for nothing: people can edit the file.
 */
GPtrArray *
pf_portal_choices_load (void)
{
  GPtrArray *choices = g_ptr_array_new_with_free_func (free_choice);
  g_autofree char *path = pf_portal_choices_get_path ();
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_auto (GStrv) commands = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return choices;
  commands = g_key_file_get_groups (file, NULL);
  for (gsize i = 0; commands[i] != NULL; i++)
    {
      g_autofree char *keys = g_key_file_get_string (file, commands[i], KEYS, NULL);
      PfAccel *accel = keys != NULL ? pf_accel_parse_loosely (keys) : NULL;
      PfPortalChoice *choice;

      if (accel == NULL)
        continue;
      if (!pf_shortcut_split_command (commands[i], NULL, NULL))
        {
          pf_accel_free (accel);
          continue;
        }
      choice = add (choices, commands[i], accel);
      choice->chosen = g_key_file_get_int64 (file, commands[i], CHOSEN, NULL);
      choice->was_bound = g_key_file_get_boolean (file, commands[i], WAS_BOUND, NULL);
    }
  return choices;
}

/**
 * pf_portal_choices_save:
 * @choices: (element-type PfPortalChoice): all of them
 *
 * Returns: whether they could be written
 */
gboolean
pf_portal_choices_save (GPtrArray *choices, GError **error)
{
  g_autofree char *path = pf_portal_choices_get_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) wrong = NULL;

  for (guint i = 0; i < choices->len; i++)
    {
      const PfPortalChoice *choice = g_ptr_array_index (choices, i);
      g_autofree char *keys = pf_accel_to_words (choice->accel);

      g_key_file_set_string (file, choice->command, KEYS, keys);
      g_key_file_set_int64 (file, choice->command, CHOSEN, choice->chosen);
      if (choice->was_bound)
        g_key_file_set_boolean (file, choice->command, WAS_BOUND, TRUE);
    }
  if (g_mkdir_with_parents (folder, 0700) == 0 && g_key_file_save_to_file (file, path, &wrong))
    return TRUE;
  g_set_error (error, PF_ERROR, PF_ERROR_FAILED, _ ("%s could not be written: %s"), path,
               wrong != NULL ? wrong->message : _ ("the folder could not be made"));
  return FALSE;
}

/**
 * pf_portal_choices_find:
 *
 * Returns: (transfer none) (nullable): the one for @command
 */
PfPortalChoice *
pf_portal_choices_find (GPtrArray *choices, const char *command)
{
  for (guint i = 0; i < choices->len; i++)
    {
      PfPortalChoice *choice = g_ptr_array_index (choices, i);

      if (g_strcmp0 (choice->command, command) == 0)
        return choice;
    }
  return NULL;
}

void
pf_portal_choices_set (GPtrArray *choices, const char *command, const PfAccel *accel)
{
  pf_portal_choices_remove (choices, command);
  add (choices, command, pf_accel_copy (accel))->chosen = g_get_real_time ();
}

void
pf_portal_choices_remove (GPtrArray *choices, const char *command)
{
  PfPortalChoice *choice = pf_portal_choices_find (choices, command);

  if (choice != NULL)
    g_ptr_array_remove (choices, choice);
}

/**
 * pf_portal_choices_equal:
 *
 * Returns: whether the same keys were wished for the same commands, and at the same time
 */
gboolean
pf_portal_choices_equal (GPtrArray *a, GPtrArray *b)
{
  for (guint i = 0; i < a->len; i++)
    {
      const PfPortalChoice *choice = g_ptr_array_index (a, i);
      const PfPortalChoice *other = pf_portal_choices_find (b, choice->command);

      if (other == NULL || choice->chosen != other->chosen || !pf_accel_equal (choice->accel, other->accel))
        return FALSE;
    }
  return a->len == b->len;
}
